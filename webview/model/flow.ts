/** The network as nodes and edges, in plain data; the canvas turns it into React Flow's own. */

import * as l10n from '@vscode/l10n';
import { portsOf } from '../../engine/graph/ports.ts';
import type { Shape } from '../../engine/layers/define.ts';
import { shortShapeText } from '../../engine/schema/text.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import { printReference } from '../../engine/spec/reference.ts';
import type { EdgeEnd } from './gestures.ts';
import { card, type Direction, type Layout, layoutNetwork, type Point, routeKey } from './layout.ts';
import {
  type InputSlot,
  inputSlots,
  type LayerView,
  type NetworkView,
  shapeOf,
  worstSeverity,
} from './network.ts';
import { sameJson } from './values.ts';

export interface FlowNode {
  readonly id: string;
  readonly position: Point;
  readonly ariaLabel: string;
  readonly layer: LayerView;
  /** Indices of the inputs in the order in which their handles stand. */
  readonly inputOrder: readonly number[];
}

export interface FlowEdge {
  readonly id: string;
  readonly from: OutputRef;
  readonly end: EdgeEnd;
  readonly shape: Shape | undefined;
  /** The layer it comes from gives another shape than it reads. */
  readonly reshaped: boolean;
  /** The way of a long connection around other cards, and the place of the card it starts at. */
  readonly route:
    | { readonly start: Point; readonly end: Point; readonly between: readonly Point[] }
    | undefined;
  readonly ariaLabel: string;
}

export interface Flow {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

/** The end names the edge, since an input has one edge at most. */
export const edgeId = ({ to, index }: EdgeEnd): string => `${to}:${index}`;

export const inputHandle = (index: number): string => `in:${index}`;
export const inputIndex = (handle: string): number => Number(handle.slice('in:'.length));
export const outputHandle = ({ output }: OutputRef): string =>
  output === undefined ? 'out' : `out:${output}`;

export function outputRef(layer: string, handle: string): OutputRef {
  return handle === 'out' ? { layer } : { layer, output: handle.slice('out:'.length) };
}

/** `held` are places that count like those in the text, which go before them. */
export function toFlow(
  view: NetworkView,
  direction: Direction,
  held: ReadonlyMap<string, Point> = nowhere,
): Flow {
  const layout = layoutOf(view, direction, held);
  const { positions, routes } = layout;
  const nodes = view.layers.map((layer) => ({
    id: layer.name,
    position: positions.get(layer.name)!,
    ariaLabel: describeLayer(layer),
    layer,
    inputOrder: orderInputs(layer, layout, direction),
  }));
  const edges = view.layers.flatMap(({ name, from }) =>
    from.flatMap((ref, index): FlowEdge[] => {
      if (!view.byName.has(ref.layer) || ref.layer === name) return [];
      const shape = shapeOf(view, ref);
      const between = routes.get(routeKey(ref.layer, name, index));
      const end = { to: name, index };
      return [
        {
          id: edgeId(end),
          from: ref,
          end,
          shape,
          reshaped: isReshaped(view, ref),
          route: between && { start: positions.get(ref.layer)!, end: positions.get(name)!, between },
          ariaLabel: shape
            ? l10n.t('from {0} to {1}, {2}', printReference(ref), name, shortShapeText(shape))
            : l10n.t('from {0} to {1}', printReference(ref), name),
        },
      ];
    }),
  );
  return { nodes, edges };
}

/** A layer that reads nothing brings a shape into the network, which is new. */
function isReshaped(view: NetworkView, ref: OutputRef): boolean {
  const inputs = view.byName.get(ref.layer)?.typed?.inputShapes ?? [];
  return !inputs.some((input) => sameJson(input, shapeOf(view, ref)));
}

const nowhere: ReadonlyMap<string, Point> = new Map();

/** What the layout depends on; an edit that leaves it alone need not lay out again. */
const keyOf = ({ layers }: NetworkView, direction: Direction, saved: ReadonlyMap<string, Point>): string =>
  JSON.stringify([direction, layers.map(({ name, from }) => [name, from]), [...saved]]);

let last: { readonly key: string; readonly layout: Layout } | undefined;

function layoutOf(view: NetworkView, direction: Direction, held: ReadonlyMap<string, Point>): Layout {
  const known = [...held].filter(([name]) => view.byName.has(name));
  const saved = new Map([...known, ...view.analysis.spec.layout]);
  const key = keyOf(view, direction, saved);
  if (last?.key !== key) last = { key, layout: layoutNetwork(view.layers, saved, direction) };
  return last.layout;
}

/**
 * Inputs that differ in nothing but their number stand in the order in which their connections arrive, so that
 * those do not cross.
 */
function orderInputs(
  layer: LayerView,
  { positions, routes }: Layout,
  direction: Direction,
): readonly number[] {
  const [axis, size] = direction === 'down' ? [0, card.width] : [1, card.height];
  const arrival = ({ index, ref }: InputSlot): number => {
    if (!ref) return Number.POSITIVE_INFINITY;
    const route = routes.get(routeKey(ref.layer, layer.name, index));
    return route?.at(-1)?.[axis] ?? (positions.get(ref.layer)?.[axis] ?? 0) + size / 2;
  };
  const slots = inputSlots(layer);
  const interchangeable = portsOf(layer.definition).length === 1;
  const order = interchangeable
    ? slots.toSorted((a, b) => arrival(a) - arrival(b) || a.index - b.index)
    : slots;
  return order.map(({ index }) => index);
}

/** "conv1, Convolution 2D, output 26×26×16". */
export function describeLayer({ name, type, definition, typed, problems }: LayerView): string {
  const parts = [name, definition?.label ?? type];
  if (typed) parts.push(l10n.t('output {0}', shortShapeText(typed.inferred.output)));
  const severity = worstSeverity(problems);
  if (severity === 'error') parts.push(l10n.t('has an error'));
  if (severity === 'warning') parts.push(l10n.t('has a warning'));
  return parts.join(', ');
}

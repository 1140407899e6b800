/** The network as nodes and edges, in plain data; the canvas turns them into React Flow's. */

import * as l10n from '@vscode/l10n';
import { portsOf } from '../../engine/graph/ports.ts';
import type { Shape } from '../../engine/layers/define.ts';
import { shortShapeText } from '../../engine/schema/text.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import { printReference } from '../../engine/spec/reference.ts';
import { canFollow, card, cardHeight, standsForLayers } from './cardSizes.ts';
import type { Direction, Point, Route } from './geometry.ts';
import type { EdgeEnd } from './gestures.ts';
import { type Held, nothingHeld, placesHeld } from './held.ts';
import { type Layout, layoutNetwork, routeKey } from './layout.ts';
import {
  type InputSlot,
  inputSlots,
  type LayerView,
  type NetworkView,
  shapeOf,
  worstSeverity,
} from './network.ts';
import type { Placeable } from './stacks.ts';
import { sameJson } from './values.ts';

export interface FlowNode {
  readonly id: string;
  readonly position: Point;
  readonly height: number;
  readonly ariaLabel: string;
  readonly layer: LayerView;
  /** The head of its stack, with which it moves. */
  readonly head: string;
  /** Whether it is the first, and the last, of its stack. */
  readonly first: boolean;
  readonly last: boolean;
  /** Indices of the inputs in the order in which their handles stand. */
  readonly inputOrder: readonly number[];
}

export interface FlowEdge {
  readonly id: string;
  readonly from: OutputRef;
  readonly end: EdgeEnd;
  readonly shape: Shape | undefined;
  /** Whether the layer's output shape differs from its input shape. */
  readonly reshaped: boolean;
  /** Whether it joins two neighbours of a stack. */
  readonly seam: boolean;
  /** The route of a long connection around other cards, and the positions of its two cards for which it is valid. */
  readonly route: (Route & { readonly start: Point; readonly end: Point }) | undefined;
  readonly ariaLabel: string;
}

export interface Flow {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

/** The end names the edge, since an input has at most one edge. */
export const edgeId = ({ to, index }: EdgeEnd): string => `${to}:${index}`;

export const inputHandle = (index: number): string => `in:${index}`;
export const inputIndex = (handle: string): number => Number(handle.slice('in:'.length));
export const outputHandle = ({ output }: OutputRef): string =>
  output === undefined ? 'out' : `out:${output}`;

export function outputRef(layer: string, handle: string): OutputRef {
  return handle === 'out' ? { layer } : { layer, output: handle.slice('out:'.length) };
}

/** Layers that have lost their input are laid out as if they still read the layers recorded for them. */
export function toFlow(view: NetworkView, direction: Direction, held: Held = nothingHeld): Flow {
  const layout = layoutOf(view, direction, held);
  const { positions, heads, routes } = layout;
  const lowest = new Map<string, string>();
  for (const { name } of view.layers) {
    const head = heads.get(name)!;
    const below = lowest.get(head);
    if (below === undefined || positions.get(below)![1] < positions.get(name)![1]) lowest.set(head, name);
  }
  const before = lastFlow;
  const nodes = view.layers.map((layer): FlowNode => {
    const head = heads.get(layer.name)!;
    const node = {
      id: layer.name,
      position: positions.get(layer.name)!,
      layer,
      head,
      first: head === layer.name,
      last: lowest.get(head) === layer.name,
      inputOrder: orderInputs(layer, layout, direction),
    };
    const earlier = before.nodesById.get(layer.name);
    if (earlier && sameNode(earlier, node)) return earlier;
    return { ...node, height: cardHeight(layer.definition), ariaLabel: describeLayer(layer) };
  });
  const edges = view.layers.flatMap(({ name, from }) =>
    from.flatMap((ref, index): FlowEdge[] => {
      if (!view.byName.has(ref.layer) || ref.layer === name) return [];
      const shape = shapeOf(view, ref);
      const route = routes.get(routeKey(ref.layer, name, index));
      const end = { to: name, index };
      const edge = {
        id: edgeId(end),
        from: ref,
        end,
        shape,
        reshaped: isReshaped(view, ref),
        seam: heads.get(name) !== name && heads.get(name) === heads.get(ref.layer),
        route: route && { ...route, start: positions.get(ref.layer)!, end: positions.get(name)! },
      };
      const earlier = before.edgesById.get(edge.id);
      if (earlier && sameEdge(earlier, edge)) return [earlier];
      return [{ ...edge, ariaLabel: describeEdge(edge) }];
    }),
  );
  const flow = { nodes: unlessChanged(nodes, before.nodes), edges: unlessChanged(edges, before.edges) };
  lastFlow = { ...flow, nodesById: byId(nodes), edgesById: byId(edges) };
  return flow;
}

function describeEdge({ from, end: { to }, shape }: Omit<FlowEdge, 'ariaLabel'>): string {
  return shape
    ? l10n.t('from {0} to {1}, {2}', printReference(from), to, shortShapeText(shape))
    : l10n.t('from {0} to {1}', printReference(from), to);
}

/** The shape of a layer without inputs is always new. */
function isReshaped(view: NetworkView, ref: OutputRef): boolean {
  const inputs = view.byName.get(ref.layer)?.typed?.inputShapes ?? [];
  const shape = shapeOf(view, ref);
  return !inputs.some((input) => sameShape(input, shape));
}

/** Unchanged nodes and edges are the same objects as before, and so is the list if all are, so that nothing is rendered again. */
let lastFlow: Flow & {
  readonly nodesById: ReadonlyMap<string, FlowNode>;
  readonly edgesById: ReadonlyMap<string, FlowEdge>;
} = { nodes: [], edges: [], nodesById: new Map(), edgesById: new Map() };

const byId = <T extends { readonly id: string }>(all: readonly T[]): ReadonlyMap<string, T> =>
  new Map(all.map((one) => [one.id, one]));

const unlessChanged = <T>(now: readonly T[], before: readonly T[]): readonly T[] =>
  sameItems(now, before) ? before : now;

const sameItems = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((one, index) => one === b[index]);

/** What else a node has follows from its layer. */
const sameNode = (a: FlowNode, b: Omit<FlowNode, 'height' | 'ariaLabel'>): boolean =>
  a.layer === b.layer &&
  sameItems(a.position, b.position) &&
  a.head === b.head &&
  a.first === b.first &&
  a.last === b.last &&
  sameItems(a.inputOrder, b.inputOrder);

const sameEdge = (a: FlowEdge, b: Omit<FlowEdge, 'ariaLabel'>): boolean =>
  a.from.layer === b.from.layer &&
  a.from.output === b.from.output &&
  a.reshaped === b.reshaped &&
  a.seam === b.seam &&
  sameShape(a.shape, b.shape) &&
  (a.route === b.route || sameJson(a.route, b.route));

const sameShape = (a: Shape | undefined, b: Shape | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && sameItems(a, b));

/** An edit that does not affect the layout keeps the previous one. */
let last: { readonly key: string; readonly layout: Layout } | undefined;

function placeable({ name, from, definition }: LayerView, held: Held): Placeable {
  const source = from.length === 0 ? held.sources.get(name) : undefined;
  return {
    name,
    from: source === undefined ? from : [{ layer: source }],
    height: cardHeight(definition),
    follows: canFollow(definition),
    alone: standsForLayers(definition),
    takesInput: portsOf(definition).length > 0,
  };
}

function layoutOf(view: NetworkView, direction: Direction, held: Held): Layout {
  const layers = view.layers.map((layer) => placeable(layer, held));
  const known = [...placesHeld(held, view)].filter(([name]) => view.byName.has(name));
  const saved = new Map([...known, ...view.analysis.spec.layout]);
  const key = JSON.stringify([direction, layers, [...saved]]);
  if (last?.key !== key) last = { key, layout: layoutNetwork(layers, saved, direction) };
  return last.layout;
}

/** Inputs that differ only in their number are ordered by where their connections come from, so that these do not cross. */
function orderInputs(
  layer: LayerView,
  { positions, routes }: Layout,
  direction: Direction,
): readonly number[] {
  const [axis, size] = direction === 'down' ? [0, card.width] : [1, card.row];
  const arrival = ({ index, ref }: InputSlot): number => {
    if (!ref) return Number.POSITIVE_INFINITY;
    const route = routes.get(routeKey(ref.layer, layer.name, index));
    return route?.legs.at(-1)?.to[axis] ?? (positions.get(ref.layer)?.[axis] ?? 0) + size / 2;
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

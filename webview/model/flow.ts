/** The network as nodes and edges, in plain data; the canvas turns them into React Flow's. */

import * as l10n from '@vscode/l10n';
import { portsOf } from '../../engine/graph/ports.ts';
import type { Shape } from '../../engine/layers/define.ts';
import { shortShapeText } from '../../engine/schema/text.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import { printReference } from '../../engine/spec/reference.ts';
import { card, cardHeight, standsForLayers } from './cardSizes.ts';
import { lossWords, sharedWords } from './cardWords.ts';
import { isFrozen } from './changingLayers.ts';
import { outOfFrame, routeThrough } from './frameRoutes.ts';
import type { FramedLayout } from './frames.ts';
import type { Direction, Point, Route } from './geometry.ts';
import type { EdgeEnd } from './gestures.ts';
import { type Held, nothingHeld } from './held.ts';
import { layoutOf } from './laidOut.ts';
import { routeKey } from './layout.ts';
import { type InputSlot, inputSlots, type LayerView, type NetworkView, worstSeverity } from './network.ts';
import { type Drawing, type Drawn, drawingOf, sourceOf } from './unfolding.ts';
import { sameJson } from './values.ts';

export interface FlowNode {
  readonly id: string;
  readonly position: Point;
  readonly width: number;
  readonly height: number;
  readonly layer: LayerView;
  /** What is written on it. */
  readonly title: string;
  /** Whether it is a frame, with what a use of a block stands for inside. */
  readonly frame: boolean;
  /** The frames that it is in, the outermost first. */
  readonly frames: readonly string[];
  /** How far frames have pushed it from its position in the text. */
  readonly pushed: Point | undefined;
  /** The head of its stack, with which it moves. */
  readonly head: string;
  /** Whether it is the first, and the last, of its stack. */
  readonly first: boolean;
  readonly last: boolean;
  /** Indices of the inputs in the order in which their handles stand. */
  readonly inputOrder: readonly number[];
  /** The same object as before if the node differs at most in where it is. */
  readonly look: object;
}

export interface FlowEdge {
  readonly id: string;
  readonly from: OutputRef;
  readonly end: EdgeEnd;
  /** The input of a layer in view where the text says so. Undefined for a connection within a block, which is changed there. */
  readonly written: EdgeEnd | undefined;
  readonly shape: Shape | undefined;
  /** Whether its shape differs from what the layer reads or, if it leaves a stack, from what the stack reads. */
  readonly reshaped: boolean;
  /** Whether it joins two neighbours of a stack. */
  readonly seam: boolean;
  /** Whether it starts at the card of a folded block, which is drawn on further cards. */
  readonly fromBlock: boolean;
  /** Whether names are beside the inputs of the card where it ends. */
  readonly amongNames: boolean;
  /** Whether it leads into a frame. */
  readonly enters: boolean;
  /** The route of a long connection around other cards, and the positions of its two cards for which it is valid. */
  readonly route: (Route & { readonly start: Point; readonly end: Point }) | undefined;
}

export interface Flow {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

/** The end names the edge, since an input has at most one edge. */
export const edgeId = ({ to, index }: EdgeEnd): string => routeKey(to, index);

export const inputHandle = (index: number): string => `in:${index}`;
export const inputIndex = (handle: string): number => Number(handle.slice('in:'.length));
export const outputHandle = ({ output }: OutputRef): string =>
  output === undefined ? 'out' : `out:${output}`;

export function outputRef(layer: string, handle: string): OutputRef {
  return handle === 'out' ? { layer } : { layer, output: handle.slice('out:'.length) };
}

/**
 * Layers that have lost their input are laid out as if they still read the layers recorded for them. `unfolded`: full names of the
 * uses of blocks in whose place their layers are drawn.
 */
export function toFlow(
  view: NetworkView,
  direction: Direction,
  held: Held = nothingHeld,
  unfolded: ReadonlySet<string> = new Set(),
): Flow {
  const drawing = drawingOf(view, unfolded);
  const layout = layoutOf(view, drawing, direction, held);
  const nodes: FlowNode[] = [];
  const edges: FlowEdge[] = [];
  for (const item of drawing.all) {
    nodes.push(nodeOf(item, layout, direction));
    for (const edge of edgesInto(item, drawing, layout, direction)) edges.push(edge);
  }
  last = {
    nodes: unlessChanged(nodes, last.nodes),
    edges: unlessChanged(edges, last.edges),
    drawn: drawing.byName,
  };
  return last;
}

/** An unchanged node is the same object as before. */
const lastNodes = new WeakMap<LayerView, FlowNode>();

function nodeOf(
  { layer, title, frames, content }: Drawn,
  layout: FramedLayout,
  direction: Direction,
): FlowNode {
  const { name } = layer;
  const size = layout.sizes.get(name);
  const width = size?.width ?? card.width;
  const height = size?.height ?? cardHeight(layer.definition);
  const position = layout.positions.get(name)!;
  const pushed = layout.pushed.get(name);
  const head = layout.heads.get(name)!;
  const frame = content !== undefined;
  const first = head === name;
  const last = layout.feet.has(name);
  const inputOrder = orderInputs(layer, layout, direction);
  const before = lastNodes.get(layer);
  const isAlike =
    before !== undefined &&
    before.width === width &&
    before.height === height &&
    before.title === title &&
    before.frame === frame &&
    before.first === first &&
    before.last === last &&
    sameItems(before.frames, frames) &&
    sameItems(before.inputOrder, inputOrder);
  if (
    isAlike &&
    before.head === head &&
    samePoint(before.position, position) &&
    samePoint(before.pushed, pushed)
  )
    return before;
  const look = isAlike ? before.look : {};
  const node: FlowNode = {
    id: name,
    layer,
    title,
    width,
    height,
    frame,
    frames,
    first,
    last,
    inputOrder,
    look,
    position,
    pushed,
    head,
  };
  lastNodes.set(layer, node);
  return node;
}

interface Connections {
  readonly edges: readonly FlowEdge[];
  /** Whether they are the same for the same items: none is missing, and none leads into a frame. */
  readonly lasting: boolean;
  /** The items that are read, and the heads of their stacks. */
  readonly sources: readonly (Drawn | undefined)[];
  readonly heads: readonly (Drawn | undefined)[];
}

/** The connections into each item, as they were made last. */
const lastEdges = new WeakMap<Drawn, Connections>();

function edgesInto(
  item: Drawn,
  drawing: Drawing,
  layout: FramedLayout,
  direction: Direction,
): readonly FlowEdge[] {
  const known = knownEdges(item, drawing, layout);
  if (known) return known;
  const { content, ends, through } = item;
  const { name, from } = item.layer;
  const { positions, heads, routes, feet } = layout;
  const amongNames = inputSlots(item.layer).filter(({ named }) => named).length > 1;
  const earlier = last.drawn.get(name);
  const before = earlier && lastEdges.get(earlier)?.edges;
  const made = from.flatMap((ref, index): FlowEdge[] => {
    const source = content ? undefined : sourceOf(drawing, ref);
    if (!source || source.layer === name) return [];
    const shape = shapeIn(drawing, source);
    const end = { to: name, index };
    const id = edgeId(end);
    const planned = routeThrough(through[index], id, routes);
    const atEnd = direction === 'right' || feet.has(source.layer);
    const start = drawing.byName.get(source.layer)!;
    const route = atEnd ? outOfFrame(planned, start, item, layout, direction) : planned;
    const head = heads.get(source.layer)!;
    const seam = heads.get(name) !== name && heads.get(name) === head;
    const edge = {
      id,
      from: source,
      end,
      written: ends[index],
      shape,
      reshaped: isReshaped(drawing, source, seam ? source.layer : head),
      seam,
      fromBlock: standsForLayers(drawing.byName.get(source.layer)?.layer.definition),
      amongNames,
      enters: through[index].length > 0,
      route: route && { ...route, start: positions.get(source.layer)!, end: positions.get(name)! },
    };
    const same = before?.find((one) => one.id === id);
    return [same && sameEdge(same, edge) ? same : edge];
  });
  lastEdges.set(item, {
    edges: made,
    lasting: made.length === from.length && through.every(({ length }) => length === 0),
    sources: from.map(({ layer }) => drawing.byName.get(layer)),
    heads: from.map(({ layer }) => drawing.byName.get(heads.get(layer) ?? layer)),
  });
  return made;
}

/**
 * The same connections again if nothing about them can have changed: most edits change a few of thousands. A connection with a route
 * is made again, because its route has other places whenever cards move.
 */
function knownEdges(
  item: Drawn,
  { byName }: Drawing,
  { heads, routes }: FramedLayout,
): readonly FlowEdge[] | undefined {
  const known = lastEdges.get(item);
  if (!known?.lasting) return undefined;
  const head = heads.get(item.layer.name)!;
  for (let index = 0; index < known.edges.length; index++) {
    const { id, from, seam, route } = known.edges[index];
    const source = known.sources[index];
    const sourceHead = heads.get(from.layer)!;
    const isSeam = head !== item.layer.name && head === sourceHead;
    if (route || seam !== isSeam || source?.content || byName.get(from.layer) !== source || routes.has(id))
      return undefined;
    if (byName.get(sourceHead) !== known.heads[index]) return undefined;
  }
  return known.edges;
}

/** "from conv1 to relu1, 26×26×16". */
export function describeEdge({ from, end: { to }, shape }: FlowEdge): string {
  return shape
    ? l10n.t('from {0} to {1}, {2}', printReference(from), to, shortShapeText(shape))
    : l10n.t('from {0} to {1}', printReference(from), to);
}

/** Positions as they would be without what frames push aside, which is how the text has them. */
export function withoutFrames(
  { nodes }: Flow,
  places: ReadonlyMap<string, Point>,
): ReadonlyMap<string, Point> {
  const pushed = new Map(nodes.flatMap((node) => (node.pushed ? [[node.id, node.pushed] as const] : [])));
  return new Map(
    [...places].map(([name, [x, y]]) => {
      const [right, down] = pushed.get(name) ?? [0, 0];
      return [name, [x - right, y - down]];
    }),
  );
}

function shapeIn({ byName }: Drawing, { layer, output }: OutputRef): Shape | undefined {
  const inferred = byName.get(layer)?.layer.typed?.inferred;
  return output === undefined ? inferred?.output : inferred?.extraOutputs?.[output];
}

/** Whether a shape differs from what a layer reads. That of a layer without inputs is always new. */
function isReshaped(drawing: Drawing, ref: OutputRef, reader: string): boolean {
  const inputs = drawing.byName.get(reader)?.layer.typed?.inputShapes ?? [];
  const shape = shapeIn(drawing, ref);
  return !inputs.some((input) => sameShape(input, shape));
}

/** What was made last. A list is the same as before if all in it are, so that nothing is rendered again. */
let last: Flow & { readonly drawn: Drawing['byName'] } = { nodes: [], edges: [], drawn: new Map() };

const unlessChanged = <T>(now: readonly T[], before: readonly T[]): readonly T[] =>
  sameItems(now, before) ? before : now;

function allSame<T>(a: readonly T[], b: readonly T[], same: (one: T, other: T) => boolean): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (!same(a[index], b[index])) return false;
  return true;
}

const sameItems = <T>(a: readonly T[], b: readonly T[]): boolean => a === b || allSame(a, b, Object.is);

const samePoint = (a: Point | undefined, b: Point | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1]);

const sameEdge = (a: FlowEdge, b: FlowEdge): boolean =>
  a.from.layer === b.from.layer &&
  a.from.output === b.from.output &&
  a.written?.to === b.written?.to &&
  a.written?.index === b.written?.index &&
  a.reshaped === b.reshaped &&
  a.seam === b.seam &&
  a.fromBlock === b.fromBlock &&
  a.amongNames === b.amongNames &&
  a.enters === b.enters &&
  sameShape(a.shape, b.shape) &&
  (a.route === b.route || sameJson(a.route, b.route));

const sameShape = (a: Shape | undefined, b: Shape | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && sameItems(a, b));

const oneInput = [0] as const;

/** Inputs that differ only in their number are ordered by where their connections come from, so that these do not cross. */
function orderInputs(
  layer: LayerView,
  { positions, routes }: FramedLayout,
  direction: Direction,
): readonly number[] {
  const ports = portsOf(layer.definition);
  if (ports.length === 1 && !ports[0].variadic && layer.from.length < 2) return oneInput;
  const [axis, size] = direction === 'down' ? [0, card.width] : [1, card.row];
  const arrival = ({ index, ref }: InputSlot): number => {
    if (!ref) return Number.POSITIVE_INFINITY;
    const route = routes.get(routeKey(layer.name, index));
    return route?.legs.at(-1)?.to[axis] ?? (positions.get(ref.layer)?.[axis] ?? 0) + size / 2;
  };
  const slots = inputSlots(layer);
  const interchangeable = ports.length === 1;
  const order = interchangeable
    ? slots.toSorted((a, b) => arrival(a) - arrival(b) || a.index - b.index)
    : slots;
  return order.map(({ index }) => index);
}

/** "conv1, Convolution 2D, output 26×26×16". */
export function describeLayer(layer: LayerView): string {
  const { name, type, definition, given, typed, problems } = layer;
  const parts = [name, definition?.label ?? type];
  if (isFrozen(layer)) parts.push(l10n.t('frozen'));
  if (given.bypass === true) parts.push(l10n.t('bypassed'));
  const shared = sharedWords(layer);
  if (shared) parts.push(shared.long);
  if (typed) parts.push(l10n.t('output {0}', shortShapeText(typed.inferred.output)));
  const judged = lossWords(layer);
  if (judged) parts.push(judged.long);
  const severity = worstSeverity(problems);
  if (severity === 'error') parts.push(l10n.t('has an error'));
  if (severity === 'warning') parts.push(l10n.t('has a warning'));
  return parts.join(', ');
}

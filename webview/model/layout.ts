/**
 * Where cards stand. Positions in the spec rule; the others come from dagre, fed in the order of the text and
 * anchored at the first layer, so that a small edit moves only what comes after it. Card sizes are constants:
 * neither a longer attribute line nor arriving statistics may move a card.
 */
import dagre from '@dagrejs/dagre';
import { type Direction, effortOf, type Placeable, type Point, placeInRows } from './rows.ts';

export type { Direction, Placeable, Point };

export const card = { width: 264, height: 54, statisticsHeight: 26 } as const;

/** Free way between cards, after statistics have unfolded. */
const gap: { readonly [D in Direction]: { readonly rank: number; readonly beside: number } } = {
  down: { rank: 28, beside: 36 },
  right: { rank: 64, beside: 20 },
};

/** Cards, and the ways of long connections around what lies between their ends. */
export interface Layout {
  readonly positions: ReadonlyMap<string, Point>;
  /** By `routeKey`; points between the ends. Only where both ends stand where dagre put them. */
  readonly routes: ReadonlyMap<string, readonly Point[]>;
}

export const routeKey = (from: string, to: string, index: number): string =>
  JSON.stringify([from, to, index]);

export function layoutNetwork(
  layers: readonly Placeable[],
  saved: ReadonlyMap<string, Point>,
  direction: Direction,
): Layout {
  if (layers.length === 0) return { positions: new Map(), routes: new Map() };
  const automatic = layoutAutomatically(layers, direction, saved.get(layers[0].name) ?? [0, 0]);
  const positions = new Map(
    layers.map(({ name }) => [name, saved.get(name) ?? automatic.positions.get(name)!]),
  );
  const handPlaced = layers.filter(({ name }) => saved.has(name)).length * 2 >= layers.length;
  if (!handPlaced) return { positions, routes: automatic.routes };
  placeBesideNeighbours(layers, saved, automatic.positions, positions);
  return { positions, routes: new Map() };
}

/** Cards and pieces of connections that dagre lays out well within a second. */
const mostEffort = 2500;

/** By dagre where the network allows it, moved so that the first layer stands at `anchor`. */
function layoutAutomatically(layers: readonly Placeable[], direction: Direction, anchor: Point): Layout {
  return effortOf(layers) > mostEffort
    ? layoutInRows(layers, direction, anchor)
    : layoutByDagre(layers, direction, anchor);
}

function layoutInRows(layers: readonly Placeable[], direction: Direction, [left, top]: Point): Layout {
  const { rank, beside } = gap[direction];
  const height = card.height + card.statisticsHeight;
  const step =
    direction === 'down'
      ? { row: height + rank, beside: card.width + beside }
      : { row: card.width + rank, beside: height + beside };
  const placed = placeInRows(layers, direction, step);
  const [x0, y0] = placed.get(layers[0].name)!;
  const positions = [...placed].map(
    ([name, [x, y]]) => [name, [Math.round(x - x0 + left), Math.round(y - y0 + top)]] as const,
  );
  return { positions: new Map(positions), routes: new Map() };
}

function layoutByDagre(layers: readonly Placeable[], direction: Direction, anchor: Point): Layout {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({
    rankdir: direction === 'down' ? 'TB' : 'LR',
    nodesep: gap[direction].beside,
    ranksep: gap[direction].rank,
  });
  const height = card.height + card.statisticsHeight;
  // Dagre keys plain objects and joins names by signs of its own, so no name of a text may reach it.
  const ids = new Map(layers.map(({ name }, index) => [name, `n${index}`]));
  const nameOf = (id: string): string => layers[Number(id.slice(1))].name;
  for (const id of ids.values()) graph.setNode(id, { width: card.width, height });
  for (const { name, from } of layers)
    for (const [index, { layer }] of from.entries()) {
      const source = ids.get(layer);
      if (source !== undefined && layer !== name) graph.setEdge(source, ids.get(name)!, {}, String(index));
    }
  dagre.layout(graph);
  const first = graph.node('n0');
  const moved = (x: number, y: number): Point => [
    Math.round(x - first.x! + anchor[0]),
    Math.round(y - first.y! + anchor[1]),
  ];
  const routes = new Map<string, readonly Point[]>();
  for (const { v, w, name } of graph.edges()) {
    const { points } = graph.edge(v, w, name) as { points: readonly { x: number; y: number }[] };
    // The ends are where dagre meets the cards' borders; ours start at handles. One point between is a straight way.
    const between = points.slice(1, -1).map(({ x, y }) => moved(x + card.width / 2, y + height / 2));
    if (between.length > 1) routes.set(routeKey(nameOf(v), nameOf(w), Number(name)), between);
  }
  return {
    positions: new Map(
      [...ids].map(([name, id]) => [name, moved(graph.node(id).x!, graph.node(id).y!)] as const),
    ),
    routes,
  };
}

/** In a graph placed by hand, a new layer stands to its neighbour as dagre would have it, off what is there. */
function placeBesideNeighbours(
  layers: readonly Placeable[],
  saved: ReadonlyMap<string, Point>,
  automatic: ReadonlyMap<string, Point>,
  positions: Map<string, Point>,
): void {
  const placed = new Map([...saved].filter(([name]) => automatic.has(name)));
  for (const { name, from } of layers) {
    if (placed.has(name)) continue;
    const neighbour =
      from.find(({ layer }) => placed.has(layer))?.layer ??
      layers.find((other) => placed.has(other.name) && other.from.some(({ layer }) => layer === name))?.name;
    const [x, y] = automatic.get(name)!;
    const base = neighbour === undefined ? undefined : placed.get(neighbour);
    const from0 = neighbour === undefined ? undefined : automatic.get(neighbour);
    const wanted: Point =
      base && from0 ? [base[0] + x - from0[0], base[1] + y - from0[1]] : positions.get(name)!;
    const spot = freeSpot(wanted, [...placed.values()]);
    placed.set(name, spot);
    positions.set(name, spot);
  }
}

/** `wanted`, or the nearest place to its right that no card covers. */
export function freeSpot(wanted: Point, taken: readonly Point[]): Point {
  let [x, y] = wanted;
  const covers = ([otherX, otherY]: Point) =>
    Math.abs(otherX - x) < card.width && Math.abs(otherY - y) < card.height + card.statisticsHeight;
  for (let tries = 0; tries <= taken.length; tries++) {
    const other = taken.find(covers);
    if (!other) break;
    x = other[0] + card.width + gap.down.beside;
  }
  return [Math.round(x), Math.round(y)];
}

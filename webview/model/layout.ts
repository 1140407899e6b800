/**
 * Where cards stand. Positions in the spec rule; the others come from dagre, fed in the order of the text and
 * anchored at the first layer, so that a small edit moves only what comes after it. Card sizes are constants:
 * neither a longer attribute line nor arriving statistics may move a card.
 */
import dagre from '@dagrejs/dagre';

export type Direction = 'down' | 'right';
export type Point = readonly [x: number, y: number];

export const card = { width: 236, height: 54, statisticsHeight: 26 } as const;

/** Free way between cards, after statistics have unfolded. */
const gap = { rank: 40, beside: 40 } as const;

export interface Placeable {
  readonly name: string;
  readonly from: readonly { readonly layer: string }[];
}

export function layoutNetwork(
  layers: readonly Placeable[],
  saved: ReadonlyMap<string, Point>,
  direction: Direction,
): Map<string, Point> {
  const automatic = layoutAutomatically(layers, direction);
  const anchor = layers.length > 0 ? (saved.get(layers[0].name) ?? [0, 0]) : [0, 0];
  const origin = layers.length > 0 ? automatic.get(layers[0].name)! : [0, 0];
  const positions = new Map<string, Point>();
  for (const { name } of layers) {
    const [x, y] = automatic.get(name)!;
    positions.set(name, saved.get(name) ?? [x - origin[0] + anchor[0], y - origin[1] + anchor[1]]);
  }
  const handPlaced = layers.filter(({ name }) => saved.has(name)).length * 2 >= layers.length;
  if (handPlaced) placeBesideNeighbours(layers, saved, automatic, positions);
  return positions;
}

function layoutAutomatically(layers: readonly Placeable[], direction: Direction): Map<string, Point> {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: direction === 'down' ? 'TB' : 'LR', nodesep: gap.beside, ranksep: gap.rank });
  const height = card.height + card.statisticsHeight;
  for (const { name } of layers) graph.setNode(name, { width: card.width, height });
  for (const { name, from } of layers)
    for (const [index, { layer }] of from.entries())
      if (graph.hasNode(layer) && layer !== name) graph.setEdge(layer, name, {}, String(index));
  dagre.layout(graph);
  return new Map(
    layers.map(({ name }) => {
      const { x, y } = graph.node(name) as { x: number; y: number };
      return [name, [Math.round(x - card.width / 2), Math.round(y - height / 2)]];
    }),
  );
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
    const wanted: Point = base && from0 ? [base[0] + x - from0[0], base[1] + y - from0[1]] : positions.get(name)!;
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
    x = other[0] + card.width + gap.beside;
  }
  return [Math.round(x), Math.round(y)];
}

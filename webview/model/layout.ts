/**
 * Positions of cards. Positions in the spec have priority; the other cards are laid out in ranks, in the order of the
 * text and anchored at the first layer, so that a small edit moves only what comes after it. A row in a stack has no
 * position of its own: it moves with the head.
 */
import { layOut, routeKey } from './automatic.ts';
import { card } from './cardSizes.ts';
import type { Direction, Point, Route } from './geometry.ts';
import { type Placeable, type Stack, stacksOf } from './stacks.ts';

export { routeKey };

/** Gap between cards that are moved apart. */
const beside = 28;

/** Positions of cards, and routes of long connections around other cards. */
export interface Layout {
  readonly positions: ReadonlyMap<string, Point>;
  /** The head of the stack in which each layer lies. */
  readonly heads: ReadonlyMap<string, string>;
  /** By `routeKey`. Only if both ends are where the layout put them. */
  readonly routes: ReadonlyMap<string, Route>;
}

export function layoutNetwork(
  layers: readonly Placeable[],
  saved: ReadonlyMap<string, Point>,
  direction: Direction,
): Layout {
  if (layers.length === 0) return { positions: new Map(), heads: new Map(), routes: new Map() };
  const stacks = stacksOf(layers, saved);
  const loose = looseStacks(layers, stacks, saved);
  const bound = stacks.filter((stack) => !loose.has(stack));
  const looseLayers = new Set([...loose].flatMap(({ members }) => members));
  const automatic = layOut(
    layers.filter((layer) => !looseLayers.has(layer)),
    bound,
    direction,
    saved.get(layers[0].name) ?? [0, 0],
  );
  let next = 0;
  const wished = stacks.map((stack) =>
    loose.has(stack) ? saved.get(stack.members[0].name)! : automatic.places[next++],
  );
  const places = stacks.map(({ members: [head] }, index) => saved.get(head.name) ?? wished[index]);
  const byHand = stacks.filter(({ members: [head] }) => saved.has(head.name)).length;
  const handPlaced = byHand > 1 && byHand * 2 >= stacks.length;
  if (handPlaced) placeBesideNeighbours(stacks, saved, wished, places);
  return {
    positions: spread(stacks, places),
    heads: headsOf(stacks),
    routes: handPlaced ? new Map() : automatic.routes(saved),
  };
}

function headsOf(stacks: readonly Stack[]): Map<string, string> {
  const heads = new Map<string, string>();
  for (const { members } of stacks) for (const { name } of members) heads.set(name, members[0].name);
  return heads;
}

/**
 * Stacks that were placed by hand and are connected to nothing. They take no part in the automatic layout, so that adding one moves
 * no other card. The first layer always does, because the others are laid out from it.
 */
function looseStacks(
  layers: readonly Placeable[],
  stacks: readonly Stack[],
  saved: ReadonlyMap<string, Point>,
): ReadonlySet<Stack> {
  if (saved.size === 0) return new Set();
  const stackOf = new Map(stacks.flatMap((stack) => stack.members.map(({ name }) => [name, stack] as const)));
  const joined = new Set([stackOf.get(layers[0].name)!]);
  for (const { name, from } of layers)
    for (const { layer } of from) {
      const [source, reader] = [stackOf.get(layer), stackOf.get(name)!];
      if (source && source !== reader) joined.add(source).add(reader);
    }
  return new Set(stacks.filter((stack) => saved.has(stack.members[0].name) && !joined.has(stack)));
}

/** From the positions of stacks to those of their members. */
function spread(stacks: readonly Stack[], places: readonly Point[]): Map<string, Point> {
  const positions = new Map<string, Point>();
  for (let index = 0; index < stacks.length; index++) {
    let [x, y] = places[index];
    for (const { name, height } of stacks[index].members) {
      positions.set(name, [x, y]);
      y += height;
    }
  }
  return positions;
}

/**
 * In a graph placed by hand, a new stack has the position relative to its neighbour that the layout would choose, moved
 * off existing cards.
 */
function placeBesideNeighbours(
  stacks: readonly Stack[],
  saved: ReadonlyMap<string, Point>,
  automatic: readonly Point[],
  places: Point[],
): void {
  const stackOf = new Map(
    stacks.flatMap(({ members }, index) => members.map(({ name }) => [name, index] as const)),
  );
  const done = new Set([...stacks.keys()].filter((index) => saved.has(stacks[index].members[0].name)));
  for (const [index, { members, height }] of stacks.entries()) {
    if (done.has(index)) continue;
    const read = members[0].from.map(({ layer }) => stackOf.get(layer));
    const neighbour =
      read.find((source) => source !== undefined && done.has(source)) ??
      stacks.findIndex(
        (other, at) =>
          done.has(at) &&
          other.members.some(({ from }) => from.some(({ layer }) => stackOf.get(layer) === index)),
      );
    const [x, y] = automatic[index];
    const wanted: Point =
      neighbour === undefined || neighbour < 0
        ? [x, y]
        : [
            places[neighbour][0] + x - automatic[neighbour][0],
            places[neighbour][1] + y - automatic[neighbour][1],
          ];
    const taken = [...done].map((at) => ({ at: places[at], height: stacks[at].height }));
    places[index] = freeSpot(wanted, height, taken);
    done.add(index);
  }
}

interface Taken {
  readonly at: Point;
  readonly height: number;
}

/** `wanted`, or the nearest place to its right that no card covers. */
export function freeSpot(wanted: Point, height: number, taken: readonly Taken[]): Point {
  let [x, y] = wanted;
  const covers = ({ at: [otherX, otherY], height: otherHeight }: Taken) =>
    Math.abs(otherX - x) < card.width && otherY < y + height && y < otherY + otherHeight;
  for (let tries = 0; tries <= taken.length; tries++) {
    const other = taken.find(covers);
    if (!other) break;
    x = other.at[0] + card.width + beside;
  }
  return [Math.round(x), Math.round(y)];
}

/**
 * Positions of cards. Positions in the spec have priority; the other cards are laid out in ranks, in the order of the
 * text and anchored at the first layer, so that a small edit moves only what comes after it. A row in a stack has no
 * position of its own: it moves with the head.
 */
import { deadEnds, looseStacks } from './aside.ts';
import { type Automatic, layOut, routeKey } from './automatic.ts';
import { card } from './cardSizes.ts';
import { detoursOf } from './detours.ts';
import type { Direction, Point, Route } from './geometry.ts';
import type { Placeable } from './placeable.ts';
import type { Stack } from './stacks.ts';
import { Wiring } from './wiring.ts';

export { routeKey };

/** Gap between cards that are moved apart. */
const beside = 28;

/** Positions of cards, and routes of long connections around other cards. */
export interface Layout {
  readonly positions: ReadonlyMap<string, Point>;
  /** The head of the stack in which each layer lies. */
  readonly heads: ReadonlyMap<string, string>;
  /** The last layer of each stack. */
  readonly feet: ReadonlySet<string>;
  /** By `routeKey`. Of connections whose ends are where the layout put them, and of those that would pass behind a card. */
  readonly routes: ReadonlyMap<string, Route>;
}

const none: Layout['routes'] = new Map();

export function layoutNetwork(
  layers: readonly Placeable[],
  saved: ReadonlyMap<string, Point>,
  direction: Direction,
): Layout {
  if (layers.length === 0)
    return { positions: new Map(), heads: new Map(), feet: new Set(), routes: new Map() };
  const wiring = Wiring.of(layers, saved);
  const { stacks } = wiring;
  const joined = wiring.without(looseStacks(wiring, saved));
  const ends = deadEnds(joined, saved);
  const kept = joined.without(ends);
  const handPlaced = isHandPlaced(kept.stacks, saved);
  const anchor = saved.get(layers[0].name) ?? [0, 0];
  const wishes = (part: Wiring) => wishesOf(stacks, part, saved, direction, anchor);
  let { wished, routes } = wishes(handPlaced ? joined : kept);
  // Room is left for a dead end all the same if it would cover another card.
  if (!handPlaced && coversAny(ends, stacks, wished, saved)) ({ wished, routes } = wishes(joined));
  const places = stacks.map(({ members: [head] }, index) => saved.get(head.name) ?? wished[index]);
  if (handPlaced) placeBesideNeighbours(wiring, saved, wished, places);
  const planned: ReadonlyMap<string, Route> = handPlaced ? none : routes(saved);
  const around = saved.size === 0 ? none : detoursOf(wiring, places, direction, (key) => planned.has(key));
  return {
    ...spread(stacks, places),
    routes: around.size === 0 ? planned : new Map([...planned, ...around]),
  };
}

/** Whether the layout follows a person, who has placed half of the stacks or more. */
function isHandPlaced(stacks: readonly Stack[], saved: ReadonlyMap<string, Point>): boolean {
  if (saved.size < 2) return false;
  const byHand = stacks.filter(({ members: [head] }) => saved.has(head.name)).length;
  return byHand > 1 && byHand * 2 >= stacks.length;
}

interface Wishes {
  /** Of all stacks, also of those that are elsewhere by hand. */
  readonly wished: readonly Point[];
  readonly routes: Automatic['routes'];
}

/** `part`: the automatic layout is that of this part; the other stacks have a place by hand. */
function wishesOf(
  stacks: readonly Stack[],
  part: Wiring,
  saved: ReadonlyMap<string, Point>,
  direction: Direction,
  anchor: Point,
): Wishes {
  const { places, routes } = layOut(part, direction, anchor);
  let next = 0;
  const wished = stacks.map((stack) =>
    stack === part.stacks[next] ? places[next++] : saved.get(stack.members[0].name)!,
  );
  return { wished, routes };
}

/** Whether one of some stacks would cover one that has no place by hand. */
function coversAny(
  some: ReadonlySet<Stack>,
  stacks: readonly Stack[],
  wished: readonly Point[],
  saved: ReadonlyMap<string, Point>,
): boolean {
  if (some.size === 0) return false;
  const free = [...stacks.keys()].filter((index) => !saved.has(stacks[index].members[0].name));
  return [...some].some(({ members: [head], width, height }) => {
    const [x, y] = saved.get(head.name)!;
    return free.some((index) => {
      const [left, top] = wished[index];
      const other = stacks[index];
      return left < x + width && x < left + other.width && top < y + height && y < top + other.height;
    });
  });
}

/** From the places of stacks to those of their members. */
function spread(stacks: readonly Stack[], places: readonly Point[]): Omit<Layout, 'routes'> {
  const positions = new Map<string, Point>();
  const heads = new Map<string, string>();
  const feet = new Set<string>();
  for (let index = 0; index < stacks.length; index++) {
    const { members } = stacks[index];
    const [x] = places[index];
    let [, y] = places[index];
    for (let row = 0; row < members.length; row++) {
      const { name, height } = members[row];
      positions.set(name, [x, y]);
      heads.set(name, members[0].name);
      y += height;
    }
    feet.add(members[members.length - 1].name);
  }
  return { positions, heads, feet };
}

/**
 * In a graph placed by hand, a new stack has the position relative to its neighbour that the layout would choose, moved
 * off existing cards.
 */
function placeBesideNeighbours(
  { stacks, chains, reads, stackOf }: Wiring,
  saved: ReadonlyMap<string, Point>,
  automatic: readonly Point[],
  places: Point[],
): void {
  const readBy = (layer: number) => reads[layer].map((read) => (read < 0 ? undefined : stackOf[read]));
  const done = new Set([...stacks.keys()].filter((index) => saved.has(stacks[index].members[0].name)));
  for (const [index, { height }] of stacks.entries()) {
    if (done.has(index)) continue;
    const neighbour =
      readBy(chains[index][0]).find((source) => source !== undefined && done.has(source)) ??
      chains.findIndex((chain, at) => done.has(at) && chain.some((layer) => readBy(layer).includes(index)));
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
function freeSpot(wanted: Point, height: number, taken: readonly Taken[]): Point {
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

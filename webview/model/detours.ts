/**
 * Routes of connections that would pass behind a card, because cards were placed by hand: beside the cards that are in the way.
 * Connections that lead back have a way around cards of their own (`canvas/path.ts`).
 */
import { routeKey, sideHandle } from './automatic.ts';
import type { Direction, Point, Route } from './geometry.ts';
import { firstFrom } from './sorted.ts';
import type { Placeable, Stack } from './stacks.ts';

/** The distance that a line keeps from cards. */
const clearance = 14;
/** How deep a line may be in a card at its edge. */
const tolerance = 4;
/** Places along a curve at which it is compared with cards. */
const samples = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((part) => part / 10);

/** A box or a point with its place along the layout and across it. */
interface Box {
  readonly along: number;
  readonly across: number;
  readonly length: number;
  readonly breadth: number;
}

interface Place {
  readonly along: number;
  readonly across: number;
}

export function detoursOf(
  layers: readonly Placeable[],
  stacks: readonly Stack[],
  places: readonly Point[],
  direction: Direction,
  hasRoute: (key: string) => boolean,
): ReadonlyMap<string, Route> {
  const down = direction === 'down';
  const boxes = stacks.map(({ width, height }, index): Box => {
    const [x, y] = places[index];
    return down
      ? { along: y, across: x, length: height, breadth: width }
      : { along: x, across: y, length: width, breadth: height };
  });
  const lineOf = (box: Box) => box.across + (down ? box.breadth / 2 : sideHandle);
  const stackOf = new Map(stacks.flatMap(({ members }, index) => members.map(({ name }) => [name, index])));
  const turn = (along: number, across: number): Point => (down ? [across, along] : [along, across]);
  const among = boxesAmong(boxes);
  const routes = new Map<string, Route>();
  for (const { name, from } of layers)
    for (const [index, { layer }] of from.entries()) {
      const key = routeKey(name, index);
      const [source, target] = [stackOf.get(layer), stackOf.get(name)!];
      if (source === undefined || source === target || hasRoute(key)) continue;
      const [first, last] = [boxes[source], boxes[target]];
      const start = { along: first.along + first.length, across: lineOf(first) };
      const end = { along: last.along, across: lineOf(last) };
      const between = among(start.along, end.along).filter((box) => box !== first && box !== last);
      const lane = laneBeside(between, start, end);
      if (lane === undefined) continue;
      const legs = [
        { to: turn(start.along + clearance, lane), by: 'along' as const },
        { to: turn(end.along - clearance, lane), by: 'curve' as const },
      ];
      routes.set(key, { legs, arrive: 'across' });
    }
  return routes;
}

/** Finds the boxes of which a part is between two places along the layout. A large network has many, most of them elsewhere. */
function boxesAmong(boxes: readonly Box[]): (begin: number, end: number) => readonly Box[] {
  const ordered = boxes.toSorted((a, b) => a.along - b.along);
  const longest = boxes.reduce((most, { length }) => Math.max(most, length), 0);
  const starts = ordered.map(({ along }) => along);
  return (begin, end) =>
    ordered
      .slice(firstFrom(starts, begin - longest), firstFrom(starts, end))
      .filter(({ along, length }) => begin < along + length);
}

/** The nearest place beside the cards that are in the way; undefined if none is, or if there is no such place. */
function laneBeside(between: readonly Box[], start: Place, end: Place): number | undefined {
  const inTheWay = between.filter((box) => samples.some((part) => covers(box, onCurve(start, end, part))));
  if (inTheWay.length === 0) return undefined;
  const lanes = between.flatMap(({ across, breadth }) => [across - clearance, across + breadth + clearance]);
  const way = (lane: number) => Math.abs(lane - start.across) + Math.abs(lane - end.across);
  // The nearest ones are compared with the cards first, because in a large network there are many of both.
  return lanes
    .sort((a, b) => way(a) - way(b))
    .find((lane) => !between.some((box) => crosses(box, lane, start, end)));
}

/** A point of the curve that leaves and arrives along the layout. */
function onCurve(start: Place, end: Place, part: number): Place {
  const rest = 1 - part;
  const bend = 3 * rest * part;
  const share = part ** 3 + bend * part;
  const middle = (start.along + end.along) / 2;
  return {
    along: rest ** 3 * start.along + bend * middle + part ** 3 * end.along,
    across: start.across + share * (end.across - start.across),
  };
}

const covers = ({ along, across, length, breadth }: Box, place: Place): boolean =>
  along + tolerance < place.along &&
  place.along < along + length - tolerance &&
  across + tolerance < place.across &&
  place.across < across + breadth - tolerance;

/** Whether a line along the lane, or across to it and from it, passes through a box. */
function crosses({ along, across, length, breadth }: Box, lane: number, start: Place, end: Place): boolean {
  const [begin, stop] = [start.along + clearance, end.along - clearance];
  const isAcross = (at: number, one: number, other: number) =>
    along < at &&
    at < along + length &&
    across < Math.max(one, other) &&
    Math.min(one, other) < across + breadth;
  const isAlong = across < lane && lane < across + breadth && along < stop && begin < along + length;
  return isAlong || isAcross(begin, start.across, lane) || isAcross(stop, lane, end.across);
}

/**
 * Routes of connections that would pass behind a card, because cards were placed by hand: beside the cards that are in the way.
 * Connections that lead back have a way around cards of their own (`canvas/path.ts`).
 */
import { routeKey, sideHandle } from './automatic.ts';
import { card } from './cardSizes.ts';
import type { Direction, Point, Route } from './geometry.ts';
import { firstFrom } from './sorted.ts';
import type { Wiring } from './wiring.ts';

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
  { layers, reads, stacks, stackOf }: Wiring,
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
  const turn = (along: number, across: number): Point => (down ? [across, along] : [along, across]);
  const isCrossed = strips(boxes);
  let among: ReturnType<typeof boxesAmong> | undefined;
  const routes = new Map<string, Route>();
  for (let layer = 0; layer < layers.length; layer++)
    for (let input = 0; input < reads[layer].length; input++) {
      const target = stackOf[layer];
      const source = reads[layer][input] < 0 ? target : stackOf[reads[layer][input]];
      if (source === target) continue;
      const [first, last] = [boxes[source], boxes[target]];
      const start = { along: first.along + first.length, across: lineOf(first) };
      const end = { along: last.along, across: lineOf(last) };
      const isInTheWay = (box: Box) =>
        box !== first && box !== last && isBetween(box, start, end) && isOnCurve(box, start, end);
      if (!isCrossed(start, end, isInTheWay)) continue;
      const key = routeKey(layers[layer].name, input);
      if (hasRoute(key)) continue;
      among ??= boxesAmong(boxes);
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

/**
 * Whether one of the boxes near a line is in its way. Boxes are sorted into strips along the layout, as broad as a card, because most
 * lines are in one strip and have a few boxes near them, in networks of any size.
 */
function strips(
  boxes: readonly Box[],
): (start: Place, end: Place, isInTheWay: (box: Box) => boolean) => boolean {
  const stripOf = (across: number) => Math.floor(across / card.width);
  const strips = new Map<number, Box[]>();
  let longest = 0;
  for (let index = 0; index < boxes.length; index++) {
    const box = boxes[index];
    longest = Math.max(longest, box.length);
    for (let at = stripOf(box.across); at <= stripOf(box.across + box.breadth); at++) {
      const strip = strips.get(at);
      if (strip) strip.push(box);
      else strips.set(at, [box]);
    }
  }
  const ordered = [...strips].sort(([a], [b]) => a - b);
  for (const [, strip] of ordered) strip.sort((a, b) => a.along - b.along);
  const numbers = ordered.map(([at]) => at);
  const starts = ordered.map(([, strip]) => strip.map(({ along }) => along));
  return (start, end, isInTheWay) => {
    const last = stripOf(Math.max(start.across, end.across));
    for (
      let at = firstFrom(numbers, stripOf(Math.min(start.across, end.across)));
      at < numbers.length && numbers[at] <= last;
      at++
    ) {
      const [, strip] = ordered[at];
      for (
        let index = firstFrom(starts[at], start.along - longest);
        index < strip.length && strip[index].along < end.along;
        index++
      )
        if (isInTheWay(strip[index])) return true;
    }
    return false;
  };
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

/** The nearest place beside the cards that are in the way; undefined if there is none. */
function laneBeside(between: readonly Box[], start: Place, end: Place): number | undefined {
  const lanes = between.flatMap(({ across, breadth }) => [across - clearance, across + breadth + clearance]);
  const way = (lane: number) => Math.abs(lane - start.across) + Math.abs(lane - end.across);
  // The nearest ones are compared with the cards first, because in a large network there are many of both.
  return lanes
    .sort((a, b) => way(a) - way(b))
    .find((lane) => !between.some((box) => crosses(box, lane, start, end)));
}

const isBetween = ({ along, length }: Box, start: Place, end: Place): boolean =>
  along < end.along && start.along < along + length;

/** A curve is never outside of the rectangle between its ends. */
const isOnCurve = (box: Box, start: Place, end: Place): boolean =>
  box.across < Math.max(start.across, end.across) &&
  Math.min(start.across, end.across) < box.across + box.breadth &&
  samples.some((part) => covers(box, onCurve(start, end, part)));

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

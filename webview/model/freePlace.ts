/** Where a card of a given size can stand without covering another one. */
import type { Point } from './geometry.ts';

export interface Box {
  readonly at: Point;
  readonly size: Point;
}

/** Gap between cards. */
const gap = 16;
/** How far from the desired place a free one is looked for, in sizes of the card. */
const reach = 3;

const distance = ([x, y]: Point, [otherX, otherY]: Point): number => Math.hypot(x - otherX, y - otherY);

/**
 * The free place nearest to `wanted`: there, or beside the cards near it. `wanted` if everything around is taken. Positions and
 * sizes are pixels of the graph.
 */
export function freePlace(wanted: Point, [width, height]: Point, taken: readonly Box[]): Point {
  const covers =
    ([x, y]: Point) =>
    (other: Box) =>
      other.at[0] < x + width &&
      x < other.at[0] + other.size[0] &&
      other.at[1] < y + height &&
      y < other.at[1] + other.size[1];
  if (!taken.some(covers(wanted))) return wanted;
  const near = taken.filter(
    ({ at: [x, y], size: [otherWidth, otherHeight] }) =>
      x < wanted[0] + width * (1 + reach) &&
      wanted[0] - width * reach < x + otherWidth &&
      y < wanted[1] + height * (1 + reach) &&
      wanted[1] - height * reach < y + otherHeight,
  );
  const across = near.flatMap(({ at: [x], size: [otherWidth] }) => [x - width - gap, x + otherWidth + gap]);
  const down = near.flatMap(({ at: [, y], size: [, otherHeight] }) => [
    y - height - gap,
    y + otherHeight + gap,
  ]);
  const places = [wanted[0], ...across].flatMap((x) => [wanted[1], ...down].map((y): Point => [x, y]));
  const free = places.filter((place) => !near.some(covers(place)));
  return (
    free.reduce<Point | undefined>(
      (best, place) => (best && distance(best, wanted) <= distance(place, wanted) ? best : place),
      undefined,
    ) ?? wanted
  );
}

/** Cards that are dragged nearly into line with another card snap to that line, which is shown meanwhile. */
import type { Point } from './geometry.ts';

export interface Box {
  readonly at: Point;
  readonly size: Point;
}

export interface Guide {
  readonly axis: 0 | 1;
  readonly place: number;
  /** Along the other axis. */
  readonly from: number;
  readonly to: number;
}

/** The distance at which a card snaps, in pixels of the graph. */
const reach = 6;
/** The beginning, the middle and the end of a card. */
const parts = [0, 0.5, 1] as const;

/** The distance to move `box` to align it with one of the others, and the lines to show. */
export function snap(
  box: Box,
  others: readonly Box[],
): { readonly by: Point; readonly guides: readonly Guide[] } {
  const along = ([0, 1] as const).map((axis) => nearestLine(box, others, axis));
  const by: Point = [along[0]?.by ?? 0, along[1]?.by ?? 0];
  const guides = along.flatMap((line): Guide[] => {
    if (!line) return [];
    const cross = line.axis === 0 ? 1 : 0;
    const ends = [line.other, { ...box, at: [box.at[0] + by[0], box.at[1] + by[1]] as Point }].flatMap(
      ({ at, size }) => [at[cross], at[cross] + size[cross]],
    );
    return [{ axis: line.axis, place: line.place, from: Math.min(...ends), to: Math.max(...ends) }];
  });
  return { by, guides };
}

interface Line {
  readonly axis: 0 | 1;
  readonly place: number;
  readonly by: number;
  readonly other: Box;
}

/** Only the same parts of two cards are aligned: left with left, middle with middle. */
function nearestLine({ at, size }: Box, others: readonly Box[], axis: 0 | 1): Line | undefined {
  let best: Line | undefined;
  for (const other of others)
    for (const part of parts) {
      const place = other.at[axis] + part * other.size[axis];
      const by = place - (at[axis] + part * size[axis]);
      if (Math.abs(by) <= reach && (!best || Math.abs(by) < Math.abs(best.by)))
        best = { axis, place, by, other };
    }
  return best;
}

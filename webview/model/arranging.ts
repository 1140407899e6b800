/** Positions of cards after aligning or distributing them. */
import type { Point } from './geometry.ts';

export type Axis = 0 | 1;
/** The beginning, the middle or the end of cards along an axis. */
export type Edge = 0 | 0.5 | 1;

export interface Box {
  readonly name: string;
  readonly at: Point;
  readonly size: Point;
}

const moved = ({ at }: Box, axis: Axis, to: number): Point => (axis === 0 ? [to, at[1]] : [at[0], to]);

/** Positions that put one edge of all boxes on a line: the outermost one, or for middles the mean. */
export function aligned(boxes: readonly Box[], axis: Axis, edge: Edge): ReadonlyMap<string, Point> {
  const lines = boxes.map(({ at, size }) => at[axis] + edge * size[axis]);
  const line =
    edge === 0.5
      ? lines.reduce((sum, place) => sum + place, 0) / lines.length
      : edge === 0
        ? Math.min(...lines)
        : Math.max(...lines);
  return new Map(boxes.map((box) => [box.name, moved(box, axis, line - edge * box.size[axis])]));
}

/** Positions with equal gaps between the first and the last box, which do not move. */
export function distributed(boxes: readonly Box[], axis: Axis): ReadonlyMap<string, Point> {
  const ordered = [...boxes].sort((a, b) => a.at[axis] - b.at[axis]);
  const [first, last] = [ordered[0], ordered.at(-1)!];
  const length = ordered.reduce((sum, { size }) => sum + size[axis], 0);
  const gap = (last.at[axis] + last.size[axis] - first.at[axis] - length) / (ordered.length - 1);
  let next = first.at[axis];
  return new Map(
    ordered.map((box): [string, Point] => {
      const place = moved(box, axis, next);
      next += box.size[axis] + gap;
      return [box.name, place];
    }),
  );
}

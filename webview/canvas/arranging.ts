/** Aligning and distributing the selected cards: each is one edit of their places. */
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { useEditor } from '../model/editor.ts';
import type { Point } from '../model/geometry.ts';
import { moveLayers } from '../model/gestures.ts';

export type Axis = 0 | 1;
/** The beginning, the middle or the end of cards along an axis. */
export type Edge = 0 | 0.5 | 1;

interface Box {
  readonly name: string;
  readonly at: Point;
  readonly size: Point;
}

const moved = ({ at }: Box, axis: Axis, to: number): Point => (axis === 0 ? [to, at[1]] : [at[0], to]);

/** Places that put one edge of all boxes on a line: that of the first, or for middles the mean. */
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

/** Places with equal gaps between the first and the last box, which stay. */
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

/** At least `fewest` cards are selected. */
export const canArrange = (fewest: number): boolean => useEditor.getState().selection.length >= fewest;

function arrange(fewest: number, place: (boxes: readonly Box[]) => ReadonlyMap<string, Point>): void {
  const { selection } = useEditor.getState();
  if (selection.length < fewest) return;
  const { current } = canvasControls;
  const boxes = selection.flatMap((name): Box[] => {
    const box = current?.box(name);
    return box ? [{ name, ...box }] : [];
  });
  if (boxes.length < fewest) return;
  void perform(() => moveLayers(place(boxes)));
}

export const align = (axis: Axis, edge: Edge): void => arrange(2, (boxes) => aligned(boxes, axis, edge));

export const distribute = (axis: Axis): void => arrange(3, (boxes) => distributed(boxes, axis));

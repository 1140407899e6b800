/** Aligning and distributing the selected cards, each in one edit of their positions. */
import { perform } from '../host.ts';
import { type Axis, aligned, type Box, distributed, type Edge } from '../model/arranging.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { useEditor } from '../model/editor.ts';
import type { Point } from '../model/geometry.ts';
import { moveLayers } from '../model/gestures.ts';

/** Rows under a selected card, or under a selected row, are arranged with it. */
function arrange(fewest: number, place: (boxes: readonly Box[]) => ReadonlyMap<string, Point>): void {
  const { current } = canvasControls;
  const highest = new Map<string, Box>();
  for (const name of useEditor.getState().selection) {
    const stack = current?.stack(name);
    const known = stack && highest.get(stack.head);
    if (stack && (!known || stack.at[1] < known.at[1])) highest.set(stack.head, { name, ...stack });
  }
  const boxes = [...highest.values()];
  if (boxes.length < fewest) return;
  void perform(() => moveLayers(place(boxes)));
}

export const align = (axis: Axis, edge: Edge): void => arrange(2, (boxes) => aligned(boxes, axis, edge));

export const distribute = (axis: Axis): void => arrange(3, (boxes) => distributed(boxes, axis));

/** Aligning and distributing the selected cards, each in one edit of their positions. */
import { perform } from '../host.ts';
import { type Axis, aligned, type Box, distributed, type Edge } from '../model/arranging.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { useEditor } from '../model/editor.ts';
import type { Point } from '../model/geometry.ts';
import { moveLayers } from '../model/gestures.ts';

/** Rows under a selected card are arranged with it. */
function arrange(fewest: number, place: (boxes: readonly Box[]) => ReadonlyMap<string, Point>): void {
  const { selection } = useEditor.getState();
  const { current } = canvasControls;
  const boxes = selection.flatMap((name): Box[] => {
    const stack = current?.stack(name);
    return stack && (stack.head === name || !selection.includes(stack.head)) ? [{ name, ...stack }] : [];
  });
  if (boxes.length < fewest) return;
  void perform(() => moveLayers(place(boxes)));
}

export const align = (axis: Axis, edge: Edge): void => arrange(2, (boxes) => aligned(boxes, axis, edge));

export const distribute = (axis: Axis): void => arrange(3, (boxes) => distributed(boxes, axis));

/** Where the view goes after an edit that has changed the layout: what was wholly in view stays in view. */
import type { Viewport } from 'reactflow';
import { type Bounds, boundsOf } from '../model/bounds.ts';
import type { Flow, FlowNode } from '../model/flow.ts';
import { zoomWithNames } from './detail.ts';
import { fittedViewport, free, type Size, shiftInto } from './fittedViewport.ts';

type Nodes = readonly FlowNode[];

/** What is nearer to the edge is not in view, at the bottom what is under the legend, which may have two lines. */
const edge = { side: 16, bottom: free.bottom } as const;
/** Cards that were moved to the edge are in view, however their places were rounded. */
const rounding = 0.1;

function isIn(x: number, y: number, { width, height }: Size, view: Viewport, frame: Size): boolean {
  const left = x * view.zoom + view.x;
  const top = y * view.zoom + view.y;
  return (
    left >= edge.side &&
    top >= edge.side &&
    left + width * view.zoom <= frame.width - edge.side &&
    top + height * view.zoom <= frame.height - edge.bottom + rounding
  );
}

/** The view moved as little as possible, or undefined if it is too small for these bounds. */
function movedTo({ x, y, width, height }: Bounds, view: Viewport, frame: Size): Viewport | undefined {
  const { zoom } = view;
  if (width * zoom > frame.width - free.left - free.right) return undefined;
  if (height * zoom > frame.height - free.top - free.bottom) return undefined;
  const [left, top] = [x * zoom + view.x, y * zoom + view.y];
  return {
    x: view.x + shiftInto(left, left + width * zoom, free.left, frame.width - free.right),
    y: view.y + shiftInto(top, top + height * zoom, free.top, frame.height - free.bottom),
    zoom,
  };
}

/**
 * The view for the nodes after an edit, or undefined if it stays. If the whole network was in view, it is again, in a smaller size
 * if necessary, as long as its cards have their names. If only a part was in view and does not fit any more, its selected layers
 * stay in view.
 */
export function followed(
  before: Nodes,
  after: Nodes,
  selection: readonly string[],
  view: Viewport,
  frame: Size,
): Viewport | undefined {
  const seen = new Set<string>();
  for (let index = 0; index < before.length; index++) {
    const { id, position } = before[index];
    if (isIn(position[0], position[1], before[index], view, frame)) seen.add(id);
  }
  if (seen.size === 0) return undefined;
  const all = seen.size === before.length;
  const selected = new Set(selection);
  const added = new Set(selection);
  if (added.size > 0) for (const { id } of before) added.delete(id);
  const kept = all ? after : after.filter(({ id }) => seen.has(id) || added.has(id));
  if (kept.length === 0) return undefined;
  const bounds = boundsOf(kept);
  if (isIn(bounds.x, bounds.y, bounds, view, frame)) return undefined;
  const moved = movedTo(bounds, view, frame);
  if (moved) return moved;
  const fitted = all && fittedViewport(bounds, frame, { whole: true, most: view.zoom });
  if (fitted && fitted.zoom >= zoomWithNames) return fitted;
  const chosen = kept.filter(({ id }) => selected.has(id));
  if (chosen.length === 0) return undefined;
  const area = boundsOf(chosen);
  return isIn(area.x, area.y, area, view, frame) ? undefined : movedTo(area, view, frame);
}

/** Whether an edit has changed what is laid out, and not only where a person has put it. */
export const isNewLayout = (before: Flow, after: Flow): boolean =>
  before.nodes.length !== after.nodes.length ||
  before.edges.length !== after.edges.length ||
  after.nodes.some(({ id, width, height }, index) => {
    const other = before.nodes[index];
    return other.id !== id || other.width !== width || other.height !== height;
  }) ||
  after.edges.some(({ id, from }, index) => {
    const other = before.edges[index];
    return other.id !== id || other.from.layer !== from.layer;
  });

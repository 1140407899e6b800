/** Where the view goes after an edit that has changed the layout: what was wholly in view stays in view. */
import type { Viewport } from 'reactflow';
import { type Bounds, boundsOf } from '../model/bounds.ts';
import type { Flow, FlowNode } from '../model/flow.ts';
import { zoomWithNames } from './detail.ts';
import { fittedViewport, free, type Size, shiftInto } from './fittedViewport.ts';

type Nodes = readonly FlowNode[];

/** What is nearer to the edge is not in view. At the bottom is the legend, which is as high. */
const edge = 16;

const isIn = ({ x, y, width, height }: Bounds, view: Viewport, frame: Size): boolean => {
  const [left, top] = [x * view.zoom + view.x, y * view.zoom + view.y];
  return (
    left >= edge &&
    top >= edge &&
    left + width * view.zoom <= frame.width - edge &&
    top + height * view.zoom <= frame.height - edge
  );
};

export const boxOf = ({ position: [x, y], width, height }: FlowNode): Bounds => ({ x, y, width, height });

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
  for (const node of before) if (isIn(boxOf(node), view, frame)) seen.add(node.id);
  if (seen.size === 0) return undefined;
  const all = seen.size === before.length;
  const selected = new Set(selection);
  const known = all || selected.size === 0 ? seen : new Set(before.map(({ id }) => id));
  const kept = after.filter(({ id }) => seen.has(id) || ((all || selected.has(id)) && !known.has(id)));
  if (kept.length === 0 || isIn(boundsOf(kept), view, frame)) return undefined;
  const moved = movedTo(boundsOf(kept), view, frame);
  if (moved) return moved;
  const fitted = all && fittedViewport(boundsOf(kept), frame, { whole: true, most: view.zoom });
  if (fitted && fitted.zoom >= zoomWithNames) return fitted;
  const chosen = kept.filter(({ id }) => selected.has(id));
  return chosen.length > 0 && !isIn(boundsOf(chosen), view, frame)
    ? movedTo(boundsOf(chosen), view, frame)
    : undefined;
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

/** The viewport that the canvas chooses. */
import type { Rect, Viewport } from 'reactflow';
import { zoomWithNames } from './detail.ts';

/** Margin around the network, in pixels. On the left is the column of zoom controls. */
export const free = { left: 60, right: 28, top: 28, bottom: 28 } as const;
export const largest = 1.1;
export const smallest = 0.02;
/** The zoom at which the beginning of a large network is shown, or a layer that was looked for. */
export const legible = 0.6;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The viewport that shows the whole network or, unless `whole`, the beginning of one too large for that. */
export function fittedViewport(
  network: Rect,
  frame: Size,
  { whole = false, most = largest }: { readonly whole?: boolean; readonly most?: number } = {},
): Viewport {
  const across = (frame.width - free.left - free.right) / network.width;
  const down = (frame.height - free.top - free.bottom) / network.height;
  const fitting = Math.max(smallest, Math.min(most, across, down));
  const zoom = whole || fitting >= zoomWithNames ? fitting : legible;
  const width = network.width * zoom;
  const height = network.height * zoom;
  const middle = { x: (frame.width - width) / 2, y: (frame.height - height) / 2 };
  // Never under the controls. If it is too long for the frame, its beginning is in view.
  const left = across >= zoom ? Math.max(free.left, middle.x) : free.left;
  const top = down >= zoom ? middle.y : free.top;
  return { x: left - network.x * zoom, y: top - network.y * zoom, zoom };
}

/** The same for a network and its cards. Where the cards are so far apart that none would be in view, the first one is. */
export function viewportOfCards(
  cards: readonly Rect[],
  network: Rect,
  frame: Size,
  whole: boolean,
): Viewport {
  const viewport = fittedViewport(network, frame, { whole });
  return cards.some((card) => isSeen(card, viewport, frame))
    ? viewport
    : fittedViewport(cards[0], frame, { most: legible });
}

/** Whether a part of it is in the frame. */
const isSeen = ({ x, y, width, height }: Rect, view: Viewport, frame: Size): boolean =>
  (x + width) * view.zoom + view.x > 0 &&
  (y + height) * view.zoom + view.y > 0 &&
  x * view.zoom + view.x < frame.width &&
  y * view.zoom + view.y < frame.height;

/** The viewport that shows the first layer where a network begins: at the middle of the top, or of the left side. */
export function viewportOfFirst(layer: Rect, frame: Size, down: boolean): Viewport {
  const left = down ? (frame.width - layer.width) / 2 : free.left;
  const top = down ? free.top : (frame.height - layer.height) / 2;
  return { x: left - layer.x, y: top - layer.y, zoom: 1 };
}

/** The smallest shift that brings an interval into a longer one. If it is longer, its beginning is brought in. */
export const shiftInto = (low: number, high: number, from: number, to: number): number =>
  low < from ? from - low : high > to ? Math.max(from - low, to - high) : 0;

/** Whether the whole network is in the frame. */
export function showsAll({ x, y, zoom }: Viewport, network: Rect, frame: Size): boolean {
  const [left, top] = [network.x * zoom + x, network.y * zoom + y];
  return (
    left >= 0 &&
    top >= 0 &&
    left + network.width * zoom <= frame.width &&
    top + network.height * zoom <= frame.height
  );
}

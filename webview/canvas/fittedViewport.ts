/** Where the canvas looks by itself. */
import type { Rect, Viewport } from 'reactflow';
import type { Direction } from '../model/layout.ts';

/** Free way around the network, in pixels. On the left is the column of zoom controls. */
export const free = { left: 60, right: 28, top: 28, bottom: 28 } as const;
export const largest = 1.1;
/** Figures on a card can be read down to here. */
const legible = 0.6;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where the network stands so that all of it is in view, or as much from its beginning as can be read. */
export function fittedViewport(network: Rect, frame: Size, direction: Direction): Viewport {
  const across = (frame.width - free.left - free.right) / network.width;
  const down = (frame.height - free.top - free.bottom) / network.height;
  const zoom = Math.max(legible, Math.min(largest, across, down));
  const width = network.width * zoom;
  const height = network.height * zoom;
  const middle = { x: (frame.width - width) / 2, y: (frame.height - height) / 2 };
  // Never over the controls; too long for the frame, it begins in view.
  const left = direction === 'right' || across >= zoom ? Math.max(free.left, middle.x) : middle.x;
  const top = direction === 'down' ? Math.max(free.top, middle.y) : middle.y;
  return { x: left - network.x * zoom, y: top - network.y * zoom, zoom };
}

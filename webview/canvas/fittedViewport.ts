/** Where the canvas looks by itself. */
import type { Rect, Viewport } from 'reactflow';
import type { Direction } from '../model/layout.ts';

/** Free way around the network, in pixels. */
const margin = 28;
export const largest = 1.1;
/** Figures on a card can be read down to here. */
const legible = 0.6;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where the network stands so that all of it is in view, or as much from its beginning as can be read. */
export function fittedViewport(network: Rect, frame: Size, direction: Direction): Viewport {
  const across = (frame.width - 2 * margin) / network.width;
  const down = (frame.height - 2 * margin) / network.height;
  const zoom = Math.max(legible, Math.min(largest, across, down));
  const place = (start: number, length: number, room: number, first: boolean) =>
    first && length * zoom > room - 2 * margin
      ? margin - start * zoom
      : (room - length * zoom) / 2 - start * zoom;
  return {
    x: place(network.x, network.width, frame.width, direction === 'right'),
    y: place(network.y, network.height, frame.height, direction === 'down'),
    zoom,
  };
}

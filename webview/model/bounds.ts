/** The rectangle that holds all cards. */
import type { Point } from './geometry.ts';

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Placed {
  readonly position: Point;
  readonly width: number;
  readonly height: number;
}

export function boundsOf(cards: readonly Placed[]): Bounds {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { position, width, height } of cards) {
    left = Math.min(left, position[0]);
    top = Math.min(top, position[1]);
    right = Math.max(right, position[0] + width);
    bottom = Math.max(bottom, position[1] + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

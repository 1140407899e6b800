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

/** `others`: further areas to include. */
export function boundsOf(cards: readonly Placed[], others: readonly Bounds[] = []): Bounds {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let index = 0; index < cards.length; index++) {
    const { position, width, height } = cards[index];
    left = Math.min(left, position[0]);
    top = Math.min(top, position[1]);
    right = Math.max(right, position[0] + width);
    bottom = Math.max(bottom, position[1] + height);
  }
  for (const { x, y, width, height } of others) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

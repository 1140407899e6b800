/** A leaky ReLU with a slope for every column, as PReLU learns and RReLU draws. */
import { loadSome, storeSome } from './elementwise';
import { flush, madd, putPair } from './simd';

// @ts-ignore: decorator
@inline
function choose(x: v128, above: v128, below: v128): v128 {
  return v128.bitselect(above, below, f32x4.gt(x, f32x4.splat(0)));
}

/** y[r, c] = x[r, c] if it is above 0, otherwise slope[c] · x[r, c]. */
export function leak(rows: usize, columns: usize, slope: usize, x: usize, y: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    let j: usize = 0;
    for (; j + 8 <= columns; j += 8) {
      const s = slope + 4 * j, from = x + 4 * j;
      const low = v128.load(from), high = v128.load(from, 16);
      putPair(y + 4 * j, choose(low, low, f32x4.mul(v128.load(s), low)), choose(high, high, f32x4.mul(v128.load(s, 16), high)));
    }
    for (; j < columns; j += 4) {
      const n = columns - j, v = loadSome(x + 4 * j, n);
      storeSome(y + 4 * j, choose(v, v, f32x4.mul(loadSome(slope + 4 * j, n), v)), n);
    }
    x += 4 * columns;
    y += 4 * columns;
  }
}

/** dx[r, c] += dy[r, c], times slope[c] where x[r, c] is not above 0. */
export function leakBackward(rows: usize, columns: usize, slope: usize, x: usize, dy: usize, dx: usize): void {
  const one = f32x4.splat(1);
  for (let r: usize = 0; r < rows; r++) {
    let j: usize = 0;
    for (; j + 8 <= columns; j += 8) {
      const s = slope + 4 * j, from = x + 4 * j, g = dy + 4 * j, to = dx + 4 * j;
      const low = madd(v128.load(g), choose(v128.load(from), one, v128.load(s)), v128.load(to));
      const high = madd(v128.load(g, 16), choose(v128.load(from, 16), one, v128.load(s, 16)), v128.load(to, 16));
      putPair(to, flush(low), flush(high));
    }
    for (; j < columns; j += 4) {
      const n = columns - j, to = dx + 4 * j;
      const factor = choose(loadSome(x + 4 * j, n), one, loadSome(slope + 4 * j, n));
      storeSome(to, flush(madd(loadSome(dy + 4 * j, n), factor, loadSome(to, n))), n);
    }
    x += 4 * columns;
    dy += 4 * columns;
    dx += 4 * columns;
  }
}

/** dSlope[c] += Σ_r dy[r, c] · min(0, x[r, c]). */
export function leakSlopes(rows: usize, columns: usize, x: usize, dy: usize, dSlope: usize): void {
  const zero = f32x4.splat(0);
  for (let r: usize = 0; r < rows; r++) {
    for (let j: usize = 0; j < columns; j += 4) {
      const n = columns - j, to = dSlope + 4 * j;
      const below = f32x4.pmin(loadSome(x + 4 * j, n), zero);
      storeSome(to, madd(loadSome(dy + 4 * j, n), below, loadSome(to, n)), n);
    }
    x += 4 * columns;
    dy += 4 * columns;
  }
}

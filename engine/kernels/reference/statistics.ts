/** One pass over a tensor for all of its statistics. */
import type { FloatArray } from '../tensor.ts';

/** Sums, least and largest are of the finite values, so that one NaN does not blot out the rest; it is counted. */
export function moments(
  count: number,
  x: FloatArray,
  offset: number,
  low: number,
  high: number,
  out: Float64Array,
): void {
  let sum = 0;
  let sumOfSquares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let zeros = 0;
  let below = 0;
  let above = 0;
  let notFinite = 0;
  for (let i = offset; i < offset + count; i++) {
    const value = x[i];
    // Only for infinities and NaN is the difference not zero.
    if (value - value !== 0) {
      notFinite++;
      continue;
    }
    sum += value;
    sumOfSquares += value * value;
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
    if (value < low) below++;
    if (value > high) above++;
  }
  out[0] = count;
  out[1] = sum;
  out[2] = sumOfSquares;
  out[3] = min;
  out[4] = max;
  out[5] = zeros;
  out[6] = below;
  out[7] = above;
  out[8] = notFinite;
}

export function sumOfSquares(count: number, x: FloatArray, offset: number): number {
  let sum = 0;
  for (let i = offset; i < offset + count; i++) sum += x[i] * x[i];
  return sum;
}

export function squaredDistance(
  count: number,
  a: FloatArray,
  aOffset: number,
  b: FloatArray,
  bOffset: number,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (a[aOffset + i] - b[bOffset + i]) ** 2;
  return sum;
}

export function markPositive(rows: number, columns: number, x: FloatArray, positive: Uint8Array): void {
  let waiting = 0;
  for (let c = 0; c < columns; c++) waiting += 1 - positive[c];
  for (let row = 0; row < rows * columns && waiting > 0; row += columns)
    for (let c = 0; c < columns; c++)
      if (positive[c] === 0 && x[row + c] > 0) {
        positive[c] = 1;
        waiting--;
      }
}

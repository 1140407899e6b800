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

export function measureUpdate(
  segments: number,
  table: Int32Array,
  w: FloatArray,
  before: FloatArray,
  g: FloatArray,
  out: Float64Array,
): void {
  for (let segment = 0; segment < segments; segment++) {
    const start = table[2 * segment];
    const end = start + table[2 * segment + 1];
    let [gradient, parameters, change] = [0, 0, 0];
    for (let i = start; i < end; i++) {
      gradient += g[i] ** 2;
      parameters += before[i] ** 2;
      change += (w[i] - before[i]) ** 2;
    }
    out[3 * segment] = gradient;
    out[3 * segment + 1] = parameters;
    out[3 * segment + 2] = change;
  }
}

export function countBeyond(
  rows: number,
  columns: number,
  x: FloatArray,
  offset: number,
  stride: number,
  low: number,
  high: number,
  out: Float64Array,
  outOffset: number,
): void {
  let [below, above] = [0, 0];
  for (let first = offset; first < offset + rows * stride; first += stride)
    for (let i = first; i < first + columns; i++) {
      if (x[i] < low) below++;
      if (x[i] > high) above++;
    }
  out[outOffset] += below;
  out[outOffset + 1] += above;
}

export function markPositive(rows: number, columns: number, x: FloatArray, positive: FloatArray): void {
  let waiting = 0;
  for (let c = 0; c < columns; c++) waiting += 1 - positive[c];
  for (let row = 0; row < rows * columns && waiting > 0; row += columns)
    for (let c = 0; c < columns; c++)
      if (positive[c] === 0 && x[row + c] > 0) {
        positive[c] = 1;
        waiting--;
      }
}

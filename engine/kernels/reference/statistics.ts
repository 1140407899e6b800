/** One pass over a tensor for all of its statistics. */
import type { FloatArray } from '../tensor.ts';

/**
 * Sums are relative to the first finite value. It is one of the measured values, so the deviations are at least 1/count of the
 * subtracted correction: float64 keeps their digits however far from zero they are.
 */
export function moments(
  count: number,
  x: FloatArray,
  offset: number,
  low: number,
  high: number,
  out: Float64Array,
): void {
  let shift = Number.NaN;
  let sum = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let zeros = 0;
  let below = 0;
  let above = 0;
  let finite = 0;
  for (let i = offset; i < offset + count; i++) {
    const value = x[i];
    // The difference is nonzero only for infinities and NaN.
    if (value - value !== 0) continue;
    if (finite++ === 0) shift = value;
    const from = value - shift;
    sum += from;
    squares += from * from;
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
    if (value < low) below++;
    if (value > high) above++;
  }
  out[0] = count;
  out[1] = finite > 0 ? shift + sum / finite : 0;
  out[2] = finite > 0 ? Math.max(0, squares - (sum * sum) / finite) : 0;
  out[3] = min;
  out[4] = max;
  out[5] = zeros;
  out[6] = below;
  out[7] = above;
  out[8] = count - finite;
}

export function sumOfSquares(count: number, x: FloatArray, offset: number): number {
  let sum = 0;
  for (let i = offset; i < offset + count; i++) sum += x[i] * x[i];
  return sum;
}

export function sumsOfSquares(segments: number, table: Int32Array, x: FloatArray, out: Float64Array): void {
  for (let segment = 0; segment < segments; segment++)
    out[segment] = sumOfSquares(table[2 * segment + 1], x, table[2 * segment]);
}

export function measureUpdate(
  segments: number,
  table: Int32Array,
  w: FloatArray,
  before: FloatArray,
  out: Float64Array,
): void {
  for (let segment = 0; segment < segments; segment++) {
    const start = table[2 * segment];
    const end = start + table[2 * segment + 1];
    let [parameters, change] = [0, 0];
    for (let i = start; i < end; i++) {
      parameters += before[i] ** 2;
      change += (w[i] - before[i]) ** 2;
    }
    out[2 * segment] = parameters;
    out[2 * segment + 1] = change;
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

export function markPositive(
  rows: number,
  columns: number,
  x: FloatArray,
  offset: number,
  positive: FloatArray,
): number {
  let waiting = 0;
  for (let c = 0; c < columns; c++) waiting += 1 - positive[c];
  for (let row = offset; row < offset + rows * columns && waiting > 0; row += columns)
    for (let c = 0; c < columns; c++)
      if (positive[c] === 0 && x[row + c] > 0) {
        positive[c] = 1;
        waiting--;
      }
  return waiting;
}

/** One pass over a tensor for all of its statistics. */
import { changeAt, type Measurement, type Measuring } from '../kernels.ts';
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

function measureChange(count: number, x: FloatArray, before: FloatArray, out: Float64Array): void {
  let change = 0;
  for (let i = 0; i < count; i++) change += (x[i] - before[i]) ** 2;
  out[changeAt.before] = sumOfSquares(count, before, 0);
  out[changeAt.change] = change;
}

export const prepare =
  (measurements: readonly Measurement[]): Measuring =>
  (samples) => {
    for (const measurement of measurements) take(measurement, samples);
  };

function take(measurement: Measurement, samples: number): void {
  const { what, x, perSample } = measurement;
  const count = perSample === undefined ? x.length : samples * perSample;
  if (what === 'moments') moments(count, x, 0, measurement.low, measurement.high, measurement.out);
  else if (what === 'squares') measurement.out[0] = sumOfSquares(count, x, 0);
  else if (what === 'copy') measurement.other.set(x.subarray(0, count));
  else measureChange(count, x, measurement.other, measurement.out);
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

/** Sums over rows and columns, products, masks, a loss. */
import type { Random } from '../random.ts';
import type { FloatArray } from '../tensor.ts';
import { softmax } from './softmax.ts';

export function addBias(
  rows: number,
  columns: number,
  bias: FloatArray,
  y: FloatArray,
  yOffset: number,
): void {
  for (let row = 0, at = yOffset; row < rows; row++) for (let c = 0; c < columns; c++, at++) y[at] += bias[c];
}

export function addColumnSums(
  rows: number,
  columns: number,
  x: FloatArray,
  xOffset: number,
  sums: FloatArray,
): void {
  // Column by column, so that each sum is in double precision.
  for (let c = 0; c < columns; c++) {
    let sum = 0;
    for (let row = 0, at = xOffset + c; row < rows; row++, at += columns) sum += x[at];
    sums[c] += sum;
  }
}

export function addScaled(
  count: number,
  factor: number,
  x: FloatArray,
  xOffset: number,
  y: FloatArray,
  yOffset: number,
): void {
  for (let i = 0; i < count; i++) y[yOffset + i] += factor * x[xOffset + i];
}

export function scale(count: number, factor: number, x: FloatArray): void {
  for (let i = 0; i < count; i++) x[i] *= factor;
}

export function multiply(
  count: number,
  accumulate: boolean,
  a: FloatArray,
  b: FloatArray,
  y: FloatArray,
): void {
  if (accumulate) for (let i = 0; i < count; i++) y[i] += a[i] * b[i];
  else for (let i = 0; i < count; i++) y[i] = a[i] * b[i];
}

export function softmaxCrossEntropy(
  rows: number,
  columns: number,
  ignored: number,
  factor: number,
  x: FloatArray,
  target: Int32Array,
  p: FloatArray,
  dx: FloatArray | undefined,
): number {
  softmax({ batch: rows, outer: 1, size: columns, inner: 1 }, x, p);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const wanted = target[row];
    if (wanted === ignored) continue;
    const start = row * columns;
    let best = start;
    for (let i = start + 1; i < start + columns; i++) if (x[i] > x[best]) best = i;
    // ln p = x − max x + ln(max p), because the largest element has p = 1 / Σ exp(x − max x).
    loss -= x[start + wanted] - x[best] + Math.log(p[best]);
    if (!dx) continue;
    for (let i = start; i < start + columns; i++) dx[i] += factor * p[i];
    dx[start + wanted] -= factor;
  }
  return loss;
}

export function leak(rows: number, columns: number, slope: FloatArray, x: FloatArray, y: FloatArray): void {
  for (let row = 0, at = 0; row < rows; row++)
    for (let c = 0; c < columns; c++, at++) y[at] = x[at] > 0 ? x[at] : slope[c] * x[at];
}

export function leakBackward(
  rows: number,
  columns: number,
  slope: FloatArray,
  x: FloatArray,
  dy: FloatArray,
  dx: FloatArray,
): void {
  for (let row = 0, at = 0; row < rows; row++)
    for (let c = 0; c < columns; c++, at++) dx[at] += dy[at] * (x[at] > 0 ? 1 : slope[c]);
}

export function leakSlopes(
  rows: number,
  columns: number,
  x: FloatArray,
  dy: FloatArray,
  dSlope: FloatArray,
): void {
  for (let row = 0, at = 0; row < rows; row++)
    for (let c = 0; c < columns; c++, at++) dSlope[c] += dy[at] * Math.min(0, x[at]);
}

export function drawUniform(random: Random, count: number, low: number, high: number, y: FloatArray): void {
  for (let i = 0; i < count; i++) y[i] = low + (high - low) * random.uniform();
}

export function drawMask(random: Random, count: number, rate: number, mask: FloatArray): void {
  const kept = 1 / (1 - rate);
  for (let i = 0; i < count; i++) mask[i] = kept * Number(random.uniform() >= rate);
}

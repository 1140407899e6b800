/**
 * Batch, layer and group normalization. They differ only in which elements are normalized together: a *set* is `runs`
 * runs of `length` neighbours from `start`, the runs `stride` apart. Element j of every run has the scale
 * gamma[first + j] and the offset beta[first + j]. Formulas: ../normalization.ts.
 */
// biome-ignore-all format: a signature lists one group of operands a line.
import type { FloatArray } from '../tensor.ts';

export function measureChannels(
  rows: number, channels: number, x: FloatArray, mean: FloatArray, variance: FloatArray, real?: Int32Array, stretch = rows,
): void {
  const count = Math.max(1, countReal(rows, real, stretch));
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let n = 0; n * stretch < rows; n++) sum += sumOf(n * stretch * channels + c, real ? real[n] : stretch, channels, 1, x);
    mean[c] = sum / count;
    let squares = 0;
    for (let n = 0; n * stretch < rows; n++) squares += squaresOf(n * stretch * channels + c, real ? real[n] : stretch, channels, 1, x, mean[c]);
    variance[c] = squares / count;
  }
}

function countReal(rows: number, real: Int32Array | undefined, stretch: number): number {
  if (!real) return rows;
  let count = 0;
  for (let n = 0; n * stretch < rows; n++) count += real[n];
  return count;
}

export function normalizeChannels(
  rows: number, channels: number, epsilon: number, x: FloatArray, mean: FloatArray, variance: FloatArray,
  gamma: FloatArray | undefined, beta: FloatArray | undefined, y: FloatArray,
): void {
  for (let c = 0; c < channels; c++)
    normalizeSet(c, rows, channels, 1, c, x, mean[c], 1 / Math.sqrt(variance[c] + epsilon), gamma, beta, y);
}

export function normalizeChannelsBackward(
  rows: number, channels: number, epsilon: number, fixed: boolean, x: FloatArray, mean: FloatArray, variance: FloatArray,
  gamma: FloatArray | undefined, dy: FloatArray,
  dGamma: FloatArray | undefined, dBeta: FloatArray | undefined, dx: FloatArray | undefined, real?: Int32Array, stretch = rows,
): void {
  const count = countReal(rows, real, stretch);
  for (let c = 0; c < channels; c++) {
    const inverse = 1 / Math.sqrt(variance[c] + epsilon);
    sums.fill(0);
    for (let n = 0; n * stretch < rows; n++) {
      const start = n * stretch * channels + c;
      const runs = real ? real[n] : stretch;
      addScaleGradients(start, runs, channels, 1, c, x, mean[c], inverse, dy, dGamma, dBeta);
      if (dx && !fixed) sumGradients(start, runs, channels, 1, c, x, mean[c], inverse, dy, gamma);
    }
    if (!dx) continue;
    for (let n = 0; n * stretch < rows; n++)
      addInputGradient(n * stretch * channels + c, real ? real[n] : stretch, channels, 1, c, x, mean[c], inverse, dy, gamma, count, dx);
  }
}

export function normalizeGroups(
  samples: number, positions: number, channels: number, groups: number, epsilon: number, x: FloatArray,
  gamma: FloatArray | undefined, beta: FloatArray | undefined, mean: FloatArray, inverse: FloatArray, y: FloatArray,
): void {
  const size = channels / groups;
  for (let slot = 0; slot < samples * groups; slot++) {
    const first = (slot % groups) * size;
    const start = Math.floor(slot / groups) * positions * channels + first;
    const count = positions * size;
    mean[slot] = sumOf(start, positions, channels, size, x) / count;
    inverse[slot] = 1 / Math.sqrt(squaresOf(start, positions, channels, size, x, mean[slot]) / count + epsilon);
    normalizeSet(start, positions, channels, size, first, x, mean[slot], inverse[slot], gamma, beta, y);
  }
}

export function normalizeGroupsBackward(
  samples: number, positions: number, channels: number, groups: number, x: FloatArray, mean: FloatArray, inverse: FloatArray,
  gamma: FloatArray | undefined, dy: FloatArray,
  dGamma: FloatArray | undefined, dBeta: FloatArray | undefined, dx: FloatArray | undefined,
): void {
  const size = channels / groups;
  for (let slot = 0; slot < samples * groups; slot++) {
    const first = (slot % groups) * size;
    const start = Math.floor(slot / groups) * positions * channels + first;
    addScaleGradients(start, positions, channels, size, first, x, mean[slot], inverse[slot], dy, dGamma, dBeta);
    if (!dx) continue;
    sums.fill(0);
    sumGradients(start, positions, channels, size, first, x, mean[slot], inverse[slot], dy, gamma);
    addInputGradient(start, positions, channels, size, first, x, mean[slot], inverse[slot], dy, gamma, positions * size, dx);
  }
}

function sumOf(start: number, runs: number, stride: number, length: number, x: FloatArray): number {
  let sum = 0;
  for (let r = 0, at = start; r < runs; r++, at += stride) for (let j = 0; j < length; j++) sum += x[at + j];
  return sum;
}

/** A separate pass after the mean, so that large means do not cancel. */
function squaresOf(start: number, runs: number, stride: number, length: number, x: FloatArray, mean: number): number {
  let squares = 0;
  for (let r = 0, at = start; r < runs; r++, at += stride)
    for (let j = 0; j < length; j++) squares += (x[at + j] - mean) ** 2;
  return squares;
}

function normalizeSet(
  start: number, runs: number, stride: number, length: number, first: number, x: FloatArray, mean: number, inverse: number,
  gamma: FloatArray | undefined, beta: FloatArray | undefined, y: FloatArray,
): void {
  for (let r = 0, at = start; r < runs; r++, at += stride)
    for (let j = 0; j < length; j++) {
      const normalized = (x[at + j] - mean) * inverse;
      y[at + j] = normalized * (gamma ? gamma[first + j] : 1) + (beta ? beta[first + j] : 0);
    }
}

function addScaleGradients(
  start: number, runs: number, stride: number, length: number, first: number, x: FloatArray, mean: number, inverse: number,
  dy: FloatArray, dGamma: FloatArray | undefined, dBeta: FloatArray | undefined,
): void {
  if (!dGamma && !dBeta) return;
  for (let j = 0; j < length; j++) {
    let scaleSum = 0;
    let offsetSum = 0;
    for (let r = 0, at = start + j; r < runs; r++, at += stride) {
      scaleSum += dy[at] * (x[at] - mean) * inverse;
      offsetSum += dy[at];
    }
    if (dGamma) dGamma[first + j] += scaleSum;
    if (dBeta) dBeta[first + j] += offsetSum;
  }
}

/** Σ g and Σ g · x̂ of the current set. */
const sums = new Float64Array(2);

function sumGradients(
  start: number, runs: number, stride: number, length: number, first: number, x: FloatArray, mean: number, inverse: number,
  dy: FloatArray, gamma: FloatArray | undefined,
): void {
  for (let r = 0, at = start; r < runs; r++, at += stride)
    for (let j = 0; j < length; j++) {
      const g = dy[at + j] * (gamma ? gamma[first + j] : 1);
      sums[0] += g;
      sums[1] += g * (x[at + j] - mean) * inverse;
    }
}

/** With the sums at 0, as if mean and inverse did not depend on x. */
function addInputGradient(
  start: number, runs: number, stride: number, length: number, first: number, x: FloatArray, mean: number, inverse: number,
  dy: FloatArray, gamma: FloatArray | undefined, count: number, dx: FloatArray,
): void {
  const [sum, dot] = sums;
  for (let r = 0, at = start; r < runs; r++, at += stride)
    for (let j = 0; j < length; j++) {
      const g = dy[at + j] * (gamma ? gamma[first + j] : 1);
      const normalized = (x[at + j] - mean) * inverse;
      dx[at + j] += inverse * (g - (sum + normalized * dot) / count);
    }
}

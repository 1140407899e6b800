/** The parts of attention: projections of every step, and softmax over the steps to which a step may attend. */
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from './define.ts';

/** y[R, O] = x[R, I] · kernel[I, O] + bias[O]. */
export function project(
  kernels: Kernels,
  rows: number,
  inputs: number,
  outputs: number,
  x: FloatArray,
  kernel: FloatArray,
  bias: FloatArray | undefined,
  y: FloatArray,
): void {
  kernels.gemm(rows, outputs, inputs, x, 0, inputs, kernel, 0, outputs, y, 0, outputs);
  if (bias) kernels.addBias(rows, outputs, bias, y, 0);
}

/** dx += dy · kernelᵀ, dKernel += xᵀ · dy, dBias += Σ_rows dy. */
export function projectBackward(
  kernels: Kernels,
  rows: number,
  inputs: number,
  outputs: number,
  x: FloatArray,
  kernel: FloatArray,
  dy: FloatArray,
  dx: FloatArray | undefined,
  dKernel: FloatArray,
  dBias: FloatArray | undefined,
): void {
  if (dx)
    kernels.gemm(rows, inputs, outputs, dy, 0, outputs, kernel, 0, outputs, dx, 0, inputs, {
      transposeB: true,
      accumulate: true,
    });
  kernels.gemm(inputs, outputs, rows, x, 0, inputs, dy, 0, outputs, dKernel, 0, outputs, {
    transposeA: true,
    accumulate: true,
  });
  if (dBias) kernels.addColumnSums(rows, outputs, dy, 0, dBias);
}

/**
 * Turns scores [T, T] at `map` into weights in place: scales them and takes the softmax over the keys to which a step may attend.
 * The others get 0.
 */
export function attend(
  scores: FloatArray,
  map: number,
  steps: number,
  length: number,
  causal: boolean,
  scale: number,
): void {
  for (let step = 0; step < steps; step++) {
    const start = map + step * steps;
    const seen = start + (causal ? Math.min(length, step + 1) : length);
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = start; i < seen; i++) largest = Math.max(largest, scores[i]);
    let sum = 0;
    for (let i = start; i < seen; i++) {
      scores[i] = Math.exp(scale * (scores[i] - largest));
      sum += scores[i];
    }
    for (let i = start; i < seen; i++) scores[i] /= sum;
    scores.fill(0, seen, start + steps);
  }
}

/** Turns gradients of weights [T, T] into gradients of unscaled scores in place. A weight of 0 passes none. */
export function attendBackward(
  weights: FloatArray,
  map: number,
  steps: number,
  scale: number,
  gradient: FloatArray,
): void {
  for (let step = 0; step < steps; step++) {
    const start = step * steps;
    let dot = 0;
    for (let i = start; i < start + steps; i++) dot += gradient[i] * weights[map + i];
    for (let i = start; i < start + steps; i++) gradient[i] = scale * weights[map + i] * (gradient[i] - dot);
  }
}

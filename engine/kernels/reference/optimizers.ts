/** Parameter updates over one flat range. */
import type { AdamConstants } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';

export function sgdStep(
  count: number,
  learningRate: number,
  momentum: number,
  nesterov: boolean,
  w: FloatArray,
  g: FloatArray,
  velocity: FloatArray,
): void {
  if (momentum === 0) {
    for (let i = 0; i < count; i++) w[i] -= learningRate * g[i];
    return;
  }
  for (let i = 0; i < count; i++) {
    const v = momentum * velocity[i] + g[i];
    velocity[i] = v;
    w[i] -= learningRate * (nesterov ? g[i] + momentum * v : v);
  }
}

/** m = β₁m + (1−β₁)g, v = β₂v + (1−β₂)g², w −= learningRate · (m / c₁) / (√(v / c₂) + ε). */
export function adamStep(
  count: number,
  learningRate: number,
  { beta1, beta2, epsilon }: AdamConstants,
  correction1: number,
  correction2: number,
  w: FloatArray,
  g: FloatArray,
  m: FloatArray,
  v: FloatArray,
): void {
  const rate = learningRate / correction1;
  const scale = 1 / Math.sqrt(correction2);
  for (let i = 0; i < count; i++) {
    const gradient = g[i];
    const mean = beta1 * m[i] + (1 - beta1) * gradient;
    const square = beta2 * v[i] + (1 - beta2) * gradient * gradient;
    m[i] = mean;
    v[i] = square;
    w[i] -= (rate * mean) / (Math.sqrt(square) * scale + epsilon);
  }
}

export function rmspropStep(
  count: number,
  learningRate: number,
  rho: number,
  momentum: number,
  epsilon: number,
  w: FloatArray,
  g: FloatArray,
  square: FloatArray,
  mean: FloatArray | undefined,
  velocity: FloatArray | undefined,
): void {
  for (let i = 0; i < count; i++) {
    square[i] = rho * square[i] + (1 - rho) * g[i] * g[i];
    let variance = square[i];
    if (mean) {
      mean[i] = rho * mean[i] + (1 - rho) * g[i];
      // Rounding may bring the difference just below zero.
      variance = Math.max(0, variance - mean[i] * mean[i]);
    }
    let change = g[i] / (Math.sqrt(variance) + epsilon);
    if (velocity) {
      change += momentum * velocity[i];
      velocity[i] = change;
    }
    w[i] -= learningRate * change;
  }
}

export function adagradStep(
  count: number,
  learningRate: number,
  initialSum: number,
  epsilon: number,
  w: FloatArray,
  g: FloatArray,
  sum: FloatArray,
): void {
  for (let i = 0; i < count; i++) {
    sum[i] += g[i] * g[i];
    w[i] -= (learningRate * g[i]) / (Math.sqrt(sum[i] + initialSum) + epsilon);
  }
}

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
  largest?: FloatArray,
): void {
  const rate = learningRate / correction1;
  const scale = 1 / Math.sqrt(correction2);
  for (let i = 0; i < count; i++) {
    const gradient = g[i];
    const mean = beta1 * m[i] + (1 - beta1) * gradient;
    let square = beta2 * v[i] + (1 - beta2) * gradient * gradient;
    m[i] = mean;
    v[i] = square;
    if (largest) {
      square = Math.max(largest[i], square);
      largest[i] = square;
    }
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

export function nadamStep(
  count: number,
  ofGradient: number,
  ofMomentum: number,
  { beta1, beta2, epsilon }: AdamConstants,
  correction2: number,
  w: FloatArray,
  g: FloatArray,
  m: FloatArray,
  v: FloatArray,
): void {
  for (let i = 0; i < count; i++) {
    m[i] = beta1 * m[i] + (1 - beta1) * g[i];
    v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
    w[i] -= (ofGradient * g[i] + ofMomentum * m[i]) / (Math.sqrt(v[i] / correction2) + epsilon);
  }
}

export function adamaxStep(
  count: number,
  rate: number,
  { beta1, beta2, epsilon }: AdamConstants,
  w: FloatArray,
  g: FloatArray,
  m: FloatArray,
  largest: FloatArray,
): void {
  for (let i = 0; i < count; i++) {
    m[i] = beta1 * m[i] + (1 - beta1) * g[i];
    largest[i] = Math.max(beta2 * largest[i], Math.abs(g[i]) + epsilon);
    w[i] -= (rate * m[i]) / largest[i];
  }
}

export function lionStep(
  count: number,
  learningRate: number,
  beta1: number,
  beta2: number,
  weightDecay: number,
  w: FloatArray,
  g: FloatArray,
  m: FloatArray,
): void {
  for (let i = 0; i < count; i++) {
    w[i] -= learningRate * (Math.sign(beta1 * m[i] + (1 - beta1) * g[i]) + weightDecay * w[i]);
    m[i] = beta2 * m[i] + (1 - beta2) * g[i];
  }
}

export function adadeltaStep(
  count: number,
  learningRate: number,
  rho: number,
  epsilon: number,
  w: FloatArray,
  g: FloatArray,
  square: FloatArray,
  stepSquare: FloatArray,
): void {
  for (let i = 0; i < count; i++) {
    square[i] = rho * square[i] + (1 - rho) * g[i] * g[i];
    const change = (Math.sqrt(stepSquare[i] + epsilon) / Math.sqrt(square[i] + epsilon)) * g[i];
    stepSquare[i] = rho * stepSquare[i] + (1 - rho) * change * change;
    w[i] -= learningRate * change;
  }
}

/** Attention, one weight at a time. Formulas: ../attention.ts. */
// biome-ignore-all format: a signature lists one group of operands a line.
import type { AttentionShape } from '../attention.ts';
import type { FloatArray } from '../tensor.ts';

/** Σ a[at + i] · b[other + i]. */
function dot(count: number, a: FloatArray, at: number, b: FloatArray, other: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += a[at + i] * b[other + i];
  return sum;
}

/** y[to + i] += factor · x[from + i]. */
function add(count: number, factor: number, x: FloatArray, from: number, y: FloatArray, to: number): void {
  for (let i = 0; i < count; i++) y[to + i] += factor * x[from + i];
}

/** Calls `visit` for each sample, head and step: where its slice of a row begins, and its row of weights. */
function eachStep(
  { batch, heads, steps, keySize }: AttentionShape,
  visit: (sample: number, step: number, first: number, at: number, row: number) => void,
): void {
  const width = heads * keySize;
  for (let n = 0; n < batch; n++)
    for (let h = 0; h < heads; h++) {
      const first = n * steps * width + h * keySize;
      for (let step = 0; step < steps; step++)
        visit(n, step, first, first + step * width, ((n * heads + h) * steps + step) * steps);
    }
}

export function attend(
  shape: AttentionShape, lengths: Int32Array | undefined, query: FloatArray, key: FloatArray, value: FloatArray,
  weights: FloatArray, context: FloatArray,
): void {
  const { heads, steps, keySize, causal, scale } = shape;
  const width = heads * keySize;
  eachStep(shape, (n, step, first, at, row) => {
    const length = lengths ? lengths[n] : steps;
    const seen = causal ? Math.min(length, step + 1) : length;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < seen; i++) {
      weights[row + i] = dot(keySize, query, at, key, first + i * width);
      largest = Math.max(largest, weights[row + i]);
    }
    let sum = 0;
    for (let i = 0; i < seen; i++) {
      weights[row + i] = Math.exp(scale * (weights[row + i] - largest));
      sum += weights[row + i];
    }
    weights.fill(0, row + seen, row + steps);
    context.fill(0, at, at + keySize);
    for (let i = 0; i < seen; i++) {
      weights[row + i] /= sum;
      add(keySize, weights[row + i], value, first + i * width, context, at);
    }
  });
}

export function attendBackward(
  shape: AttentionShape, query: FloatArray, key: FloatArray, value: FloatArray, weights: FloatArray, gradContext: FloatArray,
  gradQuery: FloatArray, gradKey: FloatArray, gradValue: FloatArray,
): void {
  const { batch, heads, steps, keySize, scale } = shape;
  const width = heads * keySize;
  for (const gradient of [gradQuery, gradKey, gradValue]) gradient.fill(0, 0, batch * steps * width);
  eachStep(shape, (_, _step, first, at, row) => {
    let mean = 0;
    for (let i = 0; i < steps; i++) mean += weights[row + i] * dot(keySize, gradContext, at, value, first + i * width);
    for (let i = 0; i < steps; i++) {
      const other = first + i * width;
      const ofScore = scale * weights[row + i] * (dot(keySize, gradContext, at, value, other) - mean);
      add(keySize, weights[row + i], gradContext, at, gradValue, other);
      add(keySize, ofScore, key, other, gradQuery, at);
      add(keySize, ofScore, query, at, gradKey, other);
    }
  });
}

/**
 * Kernels of attention. Queries, keys and values are [batch, steps, heads × keySize]: those of one head are a slice of each row.
 * Weights are [batch, heads, steps, steps].
 */
// biome-ignore-all format: a signature lists one group of operands a line.
import type { FloatArray } from './tensor.ts';

export interface AttentionShape {
  readonly batch: number;
  readonly heads: number;
  readonly steps: number;
  readonly keySize: number;
  /** No step sees a later one. */
  readonly causal: boolean;
  /** Scores are multiplied by this number before the softmax. */
  readonly scale: number;
}

export interface AttentionKernels {
  /**
   * weights = softmax(scale · q·kᵀ) over the steps that a step sees, 0 for the others, and context = weights · v. With
   * `lengths`, the first lengths[n] steps of sample n are seen.
   */
  attend(
    shape: AttentionShape, lengths: Int32Array | undefined, query: FloatArray, key: FloatArray, value: FloatArray,
    weights: FloatArray, context: FloatArray,
  ): void;
  /**
   * With a = weights and d = dContext: dv = aᵀ·d, dScores = scale · a · (d·vᵀ − Σ a · (d·vᵀ)), dq = dScores·k, dk = dScoresᵀ·q.
   * All three are overwritten.
   */
  attendBackward(
    shape: AttentionShape, query: FloatArray, key: FloatArray, value: FloatArray, weights: FloatArray, gradContext: FloatArray,
    gradQuery: FloatArray, gradKey: FloatArray, gradValue: FloatArray,
  ): void;
}

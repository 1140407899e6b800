/**
 * Kernels of normalization layers. Channels are the last axis of every table. `gamma` and `beta` and their gradients
 * are [channels], absent if the layer does not train them. Gradients are added to.
 */
// biome-ignore-all format: a signature lists one group of operands a line.
import type { FloatArray } from './tensor.ts';

export interface NormalizationKernels {
  /**
   * mean[c] and variance[c] (divided by the count) over the rows of x [rows, channels]; 0 without rows. With `real`, rows come
   * in stretches of `stretch` rows, and only the first real[n] rows of stretch n count.
   */
  measureChannels(
    rows: number, channels: number, x: FloatArray, mean: FloatArray, variance: FloatArray, real?: Int32Array, stretch?: number,
  ): void;
  /** y = (x − mean) / √(variance + ε) · gamma + beta, channel by channel. */
  normalizeChannels(
    rows: number, channels: number, epsilon: number, x: FloatArray, mean: FloatArray, variance: FloatArray,
    gamma: FloatArray | undefined, beta: FloatArray | undefined, y: FloatArray,
  ): void;
  /**
   * With x̂ = (x − mean) · i, i = 1 / √(variance + ε): dGamma += Σ dy · x̂, dBeta += Σ dy, and, with g = dy · gamma,
   * dx += i · (g − mean(g) − x̂ · mean(g · x̂)), which removes the part that moves the channel's mean or spread. With `fixed`
   * (statistics that do not come from x) dx += i · g. `real` and `stretch` as in measureChannels; other rows get no gradient.
   */
  normalizeChannelsBackward(
    rows: number, channels: number, epsilon: number, fixed: boolean, x: FloatArray, mean: FloatArray, variance: FloatArray,
    gamma: FloatArray | undefined, dy: FloatArray,
    dGamma: FloatArray | undefined, dBeta: FloatArray | undefined, dx: FloatArray | undefined, real?: Int32Array, stretch?: number,
  ): void;

  /**
   * x is [samples, positions, channels], with its channels in `groups` parts. Every part of a sample gets mean 0 and variance 1
   * over all positions: y = (x − mean) · inverse · gamma + beta, inverse = 1 / √(variance + ε). Writes mean and inverse
   * [samples, groups]. One position and one group are layer normalization.
   */
  normalizeGroups(
    samples: number, positions: number, channels: number, groups: number, epsilon: number, x: FloatArray,
    gamma: FloatArray | undefined, beta: FloatArray | undefined, mean: FloatArray, inverse: FloatArray, y: FloatArray,
  ): void;
  /** Like normalizeChannelsBackward, with the means of g and g · x̂ over each part of a sample. */
  normalizeGroupsBackward(
    samples: number, positions: number, channels: number, groups: number, x: FloatArray, mean: FloatArray, inverse: FloatArray,
    gamma: FloatArray | undefined, dy: FloatArray,
    dGamma: FloatArray | undefined, dBeta: FloatArray | undefined, dx: FloatArray | undefined,
  ): void;
}

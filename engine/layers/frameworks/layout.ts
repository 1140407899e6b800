/**
 * Orders of axes. Ours is channels and features last, and kernels as […, inputs, outputs]; other
 * frameworks' tensors are described by where our axes stand in theirs: our axis i is their axis order[i].
 */

/** [N, C, …] of PyTorch and ONNX to our [N, …, C]. */
export const channelsLast = (rank: number): number[] => [0, ...spatial(rank), 1];

/**
 * A convolution's [outputs, inputs / groups, …] of PyTorch and ONNX to our […, inputs / groups, outputs]. A transposed
 * convolution's [inputs, outputs / groups, …] moves alike, to […, outputs / groups, inputs].
 */
export const convolutionKernel = (rank: number): number[] => [...spatial(rank), 1, 0];

/** PyTorch's linear weight [outputs, inputs] to our kernel [inputs, outputs]. */
export const denseKernel: readonly number[] = [1, 0];

/** The order that leads back. */
export const inverseOrder = (order: readonly number[]): number[] =>
  order.map((_, axis) => order.indexOf(axis));

/** The axes after batch and channels. */
const spatial = (rank: number): number[] => Array.from({ length: rank - 2 }, (_, i) => i + 2);

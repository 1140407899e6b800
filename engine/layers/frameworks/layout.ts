/**
 * Orders of axes. In Netloom, channels and features come last, and kernels are […, inputs, outputs]. An order describes a tensor
 * of another framework: axis i of Netloom is axis order[i] there.
 */

/** From [N, C, …] of PyTorch and ONNX to Netloom's [N, …, C]. */
export const channelsLast = (rank: number): number[] => [0, ...spatial(rank), 1];

/**
 * From a convolution's [outputs, inputs / groups, …] of PyTorch and ONNX to Netloom's […, inputs / groups, outputs]. Likewise
 * from a transposed convolution's [inputs, outputs / groups, …] to […, outputs / groups, inputs].
 */
export const convolutionKernel = (rank: number): number[] => [...spatial(rank), 1, 0];

/** From PyTorch's linear weight [outputs, inputs] to Netloom's kernel [inputs, outputs]. */
export const denseKernel: readonly number[] = [1, 0];

/** The inverse order. */
export const inverseOrder = (order: readonly number[]): number[] =>
  order.map((_, axis) => order.indexOf(axis));

/** The axes after batch and channels. */
const spatial = (rank: number): number[] => Array.from({ length: rank - 2 }, (_, i) => i + 2);

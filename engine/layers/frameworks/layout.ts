/**
 * The one table of axis orders. Ours is channels and features last, and kernels as […, inputs, outputs]; other
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

/**
 * Blocks of gates in a recurrent layer's weights: our block i is their block order[i]. Ours are i f a o in an LSTM,
 * z r c in a GRU and i f o among peepholes, as in Keras; PyTorch's are i f g o and r z n; ONNX's i o f c, z r h and i o f.
 */
export const gateOrder = {
  simpleRnn: { pytorch: [0], onnx: [0] },
  lstm: { pytorch: [0, 1, 2, 3], onnx: [0, 2, 3, 1] },
  gru: { pytorch: [1, 0, 2], onnx: [0, 1, 2] },
  peephole: { onnx: [0, 2, 1] },
} as const;

/** PyTorch's recurrent weights [gates · units, inputs] to our kernel [inputs, gates · units] in the order of our gates. */
export function gateKernel(
  weight: ArrayLike<number>,
  inputs: number,
  order: readonly number[],
): Float64Array {
  const columns = weight.length / inputs;
  const units = columns / order.length;
  const kernel = new Float64Array(weight.length);
  order.forEach((theirs, ours) => {
    for (let unit = 0; unit < units; unit++)
      for (let input = 0; input < inputs; input++)
        kernel[input * columns + ours * units + unit] = weight[(theirs * units + unit) * inputs + input];
  });
  return kernel;
}

/** A bias [gates · units] of another framework in the order of our gates. */
export const gateBias = (bias: ArrayLike<number>, order: readonly number[]): Float64Array =>
  gateKernel(bias, 1, order);

/** The order that leads back. */
export const inverseOrder = (order: readonly number[]): number[] =>
  order.map((_, axis) => order.indexOf(axis));

/** The axes after batch and channels. */
const spatial = (rank: number): number[] => Array.from({ length: rank - 2 }, (_, i) => i + 2);

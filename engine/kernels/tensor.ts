/** Tensors: a shape over a view of the arena. Row-major, batch first, channels last. */

export type FloatArray = Float32Array | Float64Array;

/** Numbers in a tensor of this shape. */
export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

export interface Tensor {
  /** With the batch axis, if there is one. */
  readonly shape: readonly number[];
  readonly data: FloatArray;
}

export interface IntTensor {
  readonly shape: readonly number[];
  readonly data: Int32Array;
}

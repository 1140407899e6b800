/** Kernels of softmax and log-softmax along one axis. */
import type { FloatArray } from './tensor.ts';

/** Tensors are [batch × outer, size, inner]. Each softmax is along `size`. */
export interface SoftmaxShape {
  readonly batch: number;
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
  /** Only the first lengths[n] entries of sample n count; the outputs of the others are 0. */
  readonly lengths?: Int32Array | undefined;
}

export interface SoftmaxKernels {
  /** y = eˣ / Σ eˣ, with the largest x subtracted. */
  softmax(shape: SoftmaxShape, x: FloatArray, y: FloatArray): void;
  /** dx += y · (dy − Σ dy·y). */
  softmaxBackward(shape: SoftmaxShape, y: FloatArray, dy: FloatArray, dx: FloatArray): void;
  /** y = x − ln Σ eˣ, likewise. */
  logSoftmax(shape: SoftmaxShape, x: FloatArray, y: FloatArray): void;
  /** dx += dy − eʸ · Σ dy. */
  logSoftmaxBackward(shape: SoftmaxShape, y: FloatArray, dy: FloatArray, dx: FloatArray): void;
}

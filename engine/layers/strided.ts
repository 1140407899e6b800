/**
 * Reads a tensor in the order of another one, by strides: a transposed axis has the stride of another axis, a repeated axis has
 * stride 0. The walk counts like an odometer, so it needs no table of the tensor's size.
 */
import type { FloatArray } from '../kernels/tensor.ts';
import { sizeOf } from '../kernels/tensor.ts';
import type { Shape } from './buffers.ts';

/** How one sample of a source is read in the order of an output of shape `sizes`. */
export type StridedView = {
  readonly sizes: Shape;
  /** The distance in the source between neighbours along each axis of the output. */
  readonly strides: readonly number[];
  /** Elements of one sample of the output, and of the source. */
  readonly outputSize: number;
  readonly sourceSize: number;
};

/** Distances between neighbours along each axis of a row-major tensor. */
export const stridesOf = (shape: Shape): number[] => shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));

/** Moves one element on and gives its offset in the source; after the last element all counters are 0 again. */
function advance({ sizes, strides }: StridedView, counter: Int32Array, offset: number): number {
  let next = offset;
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    next += strides[axis];
    counter[axis]++;
    if (counter[axis] < sizes[axis]) return next;
    next -= strides[axis] * sizes[axis];
    counter[axis] = 0;
  }
  return next;
}

/** y[i] = x[source of i]. `counter` is scratch, one number for each axis. */
export function copyStrided(
  view: StridedView,
  batch: number,
  counter: Int32Array,
  x: FloatArray,
  y: FloatArray,
): void {
  counter.fill(0);
  for (let row = 0, i = 0; row < batch; row++)
    for (let offset = row * view.sourceSize, end = i + view.outputSize; i < end; i++) {
      y[i] = x[offset];
      offset = advance(view, counter, offset);
    }
}

/** y[i] += x[source of i]. */
export function addStrided(
  view: StridedView,
  batch: number,
  counter: Int32Array,
  x: FloatArray,
  y: FloatArray,
): void {
  counter.fill(0);
  for (let row = 0, i = 0; row < batch; row++)
    for (let offset = row * view.sourceSize, end = i + view.outputSize; i < end; i++) {
      y[i] += x[offset];
      offset = advance(view, counter, offset);
    }
}

/** y[i] *= x[source of i]. */
export function multiplyStrided(
  view: StridedView,
  batch: number,
  counter: Int32Array,
  x: FloatArray,
  y: FloatArray,
): void {
  counter.fill(0);
  for (let row = 0, i = 0; row < batch; row++)
    for (let offset = row * view.sourceSize, end = i + view.outputSize; i < end; i++) {
      y[i] *= x[offset];
      offset = advance(view, counter, offset);
    }
}

/** dx[source of i] += factor · dy[i]: the gradient of all of the above with respect to x. */
export function scatterAdd(
  view: StridedView,
  batch: number,
  counter: Int32Array,
  factor: number,
  dy: FloatArray,
  dx: FloatArray,
): void {
  counter.fill(0);
  for (let row = 0, i = 0; row < batch; row++)
    for (let offset = row * view.sourceSize, end = i + view.outputSize; i < end; i++) {
      dx[offset] += factor * dy[i];
      offset = advance(view, counter, offset);
    }
}

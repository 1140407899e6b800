/**
 * What the elementwise merges (add, multiply, average) share: two or more inputs of the same shape, where axes of size 1 are
 * repeated.
 */
import * as l10n from '@vscode/l10n';
import type { Kernels } from '../kernels/kernels.ts';
import {
  type BufferSpec,
  type ErrorSample,
  type FloatArray,
  type InputPort,
  type Problem,
  problem,
  type Sample,
  type Shape,
  sizeOf,
  type TimeAxes,
  type TimeKept,
} from './define.ts';
import { addStrided, multiplyStrided, type StridedView, scatterAdd, stridesOf } from './strided.ts';
import { firstOf } from './time.ts';

export const mergePorts: readonly InputPort[] = [{ name: 'inputs', variadic: { atLeast: 2 } }];

export const repeatDoc =
  'All inputs have the same shape; an axis of size 1 is repeated along the others, e.g. a gate `[1, 1, channels]` over `[height, width, channels]`.';

export type MergeGeometry = {
  readonly output: Shape;
  /** One for each input. */
  readonly views: readonly StridedView[];
  /** Elements of one sample of the output. */
  readonly size: number;
};

/** The time axis is kept if it is the same axis in all inputs that have one. */
export function mergedTime(
  _attributes: unknown,
  inputs: readonly Shape[],
  axes: TimeAxes,
): TimeKept | { readonly problem: Problem } {
  const axis = firstOf(axes);
  const other = axes.find((one) => one !== undefined && one !== axis);
  if (other === undefined) return { axis };
  return problem(
    'time/axis',
    l10n.t(
      'needs inputs with time as the same axis, because the sequences of the data differ in length. Found {0} with time as axis {1} and as axis {2}. Put a permute before one of them.',
      inputs.map((shape) => `[${shape.join(', ')}]`).join(l10n.t(' and ')),
      axis + 1,
      other + 1,
    ),
  );
}

/** A counter for walking a view: one whole number for each axis. */
export const counterFor = (shape: Shape): BufferSpec<'int'> => ({
  shape: [shape.length],
  batched: false,
  type: 'int',
});

/** The common shape of all inputs and how each of them is read in that order, or why there is none. */
export function mergeShapes(inputs: readonly Shape[]): MergeGeometry | { readonly problem: Problem } {
  const output = inputs[0].map((_, axis) => Math.max(...inputs.map((shape) => shape[axis] ?? 0)));
  const fits = (shape: Shape): boolean =>
    shape.length === output.length && shape.every((size, axis) => size === output[axis] || size === 1);
  if (!inputs.every(fits))
    return problem(
      'shape/mismatch',
      l10n.t(
        'needs inputs of the same shape (an axis of size 1 is repeated), found {0}. Make the layers before it agree.',
        inputs.map((shape) => `[${shape.join(', ')}]`).join(l10n.t(' and ')),
      ),
    );
  const size = sizeOf(output);
  const views = inputs.map((shape) => {
    const strides = stridesOf(shape).map((stride, axis) => (shape[axis] === output[axis] ? stride : 0));
    return { sizes: output, strides, outputSize: size, sourceSize: sizeOf(shape) };
  });
  return { output, views, size };
}

/** What a merge needs that goes through its inputs one by one. `flops`: operations for each element of the output. */
export function inferMerge(inputs: readonly Shape[], flops: number) {
  const geometry = mergeShapes(inputs);
  if ('problem' in geometry) return geometry;
  const { output, views, size } = geometry;
  return {
    output,
    scratch: { counter: counterFor(output) },
    constants: { views, size },
    flops: flops * size,
  };
}

/** Sizes are at least 1, so a source as large as the output has no repeated axis. */
const isWhole = (view: StridedView): boolean => view.sourceSize === view.outputSize;

/** y += x, repeated where x has size 1. */
export function accumulate(
  kernels: Kernels,
  view: StridedView,
  batch: number,
  counter: Int32Array,
  x: FloatArray,
  y: FloatArray,
): void {
  if (isWhole(view)) kernels.addScaled(batch * view.outputSize, 1, x, 0, y, 0);
  else addStrided(view, batch, counter, x, y);
}

/** y *= x, repeated where x has size 1. */
export function multiplyInto(
  view: StridedView,
  batch: number,
  counter: Int32Array,
  x: FloatArray,
  y: FloatArray,
): void {
  if (isWhole(view)) for (let i = 0; i < batch * view.outputSize; i++) y[i] *= x[i];
  else multiplyStrided(view, batch, counter, x, y);
}

/** dx += factor · dy, summed over the axes along which x was repeated. */
export function spread(
  kernels: Kernels,
  view: StridedView,
  batch: number,
  counter: Int32Array,
  factor: number,
  dy: FloatArray,
  dx: FloatArray,
): void {
  if (isWhole(view)) kernels.addScaled(batch * view.outputSize, factor, dy, 0, dx, 0);
  else scatterAdd(view, batch, counter, factor, dy, dx);
}

export const mergeSamples: readonly Sample[] = [
  { name: 'two vectors', inputs: [[5], [5]] },
  {
    name: 'three sequences',
    inputs: [
      [3, 2],
      [3, 2],
      [3, 2],
    ],
  },
  {
    name: 'a gate for every channel',
    inputs: [
      [2, 3, 2],
      [1, 1, 2],
    ],
  },
  {
    name: 'a row and a column',
    inputs: [
      [1, 3],
      [4, 1],
    ],
  },
];

export const mergeErrorSamples: readonly ErrorSample[] = [
  {
    name: 'other sizes',
    inputs: [
      [3, 4],
      [3, 5],
    ],
    code: 'shape/mismatch',
  },
  { name: 'other ranks', inputs: [[4], [3, 4]], code: 'shape/mismatch' },
];

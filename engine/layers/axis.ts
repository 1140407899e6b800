/**
 * Axes as a person counts them: 0 is the batch, 1 the first axis of a sample, and −1 the last. Internally, the axes of a sample
 * are counted from 0.
 */
import * as l10n from '@vscode/l10n';
import type { SoftmaxShape } from '../kernels/softmax.ts';
import { type Pass, type Problem, problem, type Shape, sizeOf } from './define.ts';

/** The index into `shape` of a written axis, or what is wrong with it. */
export function findAxis(axis: number, shape: Shape): number | { readonly problem: Problem } {
  const index = axis < 0 ? shape.length + axis : axis - 1;
  if (index >= 0 && index < shape.length) return index;
  if (shape.length === 0)
    return problem(
      'shape/rank',
      l10n.t('needs an input with at least one axis, found a single number per sample.'),
    );
  return problem(
    'shape/axis',
    l10n.t(
      'axis {0} does not exist in [{1}]. Use 1 to {2}, or −1 for the last; 0 would be the batch.',
      axis,
      shape.join(', '),
      shape.length,
    ),
    'axis',
  );
}

/** A shape seen from one axis: `outer` groups of `size` entries, each entry `inner` values side by side. */
export type AxisView = {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
};

/** The view of a shape from the axis `index`. */
export const viewAxis = (shape: Shape, index: number): AxisView => ({
  outer: sizeOf(shape.slice(0, index)),
  size: shape[index],
  inner: sizeOf(shape.slice(index + 1)),
});

/** What a softmax along an axis works on. Along time, only real steps count. */
export const softmaxShape = ({
  batch,
  lengths,
  timeAxis,
  constants: { axis, outer, size, inner },
}: Pick<Pass, 'batch' | 'lengths' | 'timeAxis'> & {
  readonly constants: AxisView & { readonly axis: number };
}): SoftmaxShape => ({ batch, outer, size, inner, lengths: axis === timeAxis ? lengths : undefined });

/**
 * Sequences that differ in length: declarations about the time axis (`LayerDefinition.time`), and helpers for layers that process
 * one sample after the other. Padded steps contain any finite values; their gradient is 0. A layer that combines steps excludes
 * them, so that the result of each sample is the same as alone.
 */
import * as l10n from '@vscode/l10n';
import {
  type Problem,
  problem,
  type Shape,
  sizeOf,
  type Tensor,
  type TimeAxes,
  type TimeFlow,
  type TimeKept,
} from './define.ts';

/** For layers that compute every element, or every position, separately. */
export const keepsTime = (_attributes: unknown, _inputs: readonly Shape[], axes: TimeAxes): TimeKept => ({
  axis: firstOf(axes),
});

/** The time axis of the first input that has one. */
export const firstOf = (axes: TimeAxes): number => axes.find((axis) => axis !== undefined) ?? 0;

/** For layers that need time as their first axis, before channels: `flow` if it is, otherwise why not. */
export function timeFirst(
  shape: Shape,
  axes: TimeAxes,
  flow: TimeKept | 'dropped',
): TimeKept | 'dropped' | { readonly problem: Problem } {
  const axis = firstOf(axes);
  if (axis === 0 && shape.length >= 2) return flow;
  return problem(
    'time/axis',
    l10n.t(
      'needs time as the first of at least two axes, because the sequences of the data differ in length. Its input [{0}] has time as axis {1}. Put a permute or a reshape before it, or use sequences of one length.',
      shape.join(', '),
      axis + 1,
    ),
  );
}

/** Why a layer that reads all steps as one list of numbers cannot take padded sequences. */
export const refusesPadding = (): { readonly problem: Problem } =>
  problem(
    'time/padding',
    l10n.t(
      'would read padding as values, because the sequences of the data differ in length. Put a lastStep, a globalAveragePool or a recurrent layer before it, or use sequences of one length.',
    ),
  );

const views = new WeakMap<object, readonly Tensor['data'][]>();

/** The rows of a batched tensor, one for each sample. They are made once, so that a pass allocates nothing. */
export function rowsOf<T extends { readonly shape: Shape; readonly data: object }>(
  tensor: T,
): readonly T['data'][] {
  let rows = views.get(tensor.data);
  if (!rows) {
    const data = tensor.data as Tensor['data'];
    const size = data.length / tensor.shape[0];
    rows = Array.from({ length: tensor.shape[0] }, (_, n) => data.subarray(n * size, (n + 1) * size));
    views.set(tensor.data, rows);
  }
  return rows;
}

/** Sets all but the first `lengths[n]` steps of each sample to 0. The time axis is the first. */
export function clearPadding({ shape, data }: Tensor, batch: number, lengths: Int32Array): void {
  const size = data.length / shape[0];
  const step = size / shape[1];
  for (let n = 0; n < batch; n++) data.fill(0, n * size + lengths[n] * step, (n + 1) * size);
}

/** For layers that only change the shape of a sample: the time axis is kept if the new shape has the same axis. */
export function reshapedTime(input: Shape, output: Shape, axes: TimeAxes): TimeFlow {
  const axis = firstOf(axes);
  const before = sizeOf(input.slice(0, axis));
  const at = output.findIndex(
    (size, index) => size === input[axis] && sizeOf(output.slice(0, index)) === before,
  );
  return at < 0 ? refusesPadding() : { axis: at };
}

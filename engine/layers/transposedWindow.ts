/** The window of the convolution that a transposed convolution reverses: from its output to its input. */
import * as l10n from '@vscode/l10n';
import type { Window2d } from '../kernels/kernels.ts';
import { reachOf, windowAlong } from '../kernels/window.ts';
import { counted } from '../schema/text.ts';
import type { Padding2d } from './attributes.ts';
import { type Problem, problem, type Shape } from './define.ts';

interface Growth {
  readonly filters: number;
  readonly groups: number;
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly outputPadding: readonly [number, number];
  readonly padding: Padding2d;
}

/** `input` is [height, width, channels]. */
export function transposedWindow(attributes: Growth, input: Shape): Window2d | { readonly problem: Problem } {
  const { filters, kernelSize, stride, dilation, groups } = attributes;
  const [vertical, horizontal] = [0, 1].map((axis) => growAlong(axis, input[axis], attributes));
  if ('problem' in vertical) return vertical;
  if ('problem' in horizontal) return horizontal;
  return {
    inputHeight: vertical.size,
    inputWidth: horizontal.size,
    inputChannels: filters,
    outputHeight: input[0],
    outputWidth: input[1],
    outputChannels: input[2],
    kernelHeight: kernelSize[0],
    kernelWidth: kernelSize[1],
    strideY: stride[0],
    strideX: stride[1],
    dilationY: dilation[0],
    dilationX: dilation[1],
    padTop: vertical.before,
    padBottom: vertical.after,
    padLeft: horizontal.before,
    padRight: horizontal.after,
    groups,
  };
}

/** The size along an axis after it has grown, and what padding removes before and after. */
function growAlong(
  axis: number,
  input: number,
  { kernelSize, stride, dilation, outputPadding, padding }: Growth,
):
  | { readonly size: number; readonly before: number; readonly after: number }
  | { readonly problem: Problem } {
  const extra = outputPadding[axis];
  const step = stride[axis];
  const shape = { kernel: kernelSize[axis], stride: step, dilation: dilation[axis] };
  if (padding === 'same') {
    if (extra > 0)
      return problem(
        'shape/output-padding',
        l10n.t(
          'outputPadding cannot be combined with padding "same", whose output is input × stride. Leave one of them out.',
        ),
        'outputPadding',
      );
    const { before, after } = windowAlong({ ...shape, input: input * step, padding });
    return { size: input * step, before, after };
  }
  const limit = Math.max(step, shape.dilation);
  if (extra >= limit)
    return problem(
      'shape/output-padding',
      l10n.t('outputPadding must be below the stride (or dilation) {0}, found {1}.', limit, extra),
      'outputPadding',
    );
  const [before, after] = padding === 'valid' ? [0, 0] : padding[axis];
  const grown = (input - 1) * step + reachOf(shape.kernel, shape.dilation) + extra;
  const size = grown - before - after;
  if (size < 1)
    return problem(
      'shape/padding-too-large',
      l10n.t(
        'padding removes {0} from an output of {1}, which leaves nothing. Use less padding.',
        counted(before + after, 'cells'),
        grown,
      ),
      'padding',
    );
  return { size, before, after };
}

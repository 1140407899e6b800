/** From a layer's attributes and input shape to the window of its kernels, or the reason why it does not fit. */
import * as l10n from '@vscode/l10n';
import type { Window2d } from '../kernels/kernels.ts';
import { type AxisPadding, reachOf, windowAlong } from '../kernels/window.ts';
import type { Padding2d } from './attributes.ts';
import { type Problem, problem, type Shape, sizeOf } from './define.ts';

export interface AxisSettings {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: AxisPadding;
}

type Pair = readonly [vertical: number, horizontal: number];

/** The settings of height and width, from attributes that are pairs. */
export const axes2d = (kernel: Pair, stride: Pair, dilation: Pair, padding: Padding2d): AxisSettings[] =>
  [0, 1].map((axis) => ({
    kernel: kernel[axis],
    stride: stride[axis],
    dilation: dilation[axis],
    padding: typeof padding === 'string' ? padding : padding[axis],
  }));

export interface WindowSettings {
  /** [height, width, channels], or [time, channels], which counts as height 1. */
  readonly input: Shape;
  /** The number of axes of the input before the channels. */
  readonly axes: readonly AxisSettings[];
  readonly outputChannels: number;
  readonly groups?: number;
  readonly ceilMode?: boolean;
  /** The attribute with the size of the window. */
  readonly attribute: 'kernelSize' | 'poolSize';
}

const still: AxisSettings = { kernel: 1, stride: 1, dilation: 1, padding: 'valid' };

/** The window over this input, or the problem that it does not fit. */
export function slidingWindow(settings: WindowSettings): Window2d | { readonly problem: Problem } {
  const { input, axes, outputChannels, groups = 1, ceilMode = false, attribute } = settings;
  const sizes = input.slice(0, -1);
  const fits = axes.map(({ kernel, stride, dilation, padding }, i) =>
    windowAlong({ input: sizes[i], kernel, stride, dilation, padding, ceilMode }),
  );
  if (fits.some(({ output }) => output < 1)) return tooLarge(sizes, axes, attribute);
  const [y, x] = axes.length === 2 ? axes : [still, axes[0]];
  const [vertical, horizontal] = fits.length === 2 ? fits : [{ output: 1, before: 0, after: 0 }, fits[0]];
  return {
    inputHeight: sizes.length === 2 ? sizes[0] : 1,
    inputWidth: sizes[sizes.length - 1],
    inputChannels: input[input.length - 1],
    outputHeight: vertical.output,
    outputWidth: horizontal.output,
    outputChannels,
    kernelHeight: y.kernel,
    kernelWidth: x.kernel,
    strideY: y.stride,
    strideX: x.stride,
    dilationY: y.dilation,
    dilationX: x.dilation,
    padTop: vertical.before,
    padBottom: vertical.after,
    padLeft: horizontal.before,
    padRight: horizontal.after,
    groups,
  };
}

/**
 * The share of the cells of an input, without channels, that no window reads; undefined for a layer without windows over its input.
 * `constants`: those that the layer inferred.
 */
export function shareUnread(input: Shape, constants: unknown): number | undefined {
  const { window } = (constants ?? {}) as { readonly window?: Window2d };
  const cells = sizeOf(input.slice(0, -1));
  if (!window || window.inputHeight * window.inputWidth !== cells) return undefined;
  const { inputHeight, outputHeight, kernelHeight, strideY, dilationY, padTop } = window;
  const { inputWidth, outputWidth, kernelWidth, strideX, dilationX, padLeft } = window;
  const rows = cellsRead(inputHeight, outputHeight, kernelHeight, strideY, dilationY, padTop);
  const columns = cellsRead(inputWidth, outputWidth, kernelWidth, strideX, dilationX, padLeft);
  return 1 - (rows * columns) / cells;
}

/** How many of the cells along an axis are read by a window. */
function cellsRead(
  input: number,
  output: number,
  kernel: number,
  stride: number,
  dilation: number,
  before: number,
): number {
  const read = new Set<number>();
  for (let place = 0; place < output; place++)
    for (let cell = 0; cell < kernel; cell++) read.add(place * stride + cell * dilation - before);
  return [...read].filter((cell) => cell >= 0 && cell < input).length;
}

/**
 * The problem that the windows cover more cells than kernels can count, if they do. A dilated window may be much larger than its
 * input, as in a stack of causal layers over a short sequence: only one of its cells is inside, and the others see zeros.
 */
export function demandReach({ input, axes }: WindowSettings): { readonly problem: Problem } | undefined {
  const padded = axes.map(
    ({ padding }, i) => input[i] + (typeof padding === 'string' ? 0 : padding[0] + padding[1]),
  );
  const cells = axes.map(({ kernel, dilation }, i) => padded[i] + reachOf(kernel, dilation));
  if (sizeOf(cells) * input[input.length - 1] < 2 ** 31) return undefined;
  return problem(
    'shape/too-large',
    l10n.t(
      'its windows cover {0} cells, more than one tensor may have. Use less dilation, less padding or a smaller window.',
      sizeText(cells),
    ),
    'dilation',
  );
}

function tooLarge(
  sizes: Shape,
  axes: readonly AxisSettings[],
  attribute: string,
): { readonly problem: Problem } {
  const padded = sizes.map((size, i) => {
    const { padding } = axes[i];
    return typeof padding === 'string' ? size : size + padding[0] + padding[1];
  });
  const reach = axes.map(({ kernel, dilation }) => reachOf(kernel, dilation));
  const largest = padded.map((size, i) => Math.floor((size - 1) / axes[i].dilation) + 1);
  const kernelText = sizeText(axes.map(({ kernel }) => kernel));
  const inputText =
    sizeText(sizes) +
    (sizeText(padded) === sizeText(sizes) ? '' : l10n.t(' (padded to {0})', sizeText(padded)));
  const most = largest.every((size) => size === largest[0]) ? `${largest[0]}` : sizeText(largest);
  const remedy = l10n.t('Use padding "same" or a {0} of at most {1}.', attribute, most);
  const finding =
    sizeText(reach) === kernelText
      ? l10n.t('{0} {1} is larger than its input {2}.', attribute, kernelText, inputText)
      : l10n.t(
          '{0} {1}, dilated to {2}, is larger than its input {3}.',
          attribute,
          kernelText,
          sizeText(reach),
          inputText,
        );
  return problem('shape/kernel-too-large', `${finding} ${remedy}`, attribute);
}

/** "3×3". */
export const sizeText = (sizes: Shape): string => sizes.join('×');

/** The problem that an image or a sequence is needed, unless the input is one. */
export function demandRank(input: Shape, rank: 2 | 3): { readonly problem: Problem } | undefined {
  if (input.length === rank) return undefined;
  const expected = rank === 3 ? '[height, width, channels]' : '[time, channels]';
  return problem(
    'shape/rank',
    l10n.t('needs an input {0}, found [{1}]. Put a reshape before it.', expected, input.join(', ')),
  );
}

/** The problem that groups must divide channels, unless they do. */
export function demandGroups(
  groups: number,
  inputChannels: number,
  filters: number,
): { readonly problem: Problem } | undefined {
  if (inputChannels % groups === 0 && filters % groups === 0) return undefined;
  return problem(
    'shape/groups',
    l10n.t(
      'groups {0} must divide both the number of input channels, {1}, and that of filters, {2}.',
      groups,
      inputChannels,
      filters,
    ),
    'groups',
  );
}

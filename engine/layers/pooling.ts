/** What the pooling layers share: attributes, windows, and forward and backward of both kinds. */
import type { Window2d } from '../kernels/kernels.ts';
import { type AttributeTable, boolean } from '../schema/attributes.ts';
import type { BackwardPass, BufferSpec, Inferred, Pass, Problem, Shape } from './define.ts';
import { type AxisSettings, demandRank, slidingWindow } from './slidingWindow.ts';

export const ceilMode = boolean({
  default: false,
  doc: 'Also take a last window that hangs over the edge, instead of leaving cells out.',
});

export const countPadding = boolean({
  default: false,
  doc: 'Divide by all cells of the window, padding among them; else only by those inside the input.',
});

export interface Pooling extends Inferred {
  readonly constants: { readonly window: Window2d };
}

export interface MaxPooling extends Pooling {
  readonly saved: { readonly argmax: BufferSpec<'int'> };
}

/** `axes` are two for images [height, width, channels] and one for sequences [time, channels]. */
export function inferPooling(
  input: Shape,
  axes: readonly AxisSettings[],
  withCeil: boolean,
): Pooling | { readonly problem: Problem } {
  const unfit = demandRank(input, axes.length === 2 ? 3 : 2);
  if (unfit) return unfit;
  const channels = input[input.length - 1];
  const window = slidingWindow({
    input,
    axes,
    outputChannels: channels,
    groups: channels,
    ceilMode: withCeil,
    attribute: 'poolSize',
  });
  if ('problem' in window) return window;
  const { outputHeight, outputWidth } = window;
  const output = axes.length === 2 ? [outputHeight, outputWidth, channels] : [outputWidth, channels];
  const cells = window.kernelHeight * window.kernelWidth;
  return { output, constants: { window }, flops: outputHeight * outputWidth * channels * cells };
}

export function inferMaxPooling(
  input: Shape,
  axes: readonly AxisSettings[],
  withCeil: boolean,
): MaxPooling | { readonly problem: Problem } {
  const pooling = inferPooling(input, axes, withCeil);
  if ('problem' in pooling) return pooling;
  return { ...pooling, saved: { argmax: { shape: pooling.output, batched: true, type: 'int' } } };
}

/** y = the largest cell under each window; saved.argmax remembers which. */
export function maxPoolForward({
  kernels,
  batch,
  input,
  output,
  saved,
  constants,
}: Pass<AttributeTable, MaxPooling>): void {
  kernels.maxPool(constants.window, batch, input.data, output.data, saved.argmax.data);
}

/** dy goes whole to the cell that was the largest. */
export function maxPoolBackward(pass: BackwardPass<AttributeTable, MaxPooling>): void {
  const { kernels, batch, gradInput, gradOutput, saved, constants } = pass;
  if (gradInput)
    kernels.maxPoolBackward(
      constants.window,
      batch,
      gradOutput.data,
      saved.argmax.data,
      gradInput.data,
      pass.accumulateInput,
    );
}

/** y = the mean of the cells under each window. */
export function averagePoolForward(pass: Pass<AttributeTable, Pooling>, withPadding: boolean): void {
  const { kernels, batch, input, output, constants } = pass;
  kernels.averagePool(constants.window, batch, withPadding, input.data, output.data);
}

/** Every cell under a window gets an equal share of its dy. */
export function averagePoolBackward(pass: BackwardPass<AttributeTable, Pooling>, withPadding: boolean): void {
  const { kernels, batch, gradInput, gradOutput, constants } = pass;
  if (gradInput)
    kernels.averagePoolBackward(constants.window, batch, withPadding, gradOutput.data, gradInput.data);
}

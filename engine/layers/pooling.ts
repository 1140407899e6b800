/** What the pooling layers share: attributes, windows, and the forward and backward passes of both kinds. */
import type { Window2d } from '../kernels/kernels.ts';
import type { AttributeTable } from '../schema/attributes.ts';
import type { BackwardPass, BufferSpec, Inferred, Pass, Problem, Shape } from './define.ts';
import {
  forEachSample,
  forEachSampleBackward,
  inputSize,
  outputSize,
  type WindowsByLength,
  windowsByLength,
} from './raggedWindow.ts';
import {
  type AxisSettings,
  demandRank,
  demandReach,
  slidingWindow,
  type WindowSettings,
} from './slidingWindow.ts';
import { rowsOf } from './time.ts';

export interface Pooling extends Inferred {
  readonly constants: { readonly window: Window2d; readonly windows: WindowsByLength };
}

export interface MaxPooling extends Pooling {
  readonly rectifies: boolean;
  readonly saved: { readonly argmax: BufferSpec<'int'> };
}

/** `axes` is 2 for images [height, width, channels] and 1 for sequences [time, channels]. */
export function inferPooling(
  input: Shape,
  axes: readonly AxisSettings[],
  withCeil: boolean,
): Pooling | { readonly problem: Problem } {
  const unfit = demandRank(input, axes.length === 2 ? 3 : 2);
  if (unfit) return unfit;
  const channels = input[input.length - 1];
  const settings: WindowSettings = {
    input,
    axes,
    outputChannels: channels,
    groups: channels,
    ceilMode: withCeil,
    attribute: 'poolSize',
  };
  const window = slidingWindow(settings);
  if ('problem' in window) return window;
  const far = demandReach(settings);
  if (far) return far;
  const { outputHeight, outputWidth } = window;
  const output = axes.length === 2 ? [outputHeight, outputWidth, channels] : [outputWidth, channels];
  const cells = window.kernelHeight * window.kernelWidth;
  const windows = windowsByLength(settings);
  return { output, constants: { window, windows }, flops: outputHeight * outputWidth * channels * cells };
}

/** The same, with a buffer for the index of each largest cell. */
export function inferMaxPooling(
  input: Shape,
  axes: readonly AxisSettings[],
  withCeil: boolean,
): MaxPooling | { readonly problem: Problem } {
  const pooling = inferPooling(input, axes, withCeil);
  if ('problem' in pooling) return pooling;
  return {
    ...pooling,
    rectifies: areApart(axes, pooling.constants.window),
    saved: { argmax: { shape: pooling.output, batched: true, type: 'int' } },
  };
}

/** Whether no cell is under two windows, and no window sees only padding. */
const areApart = (axes: readonly AxisSettings[], window: Window2d): boolean =>
  axes.every(({ kernel, stride, dilation }) => dilation === 1 && stride >= kernel) &&
  Math.max(window.padTop, window.padBottom) < window.kernelHeight &&
  Math.max(window.padLeft, window.padRight) < window.kernelWidth;

/** y = the largest cell under each window; saved.argmax has its index. */
export function maxPoolForward(pass: Pass<AttributeTable, MaxPooling>): void {
  const { kernels, batch, lengths, input, output, saved, constants, rectify } = pass;
  if (!lengths) {
    kernels.maxPool(constants.window, batch, input.data, output.data, saved.argmax.data, rectify);
    return;
  }
  const x = rowsOf(input);
  const y = rowsOf(output);
  const argmax = rowsOf(saved.argmax);
  forEachSample(pass, lengths, constants.windows, outputSize, (window, n) =>
    kernels.maxPool(window, 1, x[n], y[n], argmax[n]),
  );
}

/** All of dy goes to the cell that was the largest. */
export function maxPoolBackward(pass: BackwardPass<AttributeTable, MaxPooling>): void {
  const { kernels, batch, lengths, gradInput, gradOutput, saved, accumulateInput, constants } = pass;
  if (!gradInput) return;
  if (!lengths) {
    const { data } = saved.argmax;
    kernels.maxPoolBackward(constants.window, batch, gradOutput.data, data, gradInput.data, accumulateInput);
    return;
  }
  const dy = rowsOf(gradOutput);
  const dx = rowsOf(gradInput);
  const argmax = rowsOf(saved.argmax);
  forEachSampleBackward(pass, lengths, constants.windows, inputSize, (window, n) =>
    kernels.maxPoolBackward(window, 1, dy[n], argmax[n], dx[n], accumulateInput),
  );
}

/** y = the mean of the cells under each window. */
export function averagePoolForward(pass: Pass<AttributeTable, Pooling>, withPadding: boolean): void {
  const { kernels, batch, lengths, input, output, constants } = pass;
  if (!lengths) {
    kernels.averagePool(constants.window, batch, withPadding, input.data, output.data);
    return;
  }
  const x = rowsOf(input);
  const y = rowsOf(output);
  forEachSample(pass, lengths, constants.windows, outputSize, (window, n) =>
    kernels.averagePool(window, 1, withPadding, x[n], y[n]),
  );
}

/** Every cell under a window gets an equal share of its dy. */
export function averagePoolBackward(pass: BackwardPass<AttributeTable, Pooling>, withPadding: boolean): void {
  const { kernels, batch, lengths, gradInput, gradOutput, constants } = pass;
  if (!gradInput) return;
  if (!lengths) {
    kernels.averagePoolBackward(constants.window, batch, withPadding, gradOutput.data, gradInput.data);
    return;
  }
  const dy = rowsOf(gradOutput);
  const dx = rowsOf(gradInput);
  forEachSampleBackward(pass, lengths, constants.windows, inputSize, (window, n) =>
    kernels.averagePoolBackward(window, 1, withPadding, dy[n], dx[n]),
  );
}

/** What the wasm convolutions ask of a window: its work, the memory it takes, its reversal. */
import type { Window2d } from '../kernels.ts';
import { panel } from './shares.ts';

export const workOf = (w: Window2d, batch: number): number =>
  (batch *
    w.outputHeight *
    w.outputWidth *
    w.outputChannels *
    w.kernelHeight *
    w.kernelWidth *
    w.inputChannels) /
  w.groups;

export const outputsOf = (w: Window2d, batch: number): number =>
  batch * w.outputHeight * w.outputWidth * w.outputChannels;

/** Cells of one sample with the border the windows reach over. */
export function paddedCells(w: Window2d): number {
  const height = Math.max(
    (w.outputHeight - 1) * w.strideY + (w.kernelHeight - 1) * w.dilationY + 1,
    w.padTop + w.inputHeight,
  );
  const width = Math.max(
    (w.outputWidth - 1) * w.strideX + (w.kernelWidth - 1) * w.dilationX + 1,
    w.padLeft + w.inputWidth,
  );
  return height * width;
}

/** Floats of assembly/convolution.ts's tables of windows and cells, and its padded image. */
const tablesAndImage = (w: Window2d): number =>
  w.outputHeight * w.outputWidth + (w.kernelHeight * w.kernelWidth + paddedCells(w)) * w.inputChannels;

/** Floats of the edge of a strip (assembly/strip.ts), and windows summed in one go. */
const edge = 6 * panel;
const windowsAtOnce = 128;

/** Scratch of assembly/convolution.ts, in bytes, whole cache lines. */
export function convolveBytes(w: Window2d): number {
  const columns = panel * Math.ceil(w.outputChannels / panel);
  const kernel = columns * w.kernelHeight * w.kernelWidth * w.inputChannels;
  return lines(edge + panel + kernel + tablesAndImage(w));
}

export const backwardKernelBytes = (w: Window2d): number =>
  lines(edge + panel * Math.min(windowsAtOnce, w.outputHeight * w.outputWidth) + tablesAndImage(w));

const lines = (floats: number): number => 64 * Math.ceil(floats / 16);

/** The window whose forward pass over dy, with the kernel turned, is the gradient of the input; none for strides. */
export function turn(w: Window2d): Window2d | undefined {
  const padTop = (w.kernelHeight - 1) * w.dilationY - w.padTop;
  const padLeft = (w.kernelWidth - 1) * w.dilationX - w.padLeft;
  if (w.strideY !== 1 || w.strideX !== 1 || padTop < 0 || padLeft < 0) return undefined;
  return {
    ...w,
    inputHeight: w.outputHeight,
    inputWidth: w.outputWidth,
    inputChannels: w.outputChannels,
    outputHeight: w.inputHeight,
    outputWidth: w.inputWidth,
    outputChannels: w.inputChannels,
    padTop,
    padLeft,
  };
}

/** The window of one group. */
export const groupOf = (w: Window2d): Window2d => ({
  ...w,
  inputChannels: w.inputChannels / w.groups,
  outputChannels: w.outputChannels / w.groups,
  groups: 1,
});

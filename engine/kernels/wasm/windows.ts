/** What the wasm kernels need to know about a window: the address of its geometry, its work, its memory, its reversal. */
import type { Window2d } from '../kernels.ts';
import type { WasmExports } from './exports.ts';
import { bytesOfThreads, ofThread, type WasmMemory } from './memory.ts';
import { deal, narrowPanel, panel, parallelThreshold } from './shares.ts';
import type { ThreadPool } from './threadPool.ts';

/**
 * The address of a window's geometry, which assembly/window.ts reads. One place is enough, because a kernel is done with its
 * window before the next one begins.
 */
export function windowWriter({ memory, windowAt }: WasmMemory): (window: Window2d) => number {
  const fields = new Int32Array(memory.buffer, windowAt, 17);
  return (w) => {
    fields[0] = w.inputHeight;
    fields[1] = w.inputWidth;
    fields[2] = w.inputChannels;
    fields[3] = w.outputHeight;
    fields[4] = w.outputWidth;
    fields[5] = w.outputChannels;
    fields[6] = w.kernelHeight;
    fields[7] = w.kernelWidth;
    fields[8] = w.strideY;
    fields[9] = w.strideX;
    fields[10] = w.dilationY;
    fields[11] = w.dilationX;
    fields[12] = w.padTop;
    fields[13] = w.padBottom;
    fields[14] = w.padLeft;
    fields[15] = w.padRight;
    fields[16] = w.groups;
    return windowAt;
  };
}

/**
 * Divides `items` of a convolution's work among the threads, in multiples of `unit`. Each part has `bytes` of working memory; `run` gets the
 * window's address.
 */
export type WindowDealer = (
  window: Window2d,
  batch: number,
  items: number,
  bytes: number,
  run: (wasm: WasmExports, window: number, from: number, to: number, scratch: number) => void,
  unit?: number,
) => void;

export function windowDealer(pool: ThreadPool, memory: WasmMemory): WindowDealer {
  const write = windowWriter(memory);
  return (w, batch, items, bytes, run, unit = 1) => {
    const { size } = pool;
    const window = write(w);
    const scratch = memory.scratch(bytesOfThreads(bytes, size));
    const each =
      size === 1 || workOf(w, batch) < parallelThreshold ? items : unit * Math.ceil(items / (unit * size));
    deal(pool, items, each, (wasm, from, to, part) =>
      run(wasm, window, from, to, ofThread(scratch, bytes, part)),
    );
  };
}

/** Multiply-adds of a convolution over a batch. */
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

/** Cells of one sample with the border that the windows cover. */
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

/** Floats of the edge of a strip (assembly/strip.ts), and windows that are summed at once. */
const edge = 6 * panel;
const windowsAtOnce = 128;

/** Scratch of assembly/convolution.ts, in bytes, whole cache lines. */
export function convolveBytes(w: Window2d): number {
  const columns = narrowPanel * Math.ceil(w.outputChannels / narrowPanel);
  const kernel = columns * w.kernelHeight * w.kernelWidth * w.inputChannels;
  return lines(edge + panel + kernel + tablesAndImage(w));
}

export const backwardKernelBytes = (w: Window2d): number =>
  lines(edge + panel * Math.min(windowsAtOnce, w.outputHeight * w.outputWidth) + tablesAndImage(w));

/** Scratch of the sums of all portions, in bytes; 0 if the gradient is one sum. */
export const portionBytes = (w: Window2d): number =>
  sumsInPortions(w) ? lines(portions * kernelFloats(w)) : 0;

/** Portions of a sum: enough for eight threads. */
export const portions = 8;

export const kernelFloats = (w: Window2d): number =>
  w.kernelHeight * w.kernelWidth * w.inputChannels * w.outputChannels;

/** Whether the gradient of the kernel is summed in portions of the batch: all of them fit a second-level cache. */
export const sumsInPortions = (w: Window2d): boolean => kernelFloats(w) <= 16_384;

const lines = (floats: number): number => 64 * Math.ceil(floats / 16);

/** The window whose forward pass over dy, with the kernel rotated by 180°, is the gradient of the input; none for strides. */
export function turn(w: Window2d): Window2d | undefined {
  if (!turned.has(w)) turned.set(w, turnedOf(w));
  return turned.get(w);
}

/** Cached, because no kernel allocates. */
const turned = new WeakMap<Window2d, Window2d | undefined>();

function turnedOf(w: Window2d): Window2d | undefined {
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

/**
 * Convolutions other than the plain ones in kernels.ts: depthwise, grouped, and the input's gradient under strides. Where
 * padding is negative (it crops) the reference kernels compute on the same memory.
 */
// biome-ignore-all format: a call lists one group of operands a line.
import type { Kernels, Window2d } from '../kernels.ts';
import { convolve, convolveBackwardInput, convolveBackwardKernel } from '../reference/convolution.ts';
import type { FloatArray } from '../tensor.ts';
import { windowBytes } from './memory.ts';
import { address, addressOf, panel } from './shares.ts';
import { backwardKernelBytes, convolveBytes, groupOf, paddedCells, turn, type WindowDealer } from './windows.ts';

interface Convolutions extends Pick<Kernels, 'convolve' | 'convolveBackwardKernel'> {
  /** dx += the gradient with respect to x. */
  addInputGradient(window: Window2d, batch: number, dy: FloatArray, kernel: FloatArray, dx: FloatArray): void;
}

/** Channels of one SIMD vector. */
const lanes = 4;

const isDepthwise = (w: Window2d): boolean => w.groups > 1 && w.groups === w.inputChannels;
const crops = (w: Window2d): boolean => w.padTop < 0 || w.padLeft < 0;

/** Bytes of the window of a group and its slices of kernel, input and output. */
const sliceBytes = (w: Window2d): number =>
  windowBytes + 4 * (w.kernelHeight * w.kernelWidth * w.inputChannels * w.outputChannels
    + w.inputHeight * w.inputWidth * w.inputChannels + w.outputHeight * w.outputWidth * w.outputChannels);

/** Scratch of assembly/grouped.ts, for each of its three passes. */
const groupedBytes = (w: Window2d): number => sliceBytes(groupOf(w)) + convolveBytes(groupOf(w));
const groupedKernelBytes = (w: Window2d): number => sliceBytes(groupOf(w)) + backwardKernelBytes(groupOf(w));
const scatterBytes = (w: Window2d): number =>
  (w.groups > 1 ? sliceBytes(groupOf(w)) : 0) + scatterGroupBytes(groupOf(w));

/** Scratch of assembly/scatter.ts. */
const scatterGroupBytes = (w: Window2d): number =>
  4 * (w.kernelHeight * w.kernelWidth * (w.inputChannels + panel) * w.outputChannels + panel * w.outputWidth + paddedCells(w) * w.inputChannels) + 64;

/** Scratch of assembly/depthwise.ts. */
const depthwiseBytes = (w: Window2d): number =>
  4 * lanes * Math.ceil(w.outputChannels / lanes) * (w.kernelHeight * w.kernelWidth + 1 + paddedCells(w));

/** Scratch of one thread for each of these passes that the window may use, in bytes. */
export function specialBytes(w: Window2d): number {
  if (crops(w)) return 0;
  const turned = turn(w);
  if (!isDepthwise(w)) {
    if (w.groups === 1) return turned ? 0 : scatterBytes(w);
    return Math.max(groupedBytes(w), groupedKernelBytes(w), turned ? groupedBytes(turned) : scatterBytes(w));
  }
  return Math.max(depthwiseBytes(w), turned && w.outputChannels === w.inputChannels ? depthwiseBytes(turned) : 0);
}

export function specialConvolutions(deal: WindowDealer): Convolutions {
  return {
    convolve(window, batch, x, kernel, bias, y) {
      if (crops(window)) convolve(window, batch, x, kernel, bias, y);
      else if (isDepthwise(window)) depthwise(window, batch, false, false, x, kernel, bias, y);
      else grouped(window, batch, false, false, x, kernel, bias, y);
    },

    addInputGradient(window, batch, dy, kernel, dx) {
      const turned = turn(window);
      if (crops(window)) convolveBackwardInput(window, batch, dy, kernel, dx, true);
      else if (isDepthwise(window)) {
        if (turned && window.outputChannels === window.inputChannels) depthwise(turned, batch, true, true, dy, kernel, undefined, dx);
        else depthwiseScatter(window, batch, dy, kernel, dx);
      } else if (turned) grouped(turned, batch, true, true, dy, kernel, undefined, dx);
      else scatter(window, batch, dy, kernel, dx);
    },

    convolveBackwardKernel(window, batch, x, dy, dKernel) {
      if (crops(window)) convolveBackwardKernel(window, batch, x, dy, dKernel);
      else if (isDepthwise(window)) depthwiseKernel(window, batch, x, dy, dKernel);
      else groupedKernel(window, batch, x, dy, dKernel);
    },
  };

  function depthwise(
    w: Window2d, batch: number, flipped: boolean, accumulate: boolean, x: FloatArray, kernel: FloatArray, bias: FloatArray | undefined, y: FloatArray,
  ): void {
    deal(w, batch, batch, depthwiseBytes(w), (wasm, window, from, to, scratch) =>
      wasm.depthwise(window, from, to, Number(flipped), Number(accumulate), address(x), address(kernel), addressOf(bias), address(y), scratch));
  }

  function depthwiseScatter(w: Window2d, batch: number, dy: FloatArray, kernel: FloatArray, dx: FloatArray): void {
    deal(w, batch, batch, depthwiseBytes(w), (wasm, window, from, to, scratch) =>
      wasm.depthwiseBackwardInput(window, from, to, address(dy), address(kernel), address(dx), scratch));
  }

  function depthwiseKernel(w: Window2d, batch: number, x: FloatArray, dy: FloatArray, dKernel: FloatArray): void {
    deal(w, batch, w.outputChannels, depthwiseBytes(w), (wasm, window, from, to, scratch) =>
      wasm.depthwiseBackwardKernel(window, from, to, batch, address(x), address(dy), address(dKernel), scratch), lanes);
  }

  function grouped(
    w: Window2d, batch: number, flipped: boolean, accumulate: boolean, x: FloatArray, kernel: FloatArray, bias: FloatArray | undefined, y: FloatArray,
  ): void {
    deal(w, batch, batch, groupedBytes(w), (wasm, window, from, to, scratch) =>
      wasm.convolveGrouped(window, from, to, Number(flipped), Number(accumulate), address(x), address(kernel), addressOf(bias), address(y), scratch));
  }

  function scatter(w: Window2d, batch: number, dy: FloatArray, kernel: FloatArray, dx: FloatArray): void {
    const task = w.groups > 1 ? 'convolveScatterGrouped' : 'convolveScatter';
    deal(w, batch, batch, scatterBytes(w), (wasm, window, from, to, scratch) =>
      wasm[task](window, from, to, address(dy), address(kernel), address(dx), scratch));
  }

  function groupedKernel(w: Window2d, batch: number, x: FloatArray, dy: FloatArray, dKernel: FloatArray): void {
    deal(w, batch, w.groups, groupedKernelBytes(w), (wasm, window, from, to, scratch) =>
      wasm.convolveGroupedBackwardKernel(window, from, to, batch, address(x), address(dy), address(dKernel), scratch));
  }
}

/**
 * Convolutions beside the plain ones of kernels.ts: depthwise, grouped, and the input's gradient under strides. Where
 * padding is negative (it crops) the reference kernels compute on the same memory.
 */
// biome-ignore-all format: a call lists one group of operands a line.
import type { Kernels, Window2d } from '../kernels.ts';
import { convolve, convolveBackwardInput, convolveBackwardKernel } from '../reference/convolution.ts';
import type { FloatArray } from '../tensor.ts';
import type { Crew } from './crew.ts';
import type { WasmMemory } from './memory.ts';
import { address, addressOf, crewThreshold, panel, parts } from './shares.ts';
import { backwardKernelBytes, convolveBytes, groupOf, paddedCells, turn, workOf } from './windows.ts';

interface Convolutions extends Pick<Kernels, 'convolve' | 'convolveBackwardKernel'> {
  /** dx += the gradient with respect to x. */
  addInputGradient(window: Window2d, batch: number, dy: FloatArray, kernel: FloatArray, dx: FloatArray): void;
}

/** Channels of one SIMD vector. */
const lanes = 4;

const isDepthwise = (w: Window2d): boolean => w.groups > 1 && w.groups === w.inputChannels;
const crops = (w: Window2d): boolean => w.padTop < 0 || w.padLeft < 0;

/** Bytes of a group's slices of kernel, input and output. */
const sliceBytes = (w: Window2d): number =>
  4 * (w.kernelHeight * w.kernelWidth * w.inputChannels * w.outputChannels
    + w.inputHeight * w.inputWidth * w.inputChannels + w.outputHeight * w.outputWidth * w.outputChannels);

/** Scratch of assembly/grouped.ts, for each of its three passes. */
const groupedBytes = (w: Window2d): number => sliceBytes(groupOf(w)) + convolveBytes(groupOf(w));
const groupedKernelBytes = (w: Window2d): number => sliceBytes(groupOf(w)) + backwardKernelBytes(groupOf(w));
const scatterBytes = (w: Window2d): number =>
  (w.groups > 1 ? sliceBytes(groupOf(w)) : 0) + scatterGroupBytes(groupOf(w));

/** Scratch of assembly/scatter.ts. */
const scatterGroupBytes = (w: Window2d): number =>
  4 * (w.kernelHeight * w.kernelWidth * (w.inputChannels + panel) * w.outputChannels + panel * w.outputWidth + paddedCells(w) * w.inputChannels) + 64;

/** Scratch of assembly/depthwise.ts for `channels` of the outputs. */
const depthwiseBytes = (w: Window2d, channels: number): number =>
  4 * lanes * Math.ceil(channels / lanes) * (w.kernelHeight * w.kernelWidth + 1 + paddedCells(w));

/** Scratch of one thread for each of these passes that may have it, in bytes. */
export function specialBytes(w: Window2d): number {
  if (crops(w)) return 0;
  const turned = turn(w);
  if (!isDepthwise(w)) {
    if (w.groups === 1) return turned ? 0 : scatterBytes(w);
    return Math.max(groupedBytes(w), groupedKernelBytes(w), turned ? groupedBytes(turned) : scatterBytes(w));
  }
  return Math.max(depthwiseBytes(w, w.outputChannels), turned && w.outputChannels === w.inputChannels ? depthwiseBytes(turned, w.outputChannels) : 0);
}

export function specialConvolutions(crew: Crew, memory: WasmMemory): Convolutions {
  /** Items each thread takes. */
  const share = (w: Window2d, batch: number, items: number, unit = 1): number =>
    crew.size === 1 || workOf(w, batch) < crewThreshold ? items : unit * Math.ceil(items / (unit * crew.size));

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
    const bytes = depthwiseBytes(w, w.outputChannels);
    const scratch = memory.scratch(bytes * crew.size);
    const each = share(w, batch, batch);
    for (let part = parts(batch, each); part-- > 0; ) {
      const from = part * each;
      crew.on(part).depthwise(from, Math.min(batch, from + each), w.inputHeight, w.inputWidth, w.inputChannels, w.outputHeight, w.outputWidth,
        w.outputChannels / w.inputChannels, w.kernelHeight, w.kernelWidth, w.strideY, w.strideX, w.dilationY, w.dilationX, w.padTop, w.padLeft,
        Number(flipped), Number(accumulate), address(x), address(kernel), addressOf(bias), address(y), scratch + part * bytes);
    }
    crew.finish();
  }

  function depthwiseScatter(w: Window2d, batch: number, dy: FloatArray, kernel: FloatArray, dx: FloatArray): void {
    const bytes = depthwiseBytes(w, w.outputChannels);
    const scratch = memory.scratch(bytes * crew.size);
    const each = share(w, batch, batch);
    for (let part = parts(batch, each); part-- > 0; ) {
      const from = part * each;
      crew.on(part).depthwiseBackwardInput(from, Math.min(batch, from + each), w.inputHeight, w.inputWidth, w.inputChannels,
        w.outputHeight, w.outputWidth, w.outputChannels / w.inputChannels, w.kernelHeight, w.kernelWidth, w.strideY, w.strideX,
        w.dilationY, w.dilationX, w.padTop, w.padLeft, address(dy), address(kernel), address(dx), scratch + part * bytes);
    }
    crew.finish();
  }

  function depthwiseKernel(w: Window2d, batch: number, x: FloatArray, dy: FloatArray, dKernel: FloatArray): void {
    const channels = w.outputChannels;
    const each = share(w, batch, channels, lanes);
    const bytes = depthwiseBytes(w, each);
    const scratch = memory.scratch(bytes * crew.size);
    for (let part = parts(channels, each); part-- > 0; ) {
      const from = part * each;
      crew.on(part).depthwiseBackwardKernel(from, Math.min(channels, from + each), batch, w.inputHeight, w.inputWidth, w.inputChannels,
        w.outputHeight, w.outputWidth, channels / w.inputChannels, w.kernelHeight, w.kernelWidth, w.strideY, w.strideX,
        w.dilationY, w.dilationX, w.padTop, w.padLeft, address(x), address(dy), address(dKernel), scratch + part * bytes);
    }
    crew.finish();
  }

  function grouped(
    w: Window2d, batch: number, flipped: boolean, accumulate: boolean, x: FloatArray, kernel: FloatArray, bias: FloatArray | undefined, y: FloatArray,
  ): void {
    const bytes = groupedBytes(w);
    const scratch = memory.scratch(bytes * crew.size);
    const each = share(w, batch, batch);
    for (let part = parts(batch, each); part-- > 0; ) {
      const from = part * each;
      crew.on(part).convolveGrouped(from, Math.min(batch, from + each), w.inputHeight, w.inputWidth, w.inputChannels, w.outputHeight, w.outputWidth,
        w.outputChannels, w.kernelHeight, w.kernelWidth, w.strideY, w.strideX, w.dilationY, w.dilationX, w.padTop, w.padLeft, w.groups,
        Number(flipped), Number(accumulate), address(x), address(kernel), addressOf(bias), address(y), scratch + part * bytes);
    }
    crew.finish();
  }

  function scatter(w: Window2d, batch: number, dy: FloatArray, kernel: FloatArray, dx: FloatArray): void {
    const bytes = scatterBytes(w);
    const scratch = memory.scratch(bytes * crew.size);
    const each = share(w, batch, batch);
    for (let part = parts(batch, each); part-- > 0; ) {
      const from = part * each;
      const to = Math.min(batch, from + each);
      const at = scratch + part * bytes;
      if (w.groups > 1)
        crew.on(part).convolveScatterGrouped(from, to, w.inputHeight, w.inputWidth, w.inputChannels, w.outputHeight, w.outputWidth,
          w.outputChannels, w.kernelHeight, w.kernelWidth, w.strideY, w.strideX, w.dilationY, w.dilationX, w.padTop, w.padLeft, w.groups,
          address(dy), address(kernel), address(dx), at);
      else
        crew.on(part).convolveScatter(from, to, w.inputHeight, w.inputWidth, w.inputChannels, w.outputHeight, w.outputWidth,
          w.outputChannels, w.kernelHeight, w.kernelWidth, w.strideY, w.strideX, w.dilationY, w.dilationX, w.padTop, w.padLeft,
          address(dy), address(kernel), address(dx), at);
    }
    crew.finish();
  }

  function groupedKernel(w: Window2d, batch: number, x: FloatArray, dy: FloatArray, dKernel: FloatArray): void {
    const bytes = groupedKernelBytes(w);
    const scratch = memory.scratch(bytes * crew.size);
    const each = share(w, batch, w.groups);
    for (let part = parts(w.groups, each); part-- > 0; ) {
      const from = part * each;
      crew.on(part).convolveGroupedBackwardKernel(from, Math.min(w.groups, from + each), batch, w.inputHeight, w.inputWidth, w.inputChannels,
        w.outputHeight, w.outputWidth, w.outputChannels, w.kernelHeight, w.kernelWidth, w.strideY, w.strideX, w.dilationY, w.dilationX,
        w.padTop, w.padLeft, w.groups, address(x), address(dy), address(dKernel), scratch + part * bytes);
    }
    crew.finish();
  }
}

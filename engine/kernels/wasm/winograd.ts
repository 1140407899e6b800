/** Which convolutions use Winograd's F(4×4, 3×3) (assembly/winograd.ts), in what blocks, and how threads share them. */
// biome-ignore-all format: a call lists one group of operands a line.
import type { Window2d } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { bytesOfThreads, ofThread, type WasmMemory } from './memory.ts';
import { address, addressOf, deal, narrowPanel, panel, parallelThreshold } from './shares.ts';
import type { ThreadPool } from './threadPool.ts';
import { windowWriter, workOf } from './windows.ts';

/** Rows of a transformed tile, and all its elements. */
const rows = 6;
const elements = 36;

/** Outputs of a tile along an axis. */
const tile = 4;

/** The most and the fewest tiles of a block: whole register tiles, of 6 rows each (assembly/gemm.ts). */
const largestBlock = 48;
const smallestBlock = 12;
/** The most floats of a block's transformed input, unless that leaves too few tiles: 256 KiB, part of a second-level cache. */
const blockFloats = 65_536;
/** Floats of transformed kernel held at once, 4 MiB: wider kernels go group by group of output channels. */
const kernelFloats = 1_048_576;

/** The most floats of the gradient of a transformed kernel that is summed in portions. */
const portionFloats = 150_000;

/**
 * The measured costs of transforms in multiply-adds: for a tile and channel, more for the gradient of a kernel, and for an input and
 * output channel of the kernel.
 */
const tileCost = 380;
const gradientTileCost = 450;
const kernelCost = 250;

const tilesOf = (w: Window2d, batch: number): number => batch * Math.ceil(w.outputHeight / tile) * Math.ceil(w.outputWidth / tile);

/** Whether it can be computed this way at all. */
const isWinograd = (w: Window2d): boolean =>
  w.kernelHeight === 3 && w.kernelWidth === 3 && w.strideY === 1 && w.strideX === 1 && w.dilationY === 1 && w.dilationX === 1
  && w.groups === 1 && w.padTop >= 0 && w.padTop <= 2 && w.padLeft >= 0 && w.padLeft <= 2
  && w.inputChannels % narrowPanel === 0 && w.outputChannels % narrowPanel === 0;

/**
 * Whether this is faster than window by window: channels are multiples of 8, and 36 products per tile plus the transforms cost
 * less than 9 products per output. This holds from 8 → 16 channels on, except for small images.
 */
export const suitsWinograd = (w: Window2d, batch: number): boolean => isCheaper(w, batch, tileCost);

/** The same for the gradient of the kernel. */
export const suitsWinogradGradient = (w: Window2d, batch: number): boolean => isCheaper(w, batch, gradientTileCost);

function isCheaper(w: Window2d, batch: number, costOfTile: number): boolean {
  const { inputChannels: C, outputChannels: F } = w;
  return isWinograd(w) && tilesOf(w, batch) * (elements * C * F + costOfTile * (C + F)) + kernelCost * C * F < workOf(w, batch);
}

export interface WinogradConvolutions {
  /** y = x ∗ kernel + bias, or y += when `accumulate`; `flipped` as in assembly/winograd.ts. */
  convolve(
    window: Window2d, batch: number, flipped: boolean, accumulate: boolean,
    x: FloatArray, kernel: FloatArray, bias: FloatArray | undefined, y: FloatArray,
  ): void;
  /** dKernel += Σ x · dy. */
  convolveBackwardKernel(window: Window2d, batch: number, x: FloatArray, dy: FloatArray, dKernel: FloatArray): void;
}

export function winogradConvolutions(pool: ThreadPool, memory: WasmMemory): WinogradConvolutions {
  const write = windowWriter(memory);
  return {
    convolve(w, batch, flipped, accumulate, x, kernel, bias, y) {
      const F = w.outputChannels;
      const tiles = tilesOf(w, batch);
      const block = blockOf(w.inputChannels);
      const group = groupOf(w);
      const bytes = forwardBytes(w);
      const threads = threadsFor(w, batch);
      const window = write(w);
      const scratch = memory.scratch(bytesOfThreads(bytes, threads));
      const each = Math.ceil(tiles / threads);
      for (let base = 0; base < F; base += group) {
        const end = Math.min(F, base + group);
        deal(pool, tiles, each, (wasm, from, to, part) =>
          wasm.winograd(window, from, to, block, base, end, Number(flipped), Number(accumulate), address(x), address(kernel), addressOf(bias), address(y),
            ofThread(scratch, bytes, part)));
      }
    },

    convolveBackwardKernel(w, batch, x, dy, dKernel) {
      const F = w.outputChannels;
      const tiles = tilesOf(w, batch);
      const block = largestBlock;
      const group = groupOf(w);
      const { transformed, bytes } = kernelGradientBytes(w);
      const threads = threadsFor(w, batch);
      const window = write(w);
      const each = tilesOf(w, Math.ceil(batch / kernelPortions(w)));
      const portions = Math.ceil(tiles / each);
      const dU = memory.scratch(transformed + bytesOfThreads(bytes, threads));
      const scratch = dU + transformed;
      for (let base = 0; base < F; base += group) {
        const end = Math.min(F, base + group);
        const items = portions * rows * Math.ceil((end - base) / panel);
        deal(pool, items, Math.ceil(items / threads), (wasm, from, to, part) =>
          wasm.winogradProducts(window, from, to, tiles, each, block, base, end, address(x), address(dy), dU, ofThread(scratch, bytes, part)));
        deal(pool, end - base, panel * Math.ceil((end - base) / (panel * threads)), (wasm, from, to) =>
          wasm.winogradKernelGradient(window, base + from, base + to, portions, base, end, dU, address(dKernel)));
      }
    },
  };

  function threadsFor(w: Window2d, batch: number): number {
    const { size } = pool;
    return workOf(w, batch) < 2 * parallelThreshold ? 1 : size;
  }
}

/** Of a group of output channels. */
const transformedBytes = (w: Window2d): number => 4 * elements * groupOf(w) * w.inputChannels;

/**
 * Of each thread. It transforms the whole kernel for itself: to read what another thread has just written takes longer, 2 MB take
 * as long as the products of a small image.
 */
function forwardBytes(w: Window2d): number {
  const C = w.inputChannels;
  const block = blockOf(C);
  return transformedBytes(w) + 4 * (2 * (tile * block + 2) * C + elements * block * (C + panel) + block * panel);
}

/**
 * Portions of a batch whose gradients are summed separately: one if they were larger than half of a second-level cache. Other threads
 * read a sum, but not the inputs and gradients from which it is computed.
 */
const kernelPortions = (w: Window2d): number => (elements * w.inputChannels * w.outputChannels <= portionFloats ? 2 : 1);

/** Bytes of the gradient of the transformed kernel, all portions of it, and of each thread. */
function kernelGradientBytes(w: Window2d): { readonly transformed: number; readonly bytes: number } {
  const { inputChannels: C, outputChannels: F } = w;
  const floats = 2 * (tile * largestBlock + 2) * Math.max(C, F) + rows * largestBlock * (C + groupOf(w)) + panel * C;
  return { transformed: kernelPortions(w) * transformedBytes(w), bytes: 4 * floats };
}

/** Scratch of every convolution with this window that may be computed this way, in bytes; 0 if none may. */
export function winogradBytes(w: Window2d, threads: number): number {
  if (!isWinograd(w)) return 0;
  const { transformed, bytes } = kernelGradientBytes(w);
  return Math.max(bytesOfThreads(forwardBytes(w), threads), transformed + bytesOfThreads(bytes, threads));
}

/** Tiles whose input of `channels` is transformed at once. */
const blockOf = (channels: number): number =>
  Math.max(smallestBlock, Math.min(largestBlock, 6 * Math.floor(blockFloats / (6 * elements * channels))));

/** Output channels whose kernels are transformed at once: whole panels. */
const groupOf = ({ inputChannels, outputChannels }: Window2d): number =>
  Math.min(outputChannels, panel * Math.max(1, Math.floor(kernelFloats / (elements * panel * inputChannels))));

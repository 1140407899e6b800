/**
 * Sums over many rows, such as gradients of kernels, in portions of consecutive rows that are added in order at the end. So a thread
 * reads the rows that it has computed itself, and a sum has the same order with any number of threads.
 */
// biome-ignore-all format: a call lists one group of operands a line.
import type { Window2d } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { bytesOfThreads, ofThread, type WasmMemory } from './memory.ts';
import { address, deal, gemmBytes, parallelElements, parallelThreshold } from './shares.ts';
import type { ThreadPool } from './threadPool.ts';
import { backwardKernelBytes, kernelFloats, portionBytes, portions, windowWriter, workOf } from './windows.ts';

/** Columns of a matrix are summed in portions if it has this many times as many rows. */
const tall = 16;

/** Whether the columns of such a matrix are summed in portions. This must not depend on the number of threads. */
export const sumsColumnsInPortions = (rows: number, columns: number): boolean =>
  rows * columns >= parallelElements && rows >= tall * columns && 4 * portions * columns <= gemmBytes;

export interface PortionSums {
  /** sums[j] += Σ_r x[r, j] */
  addColumnSums(rows: number, columns: number, x: FloatArray, xOffset: number, sums: FloatArray): void;
  /** dKernel += Σ x · dy, window by window. */
  addKernelGradient(window: Window2d, batch: number, x: FloatArray, dy: FloatArray, dKernel: FloatArray): void;
}

export function portionSums(pool: ThreadPool, memory: WasmMemory): PortionSums {
  const leader = pool.on(0);
  const writeWindow = windowWriter(memory);
  return {
    addColumnSums(rows, columns, x, xOffset, sums) {
      const { size } = pool;
      const each = Math.ceil(rows / portions);
      const count = Math.ceil(rows / each);
      const scratch = memory.scratch(bytesOfThreads(gemmBytes, size));
      const ofPart = Math.ceil(count / size);
      deal(pool, count, ofPart, (wasm, from, to, part) =>
        wasm.columnSums(rows, columns, each, from, to, address(x, xOffset), ofThread(scratch, gemmBytes, part)));
      addPortions(count, ofPart, columns, scratch, gemmBytes, sums);
    },

    addKernelGradient(w, batch, x, dy, dKernel) {
      const { size } = pool;
      const each = Math.ceil(batch / portions);
      const count = Math.ceil(batch / each);
      const floats = kernelFloats(w);
      const bytes = backwardKernelBytes(w) + portionBytes(w);
      const scratch = memory.scratch(bytesOfThreads(bytes, size));
      const ofPart = workOf(w, batch) < parallelThreshold ? count : Math.ceil(count / size);
      const at = writeWindow(w);
      deal(pool, count, ofPart, (wasm, from, to, part) => {
        const sums = ofThread(scratch, bytes, part);
        wasm.convolveBackwardKernel(at, 0, floats / w.outputChannels, 0, w.outputChannels, from * each, Math.min(batch, to * each), each,
          address(x), address(dy), sums, sums + 4 * portions * floats);
      });
      addPortions(count, ofPart, floats, scratch, bytes, dKernel);
    },
  };

  /** Adds the sums of all portions, which are in the working memories of threads, `bytes` each: `ofPart` of them in each. */
  function addPortions(count: number, ofPart: number, floats: number, scratch: number, bytes: number, sums: FloatArray): void {
    for (let portion = 0; portion < count; portion++) {
      const part = Math.floor(portion / ofPart);
      leader.addScaled(floats, 1, ofThread(scratch, bytes, part) + 4 * floats * (portion - part * ofPart), address(sums));
    }
  }
}

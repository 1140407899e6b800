/** How wasm kernels address memory and divide work among threads: by output elements, or by portions of sums that no number of threads changes. */
import type { FloatArray } from '../tensor.ts';
import type { WasmExports } from './exports.ts';
import type { ThreadPool } from './threadPool.ts';

/** Columns of a panel in the widest build: assembly/tiles.ts. Parts for threads begin at multiples of it. */
export const panel = 16;
/** Panels pad columns to a multiple of this. */
export const narrowPanel = 8;

/**
 * Bytes of a packed panel of B (K_BLOCK × PANEL floats), a panel's bias, a block of C (C_ROWS × PANEL) and a packed block of A
 * (M_BLOCK × K_BLOCK): assembly/gemm.ts.
 */
export const gemmBytes = 4 * (512 * 8 + panel + 1536 * panel + 132 * 512);

/** Below this many multiply-adds (about 20 µs of work), dividing the work costs more than it saves. */
export const parallelThreshold = 500_000;
/** The same for passes that are limited by memory, in elements. */
export const parallelElements = 60_000;

/**
 * Memory of a plan below which none of its calls reaches those thresholds: fewer elements than `parallelElements`, and at
 * most (floats / 3)^(3/2) multiply-adds, if all of it is one square product.
 */
export const parallelBytes = 65_536;

/**
 * Divides `count` items into parts of `each`. `run` makes the call for items from … to, on the exports of the thread that
 * computes them; `part` numbers the parts, for calls that need separate memory for each. Returns when all are done.
 */
export function deal(pool: ThreadPool, count: number, each: number, run: Part): void {
  // Small, so that the compiler inlines it and `run` into the kernel: most calls are not divided.
  if (count > each) dealParts(pool, count, each, run);
  else if (count > 0) run(pool.on(0), 0, count, 0);
  pool.finish();
}

type Part = (wasm: WasmExports, from: number, to: number, part: number) => void;

/** From the last part to the first, because the leader does part 0 itself. */
function dealParts(pool: ThreadPool, count: number, each: number, run: Part): void {
  for (let part = Math.ceil(count / each); part-- > 0; )
    run(pool.on(part), part * each, Math.min(count, (part + 1) * each), part);
}

/** The byte address of element `offset` of an array in the backend's memory. */
export const address = (data: FloatArray | Int32Array, offset = 0): number => data.byteOffset + 4 * offset;

/** Address 0 means that the buffer is absent. */
export const addressOf = (data: FloatArray | Int32Array | undefined): number => (data ? address(data) : 0);

/** The approximate costs of the functions of a recurrent cell, and of pooling, in plain passes over as many elements. */
export const cellPasses = 20;
export const poolPasses = 4;

/** Floats of a cache line, so that two threads do not write to the same one. */
export const line = 16;

/** The share of each thread of `count` items, which together are `work` elements; all of them if the work is small. */
export const share = (pool: ThreadPool, count: number, work: number, unit = 1): number =>
  pool.size === 1 || (work < parallelElements && !pool.isTogether)
    ? count
    : unit * Math.ceil(count / (unit * pool.size));

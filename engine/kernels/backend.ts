/** A backend: kernels, and the memory they can work on. */
import type { KernelNeeds, Kernels } from './kernels.ts';
import type { FloatArray } from './tensor.ts';

export interface Arena {
  readonly buffer: ArrayBufferLike;
  /** Byte offset at which the plan's memory begins. */
  readonly base: number;
}

export interface Backend {
  readonly name: string;
  readonly kernels: Kernels;
  /** Element types it can compute with. */
  readonly floats: readonly ('float32' | 'float64')[];
  /** Bytes of working memory that calls with such operands take; with none, what every network's calls may take. */
  scratchBytes(needs: KernelNeeds): number;
  /**
   * Sets working memory aside, so that no call has to, and takes memory for so many bytes to be allocated in all, working
   * memory included. Throws as `allocate`.
   */
  reserve(scratchBytes: number, allocated: number): void;
  /** Bytes that it takes for so many set aside: its own data and whole pages. */
  bytesFor(allocated: number): number;
  /** Bytes it can have at most. */
  readonly mostBytes: number;
  /** Zeroed memory for one plan. Throws RangeError when there is not that much. */
  allocate(bytes: number): Arena;
  /** Ends threads, if there are any. */
  dispose?(): void;
}

/** What each `allocate` is filled up to: enough for any SIMD load, and a cache line, so that threads do not share one. */
export const alignment = 64;
export const align = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** Numbers in the backend's own memory, all zero. */
export function floatsOn(backend: Backend, type: 'float32' | 'float64', count: number): FloatArray {
  const Floats = type === 'float64' ? Float64Array : Float32Array;
  const { buffer, base } = backend.allocate(count * Floats.BYTES_PER_ELEMENT);
  return new Floats(buffer as ArrayBuffer, base, count);
}

/** The same for sums and counts, which are float64 on every backend. */
export const doublesOn = (backend: Backend, count: number): Float64Array =>
  floatsOn(backend, 'float64', count) as Float64Array;

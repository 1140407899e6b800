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
  /** Bytes of working memory that calls with such operands need. If `needs` is empty, those that calls of any network may need. */
  scratchBytes(needs: KernelNeeds): number;
  /**
   * Reserves working memory, so that no call has to, and reserves memory for `allocated` bytes in all, including working memory.
   * Throws like `allocate`.
   */
  reserve(scratchBytes: number, allocated: number): void;
  /** Bytes that it takes if `allocated` bytes are reserved: with its own data, in whole pages. */
  bytesFor(allocated: number): number;
  /** The most bytes that it can have. */
  readonly mostBytes: number;
  /** Zeroed memory for one plan. Throws RangeError if there is not enough. */
  allocate(bytes: number): Arena;
  /**
   * Call these at the beginning and end of each training step that has as many samples as most: threads are used only where they make
   * such steps faster. Where gradients are accumulated, all steps of an update count as one, from its `first` to its `last`.
   */
  stepBegins?(first?: boolean): void;
  stepEnds?(last?: boolean): void;
  /** Call this after kernels and before other code that computes. Absent where it makes no difference: wasm/registers.ts. */
  afterKernels?(): void;
  /** Ends threads, if there are any. */
  dispose?(): void;
}

/**
 * Each `allocate` is rounded up to this many bytes: enough for any SIMD load, and a cache line, so that threads do not share one.
 */
export const alignment = 64;
/** The number of bytes rounded up to a multiple of `alignment`. */
export const align = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** An array of zeros in the backend's memory. */
export function floatsOn(backend: Backend, type: 'float32' | 'float64', count: number): FloatArray {
  const Floats = type === 'float64' ? Float64Array : Float32Array;
  const { buffer, base } = backend.allocate(count * Floats.BYTES_PER_ELEMENT);
  return new Floats(buffer as ArrayBuffer, base, count);
}

/** The same for sums and counts, which every backend keeps as float64. */
export const doublesOn = (backend: Backend, count: number): Float64Array =>
  floatsOn(backend, 'float64', count) as Float64Array;

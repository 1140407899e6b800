/** A backend: kernels, and the memory they can work on. */
import type { Kernels } from './kernels.ts';

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
  /** Zeroed memory for one plan. Throws RangeError when there is not that much. */
  allocate(bytes: number): Arena;
  /** Ends threads, if there are any. */
  dispose?(): void;
}

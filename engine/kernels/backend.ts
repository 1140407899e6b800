/** A backend: kernels, and the memory they can work on. */
import type { Kernels } from './kernels.ts';
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
  /** Zeroed memory for one plan. Throws RangeError when there is not that much. */
  allocate(bytes: number): Arena;
  /** Ends threads, if there are any. */
  dispose?(): void;
}

/** Numbers in the backend's own memory, all zero. */
export function floatsOn(backend: Backend, type: 'float32' | 'float64', count: number): FloatArray {
  const Floats = type === 'float64' ? Float64Array : Float32Array;
  const { buffer, base } = backend.allocate(count * Floats.BYTES_PER_ELEMENT);
  return new Floats(buffer as ArrayBuffer, base, count);
}

/** The same for sums and counts, which are float64 on every backend. */
export const doublesOn = (backend: Backend, count: number): Float64Array =>
  floatsOn(backend, 'float64', count) as Float64Array;

/** The machine under the kernels failed, not the network: a thread ended. The message tells a person what to do. */
export class BackendError extends Error {}

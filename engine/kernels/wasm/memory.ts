/** The wasm backend's one shared memory: module data, then scratch, then whatever is allocated. Grows, never moves. */

import { type Arena, align } from '../backend.ts';

const page = 65536;

/** Bytes of a window in assembly/window.ts, in whole cache lines. */
export const windowBytes = 128;
/** Bytes of the sums that a kernel which measures keeps in memory: at most eight pairs of vectors (assembly/moments.ts). */
const sumBytes = 256;

/** The most pages of a 32-bit memory: 4 GiB. */
const maximumPages = 65536;
export const mostBytes = maximumPages * page;

/**
 * Bytes between the working memories of two threads. A processor fetches memory beyond the rows that a thread writes, in order to
 * write there, too, and takes it away from the thread to which it belongs: with adjacent memories, a thread took twice as long.
 * From this distance on, there is no effect.
 */
const apart = 262_144;

/** Bytes of working memory for `threads` threads that need `bytes` each. */
export const bytesOfThreads = (bytes: number, threads: number): number =>
  threads * bytes + (threads - 1) * apart;

/** Where the working memory of thread `part` begins, if each needs `bytes`. */
export const ofThread = (scratch: number, bytes: number, part: number): number =>
  scratch + part * (bytes + apart);

/** The memory of one backend, which all its threads share. */
export class WasmMemory {
  readonly memory: WebAssembly.Memory;
  #begin = 0;
  #windowAt = 0;
  #end = 0;
  #scratch = 0;
  #scratchBytes = 0;

  constructor() {
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: maximumPages, shared: true });
  }

  /** Call once with the address at which the module's own data ends. */
  begin(heapBase: number): void {
    this.#windowAt = align(heapBase);
    this.#begin = this.#windowAt + windowBytes + sumBytes;
    this.#end = this.#begin;
    this.#take(this.#end);
  }

  /** Address of the current window's geometry. */
  get windowAt(): number {
    return this.#windowAt;
  }

  /** Address of the sums of a kernel that measures. Only the leader measures. */
  get sumsAt(): number {
    return this.#windowAt + windowBytes;
  }

  /** Reserves memory for `allocated` bytes in all. */
  reserve(allocated: number): void {
    this.#take(this.#begin + allocated);
  }

  allocate(bytes: number): Arena {
    const base = this.#end;
    this.#end = align(base + bytes);
    this.#take(this.#end);
    return { buffer: this.memory.buffer, base };
  }

  /** Size of the memory with `allocated` bytes. */
  bytesFor(allocated: number): number {
    return page * Math.ceil((this.#begin + allocated) / page);
  }

  /** Working memory for one call: always at the same address, and larger if a call needs more. */
  scratch(bytes: number): number {
    if (bytes > this.#scratchBytes) {
      this.#scratchBytes = align(bytes);
      this.#scratch = this.allocate(this.#scratchBytes).base;
    }
    return this.#scratch;
  }

  /** Throws RangeError if the machine or 32-bit addresses do not provide that much. */
  #take(end: number): void {
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / page));
  }
}

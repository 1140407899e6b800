/** The wasm backend's one shared memory: module data, then scratch, then whatever is allocated. Grows, never moves. */

import type { Arena } from '../backend.ts';

const page = 65536;
const alignment = 64;
const align = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** Pages a 32-bit memory can have: 4 GiB. */
const maximumPages = 65536;

export class WasmMemory {
  readonly memory: WebAssembly.Memory;
  #end = 0;
  #scratch = 0;
  #scratchBytes = 0;

  constructor() {
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: maximumPages, shared: true });
  }

  /** Told once where the module's own data ends. */
  begin(heapBase: number): void {
    this.#end = align(heapBase);
    this.#reserve();
  }

  allocate(bytes: number): Arena {
    const base = this.#end;
    this.#end = align(base + bytes);
    this.#reserve();
    return { buffer: this.memory.buffer, base };
  }

  /** Working memory for one call; the same place again and again, larger when a call needs more. */
  scratch(bytes: number): number {
    if (bytes > this.#scratchBytes) {
      this.#scratchBytes = align(bytes);
      this.#scratch = this.allocate(this.#scratchBytes).base;
    }
    return this.#scratch;
  }

  /** Throws RangeError when the machine or 32 bits do not give that much. */
  #reserve(): void {
    const missing = this.#end - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / page));
  }
}

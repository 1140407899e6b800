/** Loads the compiled kernels from disk: the build with fused multiply-add where the host runs it, else the plain one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Backend } from '../backend.ts';
import { referenceBackend } from '../reference/backend.ts';
import { soloCrew } from './crew.ts';
import type { WasmExports } from './exports.ts';
import { createWasmKernels } from './kernels.ts';
import { WasmMemory } from './memory.ts';

export type Build = 'relaxed' | 'plain';

/** The compiled bytes of a build; undefined where the host cannot run it. */
export function readBuild(folder: string, build: Build): Uint8Array<ArrayBuffer> | undefined {
  if (typeof SharedArrayBuffer === 'undefined') return undefined;
  const bytes = new Uint8Array(readFileSync(join(folder, `${build}.wasm`)));
  if (WebAssembly.validate(bytes)) return bytes;
  // Node 20 can fuse multiply and add, but only when asked; later versions do not know the flag.
  if (build === 'plain' || Number(process.versions.node.split('.')[0]) >= 22) return undefined;
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  return WebAssembly.validate(bytes) ? bytes : undefined;
}

/** A backend of its own memory, the fastest this host can run; the reference backend where there is no SIMD or no shared memory. */
export function loadBackend(folder: string): Backend {
  for (const build of ['relaxed', 'plain'] as const) {
    const bytes = readBuild(folder, build);
    if (bytes) return createWasmBackend(build, bytes);
  }
  return referenceBackend;
}

export function createWasmBackend(build: Build, bytes: Uint8Array<ArrayBuffer>): Backend {
  const memory = new WasmMemory();
  const module = new WebAssembly.Module(bytes);
  const instance = new WebAssembly.Instance(module, {
    env: {
      memory: memory.memory,
      abort: () => {
        throw new Error('internal error: a kernel gave up');
      },
    },
  });
  const wasm = instance.exports as unknown as WasmExports;
  memory.begin(wasm.heapBase());
  return {
    name: build === 'relaxed' ? 'wasm, fused multiply-add' : 'wasm',
    kernels: createWasmKernels(wasm, memory, soloCrew(wasm)),
    floats: ['float32'],
    allocate: (size) => memory.allocate(size),
  };
}

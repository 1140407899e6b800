/** Loads the compiled kernels from disk, the fastest build the host can run, and starts the threads of the pool. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Backend } from '../backend.ts';
import { referenceBackend } from '../reference/backend.ts';
import { instantiate } from './instance.ts';
import { createWasmKernels, scratchBytes } from './kernels.ts';
import { mostBytes, WasmMemory } from './memory.ts';
import type { PoolWorkerData } from './poolWorker.ts';
import { freeRegisters } from './registers.ts';
import { parallelBytes } from './shares.ts';
import { mailboxesFor, poolOfOne, spinsFor, timesOfHost, WorkerPool } from './threadPool.ts';
import { isVerified, tryWide, type Verified } from './wide.ts';

/**
 * Builds of one source. `plain` runs wherever there is SIMD; `relaxed` fuses multiply and add if the processor can; `wide` does
 * the same, with the same bits, in an order that suits hosts with 256-bit vectors.
 */
export type Build = 'plain' | 'relaxed' | 'wide';

/** A build; undefined where the host cannot run it. */
export function readBuild(folder: string, build: Build): WebAssembly.Module | undefined {
  if (typeof SharedArrayBuffer === 'undefined') return undefined;
  const bytes = new Uint8Array(readFileSync(join(folder, `${build}.wasm`)));
  const module = compile(bytes);
  // Node 20 can fuse multiply and add, but only with this flag; later versions do not know it.
  if (module || build === 'plain' || Number(process.versions.node.split('.')[0]) >= 22) return module;
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  return compile(bytes);
}

/** Undefined for code that the host does not know. To validate it first would take as long again. */
function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module | undefined {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return undefined;
    throw error;
  }
}

/** In smaller plans, most of a step is code around kernels, which wide registers slow down: with 2 kB, a step takes twice as long. */
const wideBytes = 24_576;

/**
 * A backend with its own memory, or the reference backend if there is no SIMD or no shared memory. `folder` holds
 * the compiled kernels and, for more than one thread, the bundled worker. A plan too small for any of its calls to be divided
 * gets one thread, whatever is requested. `wide` allows 256-bit vectors for larger plans, which changes how this process compiles WebAssembly;
 * `verified` remembers their trial.
 */
export function loadBackend(
  folder: string,
  threads = 1,
  planBytes = Number.POSITIVE_INFINITY,
  wide = false,
  verified?: Verified,
): Backend {
  const useful = planBytes < parallelBytes ? 1 : threads;
  const workerFile = resolve(folder, 'poolWorker.cjs');
  const wideModule = wide && planBytes >= wideBytes ? readBuild(folder, 'wide') : undefined;
  if (wideModule && isVerified(verified)) return createWasmBackend('wide', wideModule, useful, workerFile);
  const relaxed = readBuild(folder, 'relaxed');
  if (!relaxed) {
    const plain = readBuild(folder, 'plain');
    return plain ? createWasmBackend('plain', plain, useful, workerFile) : referenceBackend;
  }
  const trial = wideModule && tryWide(relaxed, wideModule, verified);
  if (wideModule && trial === 'wide') return createWasmBackend('wide', wideModule, useful, workerFile);
  const backend = createWasmBackend('relaxed', relaxed, useful, workerFile);
  return typeof trial === 'object'
    ? { ...backend, name: `${backend.name}; not 256-bit: ${trial.doubt}` }
    : backend;
}

const names: { readonly [build in Build]: string } = {
  plain: 'wasm',
  relaxed: 'wasm, fused multiply-add',
  wide: 'wasm, 256-bit fused multiply-add',
};

export function createWasmBackend(
  build: Build,
  module: WebAssembly.Module,
  threads = 1,
  workerFile = '',
  times = timesOfHost,
): Backend {
  const memory = new WasmMemory();
  const wasm = instantiate(module, memory.memory);
  memory.begin(wasm.heapBase());
  const mailboxes = mailboxesFor(threads - 1);
  const spins = spinsFor(threads, availableParallelism());
  const leader = threads > 1 ? new WorkerPool(wasm, mailboxes, threads - 1, spins, times) : undefined;
  for (let worker = 0; worker < threads - 1; worker++) {
    const workerData: PoolWorkerData = { module, memory: memory.memory, mailboxes, worker, spins };
    new Worker(workerFile, { workerData })
      .on('exit', () => leader?.lose())
      .on('error', () => leader?.lose())
      .unref();
  }
  return {
    name: threads > 1 ? `${names[build]}, ${threads} threads` : names[build],
    kernels: createWasmKernels(leader ?? poolOfOne(wasm), memory),
    floats: ['float32'],
    scratchBytes: (needs) => scratchBytes(needs, threads),
    reserve: (scratch, allocated) => {
      memory.scratch(scratch);
      memory.reserve(allocated);
    },
    bytesFor: (allocated) => memory.bytesFor(allocated),
    mostBytes,
    allocate: (size) => memory.allocate(size),
    stepBegins: (first) => leader?.stepBegins(first),
    stepEnds: (last) => leader?.stepEnds(last),
    ...(build === 'wide' ? { afterKernels: freeRegisters } : {}),
    dispose: () => leader?.dismiss(),
  };
}

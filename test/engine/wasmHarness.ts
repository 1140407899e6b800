/**
 * Runs a kernel on the wasm backend in float32 and on the reference in float64, and compares everything that they wrote. Also runs it on the wide
 * build beside the relaxed one, which must write the same bits.
 */
import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Backend } from '../../engine/kernels/backend.ts';
import type { Kernels, Window2d } from '../../engine/kernels/kernels.ts';
import { Random } from '../../engine/kernels/random.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import { type Build, createWasmBackend, readBuild } from '../../engine/kernels/wasm/load.ts';
import { tryWide } from '../../engine/kernels/wasm/wide.ts';

export const size = (max: number) => fc.integer({ min: 1, max });

/** Windows of any stride, dilation and padding, in one group. Often with 8 channels, whose convolutions the wide build has a routine for. */
export const windows = fc
  .record({
    inputHeight: size(12),
    inputWidth: size(12),
    inputChannels: fc.oneof(size(9), fc.constant(8)),
    outputChannels: fc.oneof(size(19), fc.constant(8)),
    kernelHeight: size(4),
    kernelWidth: size(4),
    strideY: size(3),
    strideX: size(3),
    dilationY: size(2),
    dilationX: size(2),
    padTop: fc.integer({ min: 0, max: 3 }),
    padLeft: fc.integer({ min: 0, max: 3 }),
    padBottom: fc.integer({ min: 0, max: 3 }),
    padRight: fc.integer({ min: 0, max: 3 }),
  })
  .map(
    (w): Window2d => ({
      ...w,
      groups: 1,
      outputHeight:
        Math.floor(
          (w.inputHeight + w.padTop + w.padBottom - (w.kernelHeight - 1) * w.dilationY - 1) / w.strideY,
        ) + 1,
      outputWidth:
        Math.floor(
          (w.inputWidth + w.padLeft + w.padRight - (w.kernelWidth - 1) * w.dilationX - 1) / w.strideX,
        ) + 1,
    }),
  )
  .filter((w) => w.outputHeight > 0 && w.outputWidth > 0);

/** Elements of one sample. */
export const inputs = (w: Window2d) => w.inputHeight * w.inputWidth * w.inputChannels;
export const outputs = (w: Window2d) => w.outputHeight * w.outputWidth * w.outputChannels;

export const builds = ['relaxed', 'plain'] as const;

export function moduleOf(build: Build): WebAssembly.Module {
  const module = readBuild('dist/kernels', build);
  if (!module) throw new Error(`this Node cannot run the ${build} build`);
  return module;
}

// If the host can join vectors, it does so from here on. Otherwise the wide build runs without joined vectors.
// Only the optimizing compiler joins them, so it compiles every function at once.
if (tryWide(moduleOf('relaxed'), moduleOf('wide')) === 'wide') setFlagsFromString('--no-liftoff');

export const load = (build: Build, threads = 1): Backend =>
  createWasmBackend(build, moduleOf(build), threads, resolve('dist/kernels/poolWorker.cjs'));

/** A relaxed backend that is compared with a wide one, bit by bit. */
export function besideWide(backend: Backend, wide: Backend): Backend {
  wideOf.set(backend, wide);
  return backend;
}

const wideOf = new WeakMap<Backend, Backend>();

/** The wide backend beside a relaxed one. */
export const wideBeside = (backend: Backend): Backend | undefined => wideOf.get(backend);

/** A backend that `check` compares with the reference; if relaxed, also with the wide build. */
export const loadChecked = (build: (typeof builds)[number]): Backend =>
  build === 'relaxed' ? besideWide(load(build), load('wide')) : load(build);

type Numbers = Float32Array | Float64Array | Int32Array;

/** Whether kernels work in the memory of a backend. */
export const isFast = (kernels: Kernels): boolean => kernels.name === 'wasm';

/** Buffers of one call: the same random numbers in the backend's memory and in plain float64. */
export class Operands {
  readonly #random = new Random(7);
  readonly fast: (Float32Array | Int32Array)[] = [];
  readonly exact: (Float64Array | Int32Array)[] = [];
  constructor(readonly backend: Backend) {}

  /** The same numbers again, in the memory of another backend. */
  copiedTo({ allocate }: Backend): Numbers[] {
    return this.fast.map((numbers) => {
      const { buffer, base } = allocate(4 * numbers.length);
      const Copy = numbers instanceof Int32Array ? Int32Array : Float32Array;
      const copy = new Copy(buffer as ArrayBuffer, base, numbers.length);
      copy.set(numbers);
      return copy;
    });
  }

  floats(length: number, scale = 1): number {
    const { buffer, base } = this.backend.allocate(4 * length);
    const fast = new Float32Array(buffer as ArrayBuffer, base, length);
    for (let i = 0; i < length; i++) fast[i] = scale * this.#random.normal();
    this.exact.push(Float64Array.from(fast));
    return this.fast.push(fast) - 1;
  }

  ints(length: number): number {
    const { buffer, base } = this.backend.allocate(4 * length);
    this.exact.push(new Int32Array(length));
    return this.fast.push(new Int32Array(buffer as ArrayBuffer, base, length)) - 1;
  }
}

/** NaN equals NaN with other bits, because the processor decides which bits an operation gives. */
export function expectSameBits(found: Numbers, wanted: Numbers, what: string): void {
  const wrong = found.findIndex((value, i) => !Object.is(value, wanted[i]));
  if (found.length !== wanted.length || wrong >= 0)
    expect.fail(`${what}, element ${wrong}: ${found[wrong]}, expected the bits of ${wanted[wrong]}`);
}

export type Pick = <T>(index: number) => T;

/** Calls the same kernel on both and compares every buffer, relative to its largest element. */
export function check(
  backend: Backend,
  operands: Operands,
  call: (kernels: Kernels, pick: Pick) => void,
): void {
  const wide = wideOf.get(backend);
  const copies = wide && operands.copiedTo(wide);
  call(backend.kernels, (index) => operands.fast[index] as never);
  if (wide && copies) {
    call(wide.kernels, (index) => copies[index] as never);
    copies.forEach((copy, index) => {
      expectSameBits(copy, operands.fast[index], `buffer ${index} of the wide build`);
    });
  }
  call(referenceKernels, (index) => operands.exact[index] as never);
  operands.fast.forEach((fast, index) => {
    const exact = operands.exact[index];
    let largest = 1e-6;
    for (const value of exact) largest = Math.max(largest, Math.abs(value));
    for (let i = 0; i < exact.length; i++)
      if (!(Math.abs(fast[i] - exact[i]) <= 1e-5 * largest))
        expect.fail(`buffer ${index}, element ${i}: ${fast[i]}, expected ${exact[i]}`);
  });
}

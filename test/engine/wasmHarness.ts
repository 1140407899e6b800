/** Runs a kernel on the wasm backend in float32 and on the reference in float64, and compares all they wrote. */
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Backend } from '../../engine/kernels/backend.ts';
import type { Kernels, Window2d } from '../../engine/kernels/kernels.ts';
import { Random } from '../../engine/kernels/random.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import { createWasmBackend, readBuild } from '../../engine/kernels/wasm/load.ts';

export const size = (max: number) => fc.integer({ min: 1, max });

/** Windows of any stride, dilation and padding, in one group. */
export const windows = fc
  .record({
    inputHeight: size(12),
    inputWidth: size(12),
    inputChannels: size(9),
    outputChannels: size(19),
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

export function load(build: (typeof builds)[number], threads = 1): Backend {
  const bytes = readBuild('dist/kernels', build);
  if (!bytes) throw new Error(`this Node cannot run the ${build} build`);
  return createWasmBackend(build, bytes, threads, resolve('dist/kernels/helper.cjs'));
}

/** Buffers of one call: the same random numbers in the backend's memory and in plain float64. */
export class Operands {
  readonly #random = new Random(7);
  readonly fast: (Float32Array | Int32Array)[] = [];
  readonly exact: (Float64Array | Int32Array)[] = [];
  constructor(readonly backend: Backend) {}

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

export type Pick = <T>(index: number) => T;

/** Calls the same kernel on both and compares every buffer, relative to its largest element. */
export function check(
  backend: Backend,
  operands: Operands,
  call: (kernels: Kernels, pick: Pick) => void,
): void {
  call(backend.kernels, (index) => operands.fast[index] as never);
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

/** Convolutions by Winograd's minimal filtering have the results of the reference, and the same bits at any number of threads. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../engine/kernels/backend.ts';
import type { Kernels, Window2d } from '../../engine/kernels/kernels.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import { instantiate } from '../../engine/kernels/wasm/instance.ts';
import type { Build } from '../../engine/kernels/wasm/load.ts';
import { WasmMemory } from '../../engine/kernels/wasm/memory.ts';
import { poolOfOne } from '../../engine/kernels/wasm/threadPool.ts';
import { turn } from '../../engine/kernels/wasm/windows.ts';
import {
  suitsWinograd,
  suitsWinogradGradient,
  winogradConvolutions,
} from '../../engine/kernels/wasm/winograd.ts';
import { besideWide, builds, check, load, moduleOf, Operands, type Pick } from './wasmHarness.ts';

interface Size {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filters: number;
  readonly pad: readonly [top: number, bottom: number, left: number, right: number];
}

function windowOf({ height, width, channels, filters, pad }: Size): Window2d {
  const [padTop, padBottom, padLeft, padRight] = pad;
  return {
    inputHeight: height,
    inputWidth: width,
    inputChannels: channels,
    outputHeight: height + padTop + padBottom - 2,
    outputWidth: width + padLeft + padRight - 2,
    outputChannels: filters,
    kernelHeight: 3,
    kernelWidth: 3,
    strideY: 1,
    strideX: 1,
    dilationY: 1,
    dilationX: 1,
    padTop,
    padBottom,
    padLeft,
    padRight,
    groups: 1,
  };
}

const length = fc.integer({ min: 1, max: 13 });
const panels = fc.integer({ min: 1, max: 5 }).map((count) => 8 * count);
const before = fc.integer({ min: 0, max: 2 });
/** Negative padding crops. */
const after = fc.integer({ min: -1, max: 3 });

const window = fc
  .record({
    height: length,
    width: length,
    channels: panels,
    filters: panels,
    pad: fc.tuple(before, after, before, after),
  })
  .map(windowOf)
  .filter((w) => w.outputHeight > 0 && w.outputWidth > 0);

const inputs = (w: Window2d) => w.inputHeight * w.inputWidth * w.inputChannels;
const outputs = (w: Window2d) => w.outputHeight * w.outputWidth * w.outputChannels;
const weights = (w: Window2d) => 9 * w.inputChannels * w.outputChannels;

/** A backend that computes all convolutions by this method, even if another one is faster. */
function winogradBackend(build: Build): Backend {
  const memory = new WasmMemory();
  const wasm = instantiate(moduleOf(build), memory.memory);
  memory.begin(wasm.heapBase());
  const winograd = winogradConvolutions(poolOfOne(wasm), memory);
  return {
    name: 'winograd',
    kernels: {
      ...referenceKernels,
      convolve: (w, batch, x, kernel, bias, y) =>
        winograd.convolve(w, batch, false, false, x, kernel, bias, y),
      convolveBackwardInput: (w, batch, dy, kernel, dx, accumulate) =>
        winograd.convolve(turn(w)!, batch, true, accumulate, dy, kernel, undefined, dx),
      convolveBackwardKernel: winograd.convolveBackwardKernel,
    },
    floats: ['float32'],
    allocate: (size) => memory.allocate(size),
    scratchBytes: () => 0,
    reserve: () => {},
    bytesFor: (allocated) => memory.bytesFor(allocated),
    mostBytes: 2 ** 32,
  };
}

/** Runs the forward pass and both gradients on random numbers. With `adds`, there is a bias, and gradients are added to others. */
function convolveAll(o: Operands, w: Window2d, batch: number, adds: boolean) {
  const [x, kernel, bias] = [o.floats(batch * inputs(w)), o.floats(weights(w)), o.floats(w.outputChannels)];
  const [y, dx, dKernel] = [o.floats(batch * outputs(w)), o.floats(batch * inputs(w)), o.floats(weights(w))];
  const call = (kernels: Kernels, pick: Pick) => {
    kernels.convolve(w, batch, pick(x), pick(kernel), adds ? pick(bias) : undefined, pick(y));
    kernels.convolveBackwardInput(w, batch, pick(y), pick(kernel), pick(dx), adds);
    kernels.convolveBackwardKernel(w, batch, pick(x), pick(y), pick(dKernel));
  };
  return { x, kernel, y, dx, dKernel, call };
}

describe.each(builds)('the %s wasm build, by minimal filtering,', (build) => {
  const backend =
    build === 'relaxed'
      ? besideWide(winogradBackend(build), winogradBackend('wide'))
      : winogradBackend(build);

  it('convolves with any padding, and gives both gradients', () => {
    const test = ([w, batch, adds]: readonly [Window2d, number, boolean]) => {
      const o = new Operands(backend);
      check(backend, o, convolveAll(o, w, batch, adds).call);
    };
    fc.assert(fc.property(fc.tuple(window, fc.integer({ min: 1, max: 5 }), fc.boolean()), test), {
      numRuns: 100,
      seed: 17,
    });
  });

  it.each([
    ['many channels', { height: 6, width: 5, channels: 128, filters: 136, pad: [1, 1, 1, 1] }],
    [
      'kernels wider than are transformed at once',
      { height: 4, width: 4, channels: 512, filters: 264, pad: [1, 1, 1, 1] },
    ],
    ['sums over many tiles', { height: 60, width: 60, channels: 8, filters: 8, pad: [1, 1, 1, 1] }],
    ['rows longer than a block', { height: 3, width: 230, channels: 8, filters: 8, pad: [0, 0, 2, 2] }],
  ] as const)('holds for %s', (_, size) => {
    const o = new Operands(backend);
    check(backend, o, convolveAll(o, windowOf(size), 2, true).call);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('keeps %s wherever the reference does', (strange) => {
    const w = windowOf({ height: 7, width: 6, channels: 8, filters: 8, pad: [1, 1, 1, 1] });
    const o = new Operands(backend);
    const { x, y, dx, dKernel, call } = convolveAll(o, w, 1, true);
    for (const values of [o.fast[x], o.exact[x]]) values[inputs(w) - 1] = strange;
    call(backend.kernels, (index) => o.fast[index] as never);
    call(referenceKernels, (index) => o.exact[index] as never);
    for (const result of [y, dx, dKernel]) {
      const hidden = [...o.exact[result]].filter(
        (value, i) => !Number.isFinite(value) && Number.isFinite(o.fast[result][i]),
      );
      expect(hidden).toEqual([]);
    }
    // It does not spread beyond its tile.
    expect(Number.isFinite(o.fast[y][0])).toBe(true);
  });
});

describe('minimal filtering', () => {
  const size: Size = { height: 10, width: 11, channels: 16, filters: 40, pad: [1, 1, 1, 1] };
  const counts = [1, 2, 3, 4];
  let backends: Backend[] = [];

  beforeAll(async () => {
    backends = counts.map((threads) => load('plain', threads));
    // The work is divided as expected only once all workers have started.
    await new Promise((started) => setTimeout(started, 500));
  });
  afterAll(() => {
    for (const backend of backends) backend.dispose?.();
  });

  it('is used if it saves work', () => {
    const suits = (channels: number, filters: number, side: number, batch: number) =>
      suitsWinograd(windowOf({ height: side, width: side, channels, filters, pad: [1, 1, 1, 1] }), batch);
    expect(suits(32, 32, 32, 32)).toBe(true);
    expect(suits(8, 16, 28, 32)).toBe(true);
    expect(suits(8, 16, 14, 32)).toBe(true);
    expect(suits(8, 8, 14, 32)).toBe(false);
    expect(suits(3, 32, 32, 32)).toBe(false);
    expect(suits(32, 12, 32, 32)).toBe(false);
    expect(suits(32, 32, 1, 32)).toBe(false);
    expect(suits(128, 128, 4, 1)).toBe(false);
    expect(suitsWinograd({ ...windowOf(size), strideX: 2 }, 32)).toBe(false);
  });

  it('is used for the gradient of a kernel if it saves even more work', () => {
    const suits = (side: number) =>
      suitsWinogradGradient(
        windowOf({ height: side, width: side, channels: 8, filters: 16, pad: [1, 1, 1, 1] }),
        32,
      );
    expect([suits(28), suits(14)]).toEqual([true, false]);
  });

  it('gives the same bits at any number of threads', () => {
    const w = windowOf(size);
    expect(suitsWinograd(w, 7) && suitsWinograd(turn(w)!, 7)).toBe(true);
    const results = backends.map((backend) => {
      const o = new Operands(backend);
      const { y, dx, dKernel, call } = convolveAll(o, w, 7, true);
      call(backend.kernels, (index) => o.fast[index] as never);
      return [y, dx, dKernel].map((index) => o.fast[index]);
    });
    for (const result of results.slice(1)) expect(result).toEqual(results[0]);
  });
});

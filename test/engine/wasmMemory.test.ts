/** Working memory of the kernels: no call takes more than is declared for its operands, at any number of threads. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kernels, Window2d } from '../../engine/kernels/kernels.ts';
import { instantiate } from '../../engine/kernels/wasm/instance.ts';
import { createWasmKernels, scratchBytes } from '../../engine/kernels/wasm/kernels.ts';
import { WasmMemory } from '../../engine/kernels/wasm/memory.ts';
import { layers } from '../../engine/layers/registry.ts';
import { StandaloneLayer } from '../../engine/layers/standalone.ts';
import { inputs, moduleOf, outputs, size, windows } from './wasmHarness.ts';

/** A memory that records the largest request. */
class WatchedMemory extends WasmMemory {
  most = 0;
  override scratch(bytes: number): number {
    this.most = Math.max(this.most, bytes);
    return super.scratch(bytes);
  }
}

const module = moduleOf('relaxed');

/** The kernels as this many threads would call them, one after the other. */
function kernelsOf(threads: number): { readonly kernels: Kernels; readonly memory: WatchedMemory } {
  const memory = new WatchedMemory();
  const wasm = instantiate(module, memory.memory);
  memory.begin(wasm.heapBase());
  const pool = {
    size: threads,
    on: () => wasm,
    finish: () => {},
    together: (_size: number, calls: () => void) => calls(),
    isTogether: false,
  };
  return { memory, kernels: createWasmKernels(pool, memory) };
}

function floats(memory: WasmMemory, length: number): Float32Array {
  const { buffer, base } = memory.allocate(4 * length);
  return new Float32Array(buffer as ArrayBuffer, base, length);
}

/** Grouped windows, and windows to which Winograd's method applies, large enough to be divided among threads. */
const anyWindow = fc.oneof(
  windows,
  fc.tuple(windows, size(3), size(3)).map(
    ([w, groups, multiplier]): Window2d => ({
      ...w,
      groups,
      inputChannels: w.inputChannels * groups,
      outputChannels: w.outputChannels * groups * multiplier,
    }),
  ),
  fc.tuple(windows, size(3)).map(
    ([w, multiplier]): Window2d => ({
      ...w,
      groups: w.inputChannels,
      outputChannels: w.inputChannels * multiplier,
    }),
  ),
  fc.tuple(size(4), size(4), fc.integer({ min: 3, max: 30 })).map(
    ([channels, filters, side]): Window2d => ({
      inputHeight: side,
      inputWidth: side,
      inputChannels: 8 * channels,
      outputHeight: side,
      outputWidth: side,
      outputChannels: 8 * filters,
      kernelHeight: 3,
      kernelWidth: 3,
      strideY: 1,
      strideX: 1,
      dilationY: 1,
      dilationX: 1,
      padTop: 1,
      padBottom: 1,
      padLeft: 1,
      padRight: 1,
      groups: 1,
    }),
  ),
);

describe.each([1, 2, 5])('with %i threads, no more working memory than is declared is taken', (threads) => {
  it('by convolutions and their gradients', () => {
    fc.assert(
      fc.property(anyWindow, size(6), (window, batch) => {
        const { kernels, memory } = kernelsOf(threads);
        const weights =
          (window.kernelHeight * window.kernelWidth * window.inputChannels * window.outputChannels) /
          window.groups;
        const [x, y] = [floats(memory, batch * inputs(window)), floats(memory, batch * outputs(window))];
        const [kernel, dKernel] = [floats(memory, weights), floats(memory, weights)];
        kernels.convolve(window, batch, x, kernel, undefined, y);
        kernels.convolveBackwardInput(window, batch, y, kernel, x, true);
        kernels.convolveBackwardKernel(window, batch, x, y, dKernel);
        expect(memory.most).toBeLessThanOrEqual(scratchBytes({ window }, threads));
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it.each([...layers].flatMap((definition) => definition.samples.map((sample) => ({ definition, sample }))))(
    'by $definition.type: $sample.name',
    ({ definition, sample }) => {
      const { kernels, memory } = kernelsOf(threads);
      const layer = new StandaloneLayer({
        definition,
        inputs: sample.inputs,
        ...(sample.attributes ? { attributes: sample.attributes } : {}),
        ...(sample.lengths ? { lengths: sample.lengths } : {}),
        batch: 3,
        float: 'float32',
        kernels,
        allocate: (size) => memory.allocate(size),
      });
      layer.forward();
      layer.backward();
      expect(memory.most).toBeLessThanOrEqual(scratchBytes(layer.inferred.kernelNeeds ?? {}, threads));
    },
  );

  it('by products and losses of any number of rows', () => {
    const { kernels, memory } = kernelsOf(threads);
    const rows = 20_000;
    const [a, b, c] = [floats(memory, rows * 3), floats(memory, 3 * 5), floats(memory, rows * 5)];
    kernels.gemm(rows, 5, 3, a, 0, 3, b, 0, 5, c, 0, 5);
    const { buffer, base } = memory.allocate(4 * rows);
    const target = new Int32Array(buffer as ArrayBuffer, base, rows);
    c.fill(0);
    const loss = kernels.softmaxCrossEntropy(rows, 5, -1, 1, c, target, floats(memory, rows * 5), undefined);
    expect(loss / rows).toBeCloseTo(Math.log(5), 6);
    expect(memory.most).toBeLessThanOrEqual(scratchBytes({}, threads));
  });
});

/** The reference kernels against their definitions, on random shapes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Window2d } from '../../engine/kernels/kernels.ts';
import { Random } from '../../engine/kernels/random.ts';
import { referenceKernels as kernels } from '../../engine/kernels/reference/index.ts';
import { windowAlong } from '../../engine/kernels/window.ts';

const noise = (count: number, seed: number): Float64Array => {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => random.normal());
};

function expectClose(found: Float64Array, wanted: Float64Array): void {
  const wrong = found.findIndex(
    (value, i) => !(Math.abs(value - wanted[i]) <= 1e-11 * (1 + Math.abs(wanted[i]))),
  );
  if (wrong >= 0) expect(`${found[wrong]} at ${wrong}`).toBe(`${wanted[wrong]} at ${wrong}`);
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

const size = fc.integer({ min: 1, max: 11 });

describe('gemm', () => {
  const shape = fc.record({
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    accumulate: fc.boolean(),
    m: size,
    n: size,
    k: size,
    spare: fc.integer({ min: 0, max: 3 }),
    offset: fc.integer({ min: 0, max: 5 }),
  });

  it('is the sum of products in every form, and touches nothing beside C', () => {
    fc.assert(
      fc.property(shape, ({ transposeA, transposeB, accumulate, m, n, k, spare, offset }) => {
        const aStride = (transposeA ? m : k) + spare;
        const bStride = (transposeB ? k : n) + spare;
        const cStride = n + spare;
        const a = noise(offset + (transposeA ? k : m) * aStride, 1);
        const b = noise(offset + (transposeB ? n : k) * bStride, 2);
        const c = noise(offset + m * cStride, 3);
        const wanted = c.slice();
        for (let i = 0; i < m; i++)
          for (let j = 0; j < n; j++) {
            let sum = accumulate ? c[offset + i * cStride + j] : 0;
            for (let p = 0; p < k; p++)
              sum +=
                a[offset + (transposeA ? p * aStride + i : i * aStride + p)] *
                b[offset + (transposeB ? j * bStride + p : p * bStride + j)];
            wanted[offset + i * cStride + j] = sum;
          }
        kernels.gemm(m, n, k, a, offset, aStride, b, offset, bStride, c, offset, cStride, {
          transposeA,
          transposeB,
          accumulate,
        });
        expectClose(c, wanted);
      }),
    );
  });
});

const side = fc.record({
  input: fc.integer({ min: 1, max: 7 }),
  kernel: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 3 }),
  before: fc.integer({ min: 0, max: 3 }),
  after: fc.integer({ min: 0, max: 3 }),
});

/** Windows of every form that fit into the input at least once. */
const windows = fc
  .record({
    y: side,
    x: side,
    groups: fc.integer({ min: 1, max: 3 }),
    inputs: fc.integer({ min: 1, max: 5 }),
    outputs: fc.integer({ min: 1, max: 5 }),
    ceilMode: fc.boolean(),
  })
  .map(({ y, x, groups, inputs, outputs, ceilMode }): Window2d => {
    const vertical = windowAlong({ ...y, padding: [y.before, y.after], ceilMode });
    const horizontal = windowAlong({ ...x, padding: [x.before, x.after], ceilMode });
    return {
      inputHeight: y.input,
      inputWidth: x.input,
      inputChannels: groups * inputs,
      outputHeight: vertical.output,
      outputWidth: horizontal.output,
      outputChannels: groups * outputs,
      kernelHeight: y.kernel,
      kernelWidth: x.kernel,
      strideY: y.stride,
      strideX: x.stride,
      dilationY: y.dilation,
      dilationX: x.dilation,
      padTop: y.before,
      padBottom: y.after,
      padLeft: x.before,
      padRight: x.after,
      groups,
    };
  })
  .filter(({ outputHeight, outputWidth }) => outputHeight > 0 && outputWidth > 0);

const batch = 2;
const inputSize = (w: Window2d): number => batch * w.inputHeight * w.inputWidth * w.inputChannels;
const outputCells = (w: Window2d): number => batch * w.outputHeight * w.outputWidth;

/** Every pair of an output cell and an input cell under its window, in the window's row-major order. */
function* pairs(w: Window2d): Generator<{ output: number; input: number; sample: number; cell: number }> {
  for (let output = 0; output < outputCells(w); output++) {
    const ox = output % w.outputWidth;
    const oy = Math.floor(output / w.outputWidth) % w.outputHeight;
    const sample = Math.floor(output / (w.outputWidth * w.outputHeight));
    for (let cell = 0; cell < w.kernelHeight * w.kernelWidth; cell++) {
      const y = oy * w.strideY - w.padTop + Math.floor(cell / w.kernelWidth) * w.dilationY;
      const x = ox * w.strideX - w.padLeft + (cell % w.kernelWidth) * w.dilationX;
      if (y < 0 || y >= w.inputHeight || x < 0 || x >= w.inputWidth) continue;
      yield { output, input: (sample * w.inputHeight + y) * w.inputWidth + x, sample, cell };
    }
  }
}

describe('convolve', () => {
  it('is the sum over windows, channels of the group and the offset', () => {
    fc.assert(
      fc.property(windows, (w) => {
        const inputs = w.inputChannels / w.groups;
        const outputs = w.outputChannels / w.groups;
        const x = noise(inputSize(w), 1);
        const kernel = noise(w.kernelHeight * w.kernelWidth * inputs * w.outputChannels, 2);
        const bias = noise(w.outputChannels, 3);
        const y = new Float64Array(outputCells(w) * w.outputChannels).fill(Number.NaN);
        const wanted = Float64Array.from(y, (_, i) => bias[i % w.outputChannels]);
        for (const { output, input, cell } of pairs(w))
          for (let o = 0; o < w.outputChannels; o++)
            for (let c = 0; c < inputs; c++)
              wanted[output * w.outputChannels + o] +=
                x[input * w.inputChannels + Math.floor(o / outputs) * inputs + c] *
                kernel[(cell * inputs + c) * w.outputChannels + o];
        kernels.convolve(w, batch, x, kernel, bias, y);
        expectClose(y, wanted);
      }),
    );
  });

  it('has backward passes that are its transposes, and that add', () => {
    fc.assert(
      fc.property(windows, (w) => {
        const x = noise(inputSize(w), 1);
        const kernel = noise(
          (w.kernelHeight * w.kernelWidth * w.inputChannels * w.outputChannels) / w.groups,
          2,
        );
        const dy = noise(outputCells(w) * w.outputChannels, 3);
        const y = new Float64Array(dy.length);
        kernels.convolve(w, batch, x, kernel, undefined, y);
        const product = dot(y, dy);
        const startX = noise(x.length, 4);
        const dx = startX.slice();
        kernels.convolveBackwardInput(w, batch, dy, kernel, dx, true);
        expect(dot(x, dx) - dot(x, startX)).toBeCloseTo(product, 8);
        const startKernel = noise(kernel.length, 5);
        const dKernel = startKernel.slice();
        kernels.convolveBackwardKernel(w, batch, x, dy, dKernel);
        expect(dot(kernel, dKernel) - dot(kernel, startKernel)).toBeCloseTo(product, 8);
      }),
    );
  });
});

const poolWindows = windows.map((w) => ({ ...w, outputChannels: w.inputChannels, groups: w.inputChannels }));

describe('pooling', () => {
  it('takes the first of the largest cells, 0 and −1 where there are none, and sends the gradient there', () => {
    fc.assert(
      fc.property(poolWindows, (w) => {
        const C = w.inputChannels;
        const random = new Random(1);
        // Few different values, so that there are ties.
        const x = Float64Array.from({ length: inputSize(w) }, () => random.below(4) - 2);
        const y = new Float64Array(outputCells(w) * C).fill(Number.NaN);
        const argmax = new Int32Array(y.length).fill(99);
        const wanted = new Float64Array(y.length);
        const wantedArgmax = new Int32Array(y.length).fill(-1);
        const sampleSize = w.inputHeight * w.inputWidth * C;
        for (const { output, input, sample } of pairs(w))
          for (let c = 0; c < C; c++) {
            const at = output * C + c;
            if (wantedArgmax[at] >= 0 && x[input * C + c] <= wanted[at]) continue;
            wanted[at] = x[input * C + c];
            wantedArgmax[at] = input * C + c - sample * sampleSize;
          }
        kernels.maxPool(w, batch, x, y, argmax);
        expect(y).toEqual(wanted);
        expect(argmax).toEqual(wantedArgmax);
        const dx = new Float64Array(x.length);
        kernels.maxPoolBackward(w, batch, new Float64Array(y.length).fill(1), argmax, dx, true);
        expect(
          dot(
            dx,
            dx.map(() => 1),
          ),
        ).toBe(argmax.filter((index) => index >= 0).length);
      }),
    );
  });

  it('never hides a NaN behind a number', () => {
    const w = {
      inputHeight: 1,
      inputWidth: 3,
      inputChannels: 1,
      outputHeight: 1,
      outputWidth: 1,
      outputChannels: 1,
      kernelHeight: 1,
      kernelWidth: 3,
      strideY: 1,
      strideX: 1,
      dilationY: 1,
      dilationX: 1,
      padTop: 0,
      padBottom: 0,
      padLeft: 0,
      padRight: 0,
      groups: 1,
    };
    const y = new Float64Array(1);
    const argmax = new Int32Array(1);
    kernels.maxPool(w, 1, Float64Array.of(1, Number.NaN, 5), y, argmax);
    expect(y[0]).toBeNaN();
    expect(argmax[0]).toBe(1);
  });

  it.each([true, false])('averages over the cells that count (padding counts: %s)', (countPadding) => {
    fc.assert(
      fc.property(poolWindows, (w) => {
        const C = w.inputChannels;
        const x = noise(inputSize(w), 1);
        const y = new Float64Array(outputCells(w) * C).fill(Number.NaN);
        const wanted = new Float64Array(y.length);
        // With the padding as part of the input, the pairs show how many cells a padded window has.
        const padded = {
          ...w,
          inputHeight: w.inputHeight + w.padTop + w.padBottom,
          inputWidth: w.inputWidth + w.padLeft + w.padRight,
          padTop: 0,
          padLeft: 0,
        };
        const cells = new Float64Array(outputCells(w));
        for (const { output } of pairs(countPadding ? padded : w)) cells[output]++;
        for (const { output, input } of pairs(w))
          for (let c = 0; c < C; c++) wanted[output * C + c] += x[input * C + c] / cells[output];
        kernels.averagePool(w, batch, countPadding, x, y);
        expectClose(y, wanted);
        const dy = noise(y.length, 2);
        const start = noise(x.length, 3);
        const dx = start.slice();
        kernels.averagePoolBackward(w, batch, countPadding, dy, dx);
        expect(dot(x, dx) - dot(x, start)).toBeCloseTo(dot(y, dy), 8);
      }),
    );
  });
});

describe('softmax', () => {
  it('sums to one, keeps order and does not overflow', () => {
    const y = new Float64Array(6);
    kernels.softmax(
      { batch: 2, outer: 1, size: 3, inner: 1 },
      Float64Array.of(1000, 1001, 999, -1e4, 0, 1),
      y,
    );
    expect(y[0] + y[1] + y[2]).toBeCloseTo(1, 12);
    expect(y[1]).toBeCloseTo(Math.exp(1) / (1 + Math.exp(1) + Math.exp(-1)), 12);
    expect(y[3]).toBe(0);
  });
});

describe('moments', () => {
  it('count, average, and detect values that are not finite', () => {
    const out = new Float64Array(9);
    const x = Float64Array.of(9, 1, -2, 0, Number.NaN, 4, Number.POSITIVE_INFINITY, 9);
    kernels.moments(6, x, 1, -1, 3, out);
    expect([...out]).toEqual([6, 0.75, 18.75, -2, 4, 1, 1, 1, 2]);
  });
});

describe('optimizer steps', () => {
  it('move with momentum as PyTorch does, plain and Nesterov', () => {
    for (const [nesterov, second] of [
      [false, 1 - 0.1 * 2 - 0.1 * (0.5 * 2 + 2)],
      [true, 1 - 0.1 * (2 + 0.5 * 2) - 0.1 * (2 + 0.5 * 3)],
    ] as const) {
      const w = Float64Array.of(1);
      const velocity = Float64Array.of(0);
      for (let step = 0; step < 2; step++)
        kernels.sgdStep(1, 0.1, 0.5, nesterov, w, Float64Array.of(2), velocity);
      expect(w[0]).toBeCloseTo(second, 12);
    }
  });

  it('have a first step of Adam as long as the learning rate', () => {
    const w = Float64Array.of(1, 1);
    const m = new Float64Array(2);
    const v = new Float64Array(2);
    const constants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    kernels.adamStep(2, 0.01, constants, 0.1, 0.001, w, Float64Array.of(5, -0.3), m, v);
    expect(w[0]).toBeCloseTo(0.99, 8);
    expect(w[1]).toBeCloseTo(1.01, 8);
  });
});

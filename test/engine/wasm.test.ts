/** Every fast kernel has the results of the reference kernel, on random shapes, in both builds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kernels, Window2d } from '../../engine/kernels/kernels.ts';
import { packedLength } from '../../engine/kernels/kernels.ts';
import { Random } from '../../engine/kernels/random.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import type { FloatArray } from '../../engine/kernels/tensor.ts';
import {
  builds,
  check,
  inputs,
  isFast,
  loadChecked,
  Operands,
  outputs,
  type Pick,
  size,
  windows,
} from './wasmHarness.ts';

/** Windows of 2 × 2 adjacent cells, the usual pooling. Channels often fill whole vectors. */
const quarters = fc
  .tuple(fc.integer({ min: 2, max: 13 }), fc.integer({ min: 2, max: 13 }), fc.constantFrom(3, 4, 8, 12))
  .map(
    ([inputHeight, inputWidth, inputChannels]): Window2d => ({
      inputHeight,
      inputWidth,
      inputChannels,
      outputHeight: inputHeight >> 1,
      outputWidth: inputWidth >> 1,
      outputChannels: inputChannels,
      kernelHeight: 2,
      kernelWidth: 2,
      strideY: 2,
      strideX: 2,
      dilationY: 1,
      dilationX: 1,
      padTop: 0,
      padLeft: 0,
      padBottom: 0,
      padRight: 0,
      groups: 1,
    }),
  );

const weights = (w: Window2d) => w.kernelHeight * w.kernelWidth * w.inputChannels * w.outputChannels;

describe.each(builds)('the %s wasm build', (build) => {
  const backend = loadChecked(build);
  const holds = <T>(arbitrary: fc.Arbitrary<T>, test: (value: T) => void) =>
    fc.assert(fc.property(arbitrary, test), { numRuns: 60, seed: 11 });

  it('multiplies matrices of any size, transposed or not', () => {
    holds(
      fc.tuple(
        fc.oneof(size(70), fc.constantFrom(132, 133, 270, 1537)),
        size(40),
        fc.oneof(size(60), fc.constantFrom(511, 512, 513, 1030)),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
      ),
      ([m, n, k, ta, tb, add]) => {
        const o = new Operands(backend);
        const [a, b, c, bias] = [o.floats(m * k), o.floats(k * n), o.floats(m * n), o.floats(n)];
        check(backend, o, (kernels, pick) =>
          kernels.gemm(m, n, k, pick(a), 0, ta ? m : k, pick(b), 0, tb ? k : n, pick(c), 0, n, {
            transposeA: ta,
            transposeB: tb,
            accumulate: add,
            bias: add ? undefined : pick(bias),
          }),
        );
      },
    );
  });

  it('multiplies by a matrix that was packed once', () => {
    holds(
      fc.tuple(
        size(40),
        size(40),
        fc.oneof(size(60), fc.constantFrom(512, 600)),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
      ),
      ([m, n, k, ta, tb, add]) => {
        const o = new Operands(backend);
        const [a, b, c] = [o.floats(m * k), o.floats(k * n), o.floats(m * n)];
        const [packed, packedExact] = [o.floats(packedLength(k, n)), new Float64Array(packedLength(k, n))];
        const into = (kernels: Kernels, pick: Pick): FloatArray =>
          isFast(kernels) ? pick(packed) : packedExact;
        check(backend, o, (kernels, pick) => {
          kernels.pack(k, n, pick(b), 0, tb ? k : n, into(kernels, pick), { transposeB: tb });
          kernels.gemmPacked(m, n, k, pick(a), 0, ta ? m : k, into(kernels, pick), pick(c), 0, n, {
            transposeA: ta,
            accumulate: add,
          });
          // Each backend packs in its own way: only products are compared.
          pick<FloatArray>(packed).fill(0);
        });
      },
    );
  });

  it('convolves, and gives both gradients', () => {
    holds(fc.tuple(windows, size(3), fc.boolean(), fc.boolean()), ([w, batch, bias, add]) => {
      const o = new Operands(backend);
      const [x, kernel, y, dx, dKernel] = [
        o.floats(batch * inputs(w)),
        o.floats(weights(w)),
        o.floats(batch * outputs(w)),
        o.floats(batch * inputs(w)),
        o.floats(weights(w)),
      ];
      const b = o.floats(w.outputChannels);
      check(backend, o, (kernels, pick) => {
        kernels.convolve(w, batch, pick(x), pick(kernel), bias ? pick(b) : undefined, pick(y));
        kernels.convolveBackwardInput(w, batch, pick(y), pick(kernel), pick(dx), add);
        kernels.convolveBackwardKernel(w, batch, pick(x), pick(y), pick(dKernel));
      });
    });
  });

  it('applies an activation to the output of a product or a convolution', () => {
    const functions = {
      relu: (x: number) => Math.max(0, x),
      sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
      tanh: Math.tanh,
    };
    const name = fc.constantFrom(...backend.kernels.fusible);
    holds(
      fc.tuple(windows, size(3), size(20), size(20), size(20), name),
      ([w, batch, m, n, k, activation]) => {
        const o = new Operands(backend);
        const [x, kernel, y] = [
          o.floats(batch * inputs(w)),
          o.floats(weights(w)),
          o.floats(batch * outputs(w)),
        ];
        // Rows that are further apart than they are wide.
        const [a, b, c] = [o.floats(m * k), o.floats(k * n), o.floats(m * (n + 3))];
        check(backend, o, (kernels, pick) => {
          const applied = isFast(kernels) ? activation : undefined;
          kernels.convolve(w, batch, pick(x), pick(kernel), undefined, pick(y), applied);
          kernels.gemm(m, n, k, pick(a), 0, k, pick(b), 0, n, pick(c), 0, n + 3, { activation: applied });
          if (applied) return;
          const [image, product]: Float64Array[] = [pick(y), pick(c)];
          image.set(image.map(functions[activation]));
          product.set(product.map((value, i) => (i % (n + 3) < n ? functions[activation](value) : value)));
        });
      },
    );
  });

  it('pools the largest cell, and passes the gradient to it', () => {
    holds(
      fc.tuple(fc.oneof(windows, quarters), size(3), fc.boolean(), fc.boolean()),
      ([given, batch, add, rectify]) => {
        const w = { ...given, outputChannels: given.inputChannels };
        const o = new Operands(backend);
        const [x, y, argmax, dx] = [
          o.floats(batch * inputs(w)),
          o.floats(batch * outputs(w)),
          o.ints(batch * outputs(w)),
          o.floats(batch * inputs(w)),
        ];
        check(backend, o, (kernels, pick) => {
          kernels.maxPool(w, batch, pick(x), pick(y), pick(argmax), rectify);
          kernels.maxPoolBackward(w, batch, pick(y), pick(argmax), pick(dx), add);
        });
      },
    );
  });

  it('finds the same cell as the reference among equal ones, infinities and NaN', () => {
    const values = [-1, -1, 0, 0, 2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const seeds = fc.integer({ min: 1, max: 1000 });
    holds(
      fc.tuple(fc.oneof(windows, quarters), size(3), seeds, fc.boolean()),
      ([given, batch, seed, rectify]) => {
        const w = { ...given, outputChannels: given.inputChannels };
        const o = new Operands(backend);
        const [x, y, argmax] = [
          o.floats(batch * inputs(w)),
          o.floats(batch * outputs(w)),
          o.ints(batch * outputs(w)),
        ];
        const random = new Random(seed);
        o.exact[x].forEach((_, i) => {
          o.exact[x][i] = values[random.below(values.length)];
          o.fast[x][i] = o.exact[x][i];
        });
        for (const [kernels, buffers] of [
          [backend.kernels, o.fast],
          [referenceKernels, o.exact],
        ] as const)
          kernels.maxPool(
            w,
            batch,
            buffers[x] as Float32Array,
            buffers[y] as Float32Array,
            buffers[argmax] as Int32Array,
            rectify,
          );
        expect([...o.fast[y]]).toEqual([...o.exact[y]]);
        expect(o.fast[argmax]).toEqual(o.exact[argmax]);
      },
    );
  });

  it('copies and clears', () => {
    holds(size(600), (count) => {
      const o = new Operands(backend);
      const [x, y, z] = [o.floats(count), o.floats(count), o.floats(count)];
      check(backend, o, (kernels, pick) => {
        kernels.copy(pick(x), pick(y));
        kernels.clear(pick(z));
      });
    });
  });

  it('adds biases, column sums and scaled tensors', () => {
    holds(fc.tuple(size(40), size(40)), ([rows, columns]) => {
      const o = new Operands(backend);
      const [x, y, bias, sums] = [
        o.floats(rows * columns),
        o.floats(rows * columns),
        o.floats(columns),
        o.floats(columns),
      ];
      check(backend, o, (kernels, pick) => {
        kernels.addBias(rows, columns, pick(bias), pick(y), 0);
        kernels.addColumnSums(rows, columns, pick(y), 0, pick(sums));
        kernels.addScaled(rows * columns, 0.3, pick(x), 0, pick(y), 0);
      });
    });
  });

  it('steps LSTM cells forward and backward', () => {
    holds(fc.tuple(size(5), size(19), fc.boolean()), ([rows, units, peepholes]) => {
      const o = new Operands(backend);
      const n = rows * units;
      const [gates, active, cell, hidden, peephole] = [
        o.floats(8 * n),
        o.floats(2 * n),
        o.floats(3 * n),
        o.floats(3 * n),
        o.floats(3 * units),
      ];
      const [gradHidden, gradCell, gradGates] = [o.floats(3 * n), o.floats(n), o.floats(8 * n)];
      check(backend, o, (kernels, pick) => {
        const p = peepholes ? pick<Float32Array>(peephole) : undefined;
        kernels.lstmCell(rows, units, rows, rows, pick(gates), pick(active), pick(cell), pick(hidden), p);
        kernels.lstmCellBackward(
          rows,
          units,
          rows,
          rows,
          0,
          pick(gates),
          pick(active),
          pick(cell),
          p,
          pick(gradHidden),
          pick(gradCell),
          pick(gradGates),
        );
      });
    });
  });

  it('steps GRU cells forward and backward', () => {
    holds(fc.tuple(size(5), size(19), fc.boolean()), ([rows, units, carry]) => {
      const o = new Operands(backend);
      const n = rows * units;
      const [gates, recurrent, candidate, hidden] = [
        o.floats(6 * n),
        o.floats(3 * n),
        o.floats(2 * n),
        o.floats(3 * n),
      ];
      const [gradHidden, gradGates, gradRecurrent] = [o.floats(3 * n), o.floats(6 * n), o.floats(6 * n)];
      check(backend, o, (kernels, pick) => {
        kernels.gruCell(rows, units, rows, rows, pick(gates), pick(recurrent), pick(candidate), pick(hidden));
        kernels.gruCellBackward(
          rows,
          units,
          rows,
          rows,
          0,
          carry,
          pick(gates),
          pick(candidate),
          pick(hidden),
          pick(gradHidden),
          pick(gradGates),
          pick(gradRecurrent),
        );
      });
    });
  });

  it('updates parameters by SGD and Adam', () => {
    holds(fc.tuple(size(90), fc.constantFrom(0, 0.9), fc.boolean()), ([count, momentum, nesterov]) => {
      const o = new Operands(backend);
      const [w, g, m, v] = [o.floats(count), o.floats(count), o.floats(count), o.floats(count)];
      for (const values of [o.fast[v], o.exact[v]])
        for (let i = 0; i < count; i++) values[i] = Math.abs(values[i]);
      check(backend, o, (kernels, pick) => {
        kernels.sgdStep(count, 0.1, momentum, nesterov, pick(w), pick(g), pick(m));
        kernels.adamStep(
          count,
          0.01,
          { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
          0.271,
          0.003,
          pick(w),
          pick(g),
          pick(m),
          pick(v),
        );
      });
    });
  });
});

/** The kernels of normalization, pooling, losses, optimizers and recurrent cells have the results of the reference, in both builds. */

import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Window2d } from '../../engine/kernels/kernels.ts';
import { builds, check, inputs, loadChecked, Operands, outputs, size, windows } from './wasmHarness.ts';

/** Windows over each channel separately. */
const window = windows.map(
  (w): Window2d => ({ ...w, groups: w.inputChannels, outputChannels: w.inputChannels }),
);

describe.each(builds)('the %s wasm build', (build) => {
  const backend = loadChecked(build);
  const holds = <T>(arbitrary: fc.Arbitrary<T>, test: (value: T) => void) =>
    fc.assert(fc.property(arbitrary, test), { numRuns: 60, seed: 13 });

  it('normalizes channels over rows, and gives the gradients', () => {
    holds(
      fc.tuple(size(150), size(21), fc.boolean(), fc.boolean(), fc.boolean()),
      ([rows, channels, scale, center, fixed]) => {
        const o = new Operands(backend);
        const count = rows * channels;
        const [x, y, dy, dx] = [o.floats(count, 3), o.floats(count), o.floats(count), o.floats(count)];
        const [mean, variance, gamma, beta, dGamma, dBeta] = Array.from({ length: 6 }, () =>
          o.floats(channels),
        );
        check(backend, o, (kernels, pick) => {
          const optional = (there: boolean, index: number) => (there ? pick<Float32Array>(index) : undefined);
          kernels.measureChannels(rows, channels, pick(x), pick(mean), pick(variance));
          kernels.normalizeChannels(
            rows,
            channels,
            0.01,
            pick(x),
            pick(mean),
            pick(variance),
            optional(scale, gamma),
            optional(center, beta),
            pick(y),
          );
          kernels.normalizeChannelsBackward(
            rows,
            channels,
            0.01,
            fixed,
            pick(x),
            pick(mean),
            pick(variance),
            optional(scale, gamma),
            pick(dy),
            optional(scale, dGamma),
            optional(center, dBeta),
            pick(dx),
          );
        });
      },
    );
  });

  it('normalizes channels over the real steps of sequences alone, and gives the gradients', () => {
    const lengths = fc.array(fc.nat(70), { minLength: 1, maxLength: 5 });
    holds(fc.tuple(lengths, size(21), fc.boolean()), ([counts, channels, fixed]) => {
      const o = new Operands(backend);
      const stretch = Math.max(1, ...counts);
      const rows = counts.length * stretch;
      const real = o.ints(counts.length);
      for (const values of [o.fast[real], o.exact[real]]) values.set(counts);
      const [x, dy, dx] = [
        o.floats(rows * channels, 3),
        o.floats(rows * channels),
        o.floats(rows * channels),
      ];
      const [mean, variance, gamma, dGamma, dBeta] = Array.from({ length: 5 }, () => o.floats(channels));
      check(backend, o, (kernels, pick) => {
        kernels.measureChannels(rows, channels, pick(x), pick(mean), pick(variance), pick(real), stretch);
        kernels.normalizeChannelsBackward(
          rows,
          channels,
          0.01,
          fixed,
          pick(x),
          pick(mean),
          pick(variance),
          pick(gamma),
          pick(dy),
          pick(dGamma),
          pick(dBeta),
          pick(dx),
          pick(real),
          stretch,
        );
      });
    });
  });

  it('normalizes groups of channels of each sample, and gives the gradients', () => {
    const shape = fc.tuple(size(7), size(9), size(5), fc.oneof(fc.constant(1), size(19)));
    holds(
      fc.tuple(shape, fc.boolean(), fc.boolean()),
      ([[samples, positions, groups, width], scale, center]) => {
        const o = new Operands(backend);
        const channels = groups * width;
        const count = samples * positions * channels;
        const [x, y, dy, dx] = [o.floats(count, 3), o.floats(count), o.floats(count), o.floats(count)];
        const [gamma, beta, dGamma, dBeta] = Array.from({ length: 4 }, () => o.floats(channels));
        const [mean, inverse] = [o.floats(samples * groups), o.floats(samples * groups)];
        check(backend, o, (kernels, pick) => {
          const optional = (there: boolean, index: number) => (there ? pick<Float32Array>(index) : undefined);
          kernels.normalizeGroups(
            samples,
            positions,
            channels,
            groups,
            0.01,
            pick(x),
            optional(scale, gamma),
            optional(center, beta),
            pick(mean),
            pick(inverse),
            pick(y),
          );
          kernels.normalizeGroupsBackward(
            samples,
            positions,
            channels,
            groups,
            pick(x),
            pick(mean),
            pick(inverse),
            optional(scale, gamma),
            pick(dy),
            optional(scale, dGamma),
            optional(center, dBeta),
            pick(dx),
          );
        });
      },
    );
  });

  it('convolves channels in groups, or each on its own, and gives both gradients', () => {
    const channels = fc.tuple(size(6), size(9), size(9), fc.constantFrom('groups', 'depthwise', 'plain'));
    holds(
      fc.tuple(window, size(3), channels, fc.boolean()),
      ([given, batch, [groups, inside, outside, kind], bias]) => {
        const shape = {
          groups: { groups, inside, outside },
          depthwise: { groups: inside, inside: 1, outside: groups },
          plain: { groups: 1, inside, outside },
        }[kind];
        const w = {
          ...given,
          groups: shape.groups,
          inputChannels: shape.groups * shape.inside,
          outputChannels: shape.groups * shape.outside,
        };
        const weights = w.kernelHeight * w.kernelWidth * shape.inside * w.outputChannels;
        const o = new Operands(backend);
        const [x, kernel, y, dx, dKernel, b] = [
          batch * inputs(w),
          weights,
          batch * outputs(w),
          batch * inputs(w),
          weights,
          w.outputChannels,
        ].map((n) => o.floats(n));
        check(backend, o, (kernels, pick) => {
          kernels.convolve(w, batch, pick(x), pick(kernel), bias ? pick(b) : undefined, pick(y));
          kernels.convolveBackwardInput(w, batch, pick(y), pick(kernel), pick(dx), true);
          kernels.convolveBackwardKernel(w, batch, pick(x), pick(y), pick(dKernel));
        });
      },
    );
  });

  it('pools means, with and without the padding, and spreads the gradient', () => {
    holds(fc.tuple(window, size(3), fc.boolean()), ([w, batch, countPadding]) => {
      const o = new Operands(backend);
      const [x, y, dx] = [
        o.floats(batch * inputs(w)),
        o.floats(batch * outputs(w)),
        o.floats(batch * inputs(w)),
      ];
      check(backend, o, (kernels, pick) => {
        kernels.averagePool(w, batch, countPadding, pick(x), pick(y));
        kernels.averagePoolBackward(w, batch, countPadding, pick(y), pick(dx));
      });
    });
  });

  it('takes means and maxima over all positions, or over the real ones', () => {
    holds(fc.tuple(size(5), size(9), size(21), fc.boolean()), ([samples, positions, channels, ragged]) => {
      const o = new Operands(backend);
      const [x, y, most, dx] = [
        samples * positions * channels,
        samples * channels,
        samples * channels,
        samples * positions * channels,
      ].map((n) => o.floats(n));
      const argmax = o.ints(samples * channels);
      const lengths = ragged
        ? Int32Array.from({ length: samples }, (_, n) => (n * 7) % (positions + 1))
        : undefined;
      check(backend, o, (kernels, pick) => {
        kernels.averagePositions(samples, positions, channels, lengths, pick(x), pick(y));
        kernels.averagePositionsBackward(samples, positions, channels, lengths, pick(y), pick(dx));
        kernels.maxPositions(samples, positions, channels, lengths, pick(x), pick(most), pick(argmax));
      });
    });
  });

  it('computes the loss and the gradient of softmax cross-entropy, without ignored rows', () => {
    holds(
      fc.tuple(size(40), size(21), fc.constantFrom(0.1, 1, 40), fc.boolean()),
      ([rows, columns, scale, learns]) => {
        const o = new Operands(backend);
        const [x, p, dx, loss] = [
          o.floats(rows * columns, scale),
          o.floats(rows * columns),
          o.floats(rows * columns),
          o.floats(1),
        ];
        const target = o.ints(rows);
        for (const values of [o.fast[target], o.exact[target]])
          for (let r = 0; r < rows; r++) values[r] = r % 5 === 3 ? -100 : (r * 7) % columns;
        check(backend, o, (kernels, pick) => {
          const gradient = learns ? pick<Float32Array>(dx) : undefined;
          pick<Float32Array>(loss)[0] = kernels.softmaxCrossEntropy(
            rows,
            columns,
            -100,
            0.3,
            pick(x),
            pick(target),
            pick(p),
            gradient,
          );
        });
      },
    );
  });

  it('updates parameters by RMSprop and Adagrad', () => {
    holds(fc.tuple(size(90), fc.boolean(), fc.boolean()), ([count, centered, carries]) => {
      const o = new Operands(backend);
      const [w, g, square, mean, velocity] = [1, 1, 1, 0.1, 1].map((scale) => o.floats(count, scale));
      for (const values of [o.fast[square], o.exact[square]])
        for (let i = 0; i < count; i++) values[i] = 0.3 + Math.abs(values[i]);
      for (let i = 0; i < count; i++) o.exact[square][i] = o.fast[square][i];
      check(backend, o, (kernels, pick) => {
        const optional = (there: boolean, index: number) => (there ? pick<Float32Array>(index) : undefined);
        kernels.rmspropStep(
          count,
          0.01,
          0.9,
          carries ? 0.5 : 0,
          1e-8,
          pick(w),
          pick(g),
          pick(square),
          optional(centered, mean),
          optional(carries, velocity),
        );
        kernels.adagradStep(count, 0.01, 0.2, 1e-8, pick(w), pick(g), pick(square));
      });
    });
  });

  it.each(['with', 'without'])('updates parameters by Adam and its kin, %s the largest v', (largest) => {
    holds(fc.tuple(size(90), fc.constantFrom(0.01, 1, 1e-12)), ([count, scale]) => {
      const o = new Operands(backend);
      const [w, g, m, v, most] = [1, scale, scale, 1, 1].map((size) => o.floats(count, size));
      for (const index of [v, most])
        for (let i = 0; i < count; i++) {
          o.fast[index][i] = 0.1 + Math.abs(o.fast[index][i]);
          o.exact[index][i] = o.fast[index][i];
        }
      const constants = { beta1: 0.9, beta2: 0.99, epsilon: 1e-6 };
      check(backend, o, (kernels, pick) => {
        const seconds = largest === 'with' ? pick<Float32Array>(most) : undefined;
        kernels.adamStep(count, 0.01, constants, 0.3, 0.2, pick(w), pick(g), pick(m), pick(v), seconds);
        kernels.nadamStep(count, 0.01, 0.02, constants, 0.2, pick(w), pick(g), pick(m), pick(v));
        kernels.adamaxStep(count, 0.01, constants, pick(w), pick(g), pick(m), pick(most));
        kernels.adadeltaStep(count, 0.5, 0.9, 1e-6, pick(w), pick(g), pick(v), pick(most));
      });
    });
  });

  it('updates parameters by Lion, by the sign alone', () => {
    holds(fc.tuple(size(90), fc.constantFrom(0, 0.1)), ([count, decay]) => {
      const o = new Operands(backend);
      const [w, g, m] = [o.floats(count), o.floats(count), o.floats(count)];
      for (const values of [o.fast[g], o.exact[g], o.fast[m], o.exact[m]]) values[count >> 1] = 0;
      check(backend, o, (kernels, pick) => {
        kernels.lionStep(count, 0.01, 0.9, 0.99, decay, pick(w), pick(g), pick(m));
      });
    });
  });

  it('scales and multiplies elementwise', () => {
    holds(fc.tuple(size(3000), fc.boolean()), ([count, adds]) => {
      const o = new Operands(backend);
      const [a, b, y] = [o.floats(count), o.floats(count), o.floats(count)];
      check(backend, o, (kernels, pick) => {
        kernels.scale(count, 0.7, pick(a));
        kernels.multiply(count, adds, pick(a), pick(b), pick(y));
      });
    });
  });

  it('gathers and scatters rows, some of them absent or repeated', () => {
    holds(fc.tuple(size(20), size(20), size(9), fc.boolean()), ([rows, width, sources, adds]) => {
      const o = new Operands(backend);
      const [x, y, sums] = [o.floats(sources * width), o.floats(rows * width), o.floats(sources * width)];
      const index = o.ints(rows);
      for (const values of [o.fast[index], o.exact[index]])
        for (let r = 0; r < rows; r++) values[r] = ((r * 5) % (sources + 1)) - 1;
      check(backend, o, (kernels, pick) => {
        kernels.gatherRows(rows, width, pick(index), 0, pick(x), 0, width, pick(y), 0, width);
        kernels.scatterRows(rows, width, pick(index), 0, pick(y), 0, width, pick(sums), 0, width, adds);
      });
    });
  });

  it('steps simple cells and GRU cells with the reset before the product', () => {
    holds(fc.tuple(size(5), size(19), fc.boolean(), fc.boolean()), ([rows, units, relu, carry]) => {
      const o = new Operands(backend);
      const n = rows * units;
      const [z, gates, hidden, states, reset] = [
        o.floats(2 * n),
        o.floats(6 * n),
        o.floats(3 * n),
        o.floats(3 * n),
        o.floats(2 * n),
      ];
      const [gradHidden, gradZ, gradGates, gradReset, gradSource] = [
        o.floats(3 * n),
        o.floats(2 * n),
        o.floats(6 * n),
        o.floats(n),
        o.floats(3 * n),
      ];
      check(backend, o, (kernels, pick) => {
        kernels.rnnCell(rows, units, rows, rows, relu, pick(z), pick(states));
        kernels.rnnCellBackward(rows, units, rows, 0, relu, pick(states), pick(gradHidden), pick(gradZ));
        kernels.gruResetCell(rows, units, rows, rows, pick(gates), pick(hidden), pick(reset));
        kernels.gruCandidateCell(rows, units, rows, rows, pick(gates), pick(hidden));
        kernels.gruCandidateCellBackward(
          rows,
          units,
          rows,
          rows,
          0,
          carry,
          pick(gates),
          pick(hidden),
          pick(gradHidden),
          pick(gradGates),
        );
        kernels.gruResetCellBackward(
          rows,
          units,
          rows,
          rows,
          0,
          carry,
          pick(gates),
          pick(hidden),
          pick(gradReset),
          pick(gradSource),
          pick(gradGates),
        );
      });
    });
  });
});

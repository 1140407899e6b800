/** Every fast kernel of an activation has the results of the reference, in both builds, and carries on no subnormal numbers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builds, check, loadChecked, Operands, size } from './wasmHarness.ts';

describe.each(builds)('the %s wasm build', (build) => {
  const backend = loadChecked(build);
  const holds = <T>(arbitrary: fc.Arbitrary<T>, test: (value: T) => void) =>
    fc.assert(fc.property(arbitrary, test), { numRuns: 60, seed: 11 });

  it.each(['relu', 'sigmoid', 'tanh'])('computes %s and its gradient', (type) => {
    const formulas: { readonly [type: string]: readonly [(x: number) => number, (y: number) => number] } = {
      relu: [(x) => Math.max(0, x), (y) => Number(y > 0)],
      sigmoid: [(x) => 1 / (1 + Math.exp(-x)), (y) => y * (1 - y)],
      tanh: [Math.tanh, (y) => 1 - y * y],
    };
    const [f, slope] = formulas[type];
    holds(fc.tuple(size(100), fc.constantFrom(0.01, 1, 30)), ([count, scale]) => {
      const o = new Operands(backend);
      const [x, y, dy, dx] = [o.floats(count, scale), o.floats(count), o.floats(count), o.floats(count)];
      check(backend, o, (kernels, pick) => {
        const fused = kernels.activations[type];
        if (fused) {
          fused.forward(count, pick(x), pick(y));
          fused.backward(count, pick(x), pick(y), pick(dy), pick(dx));
          return;
        }
        for (let i = 0; i < count; i++) {
          pick<Float64Array>(y)[i] = f(pick<Float64Array>(x)[i]);
          pick<Float64Array>(dx)[i] += pick<Float64Array>(dy)[i] * slope(pick<Float64Array>(y)[i]);
        }
      });
    });
  });

  it('computes a leaky ReLU with a slope for every column, its gradient, and that of the slopes', () => {
    holds(fc.tuple(size(40), size(40)), ([rows, columns]) => {
      const o = new Operands(backend);
      const [x, y, dy, dx] = [0, 1, 2, 3].map(() => o.floats(rows * columns));
      const [slope, dSlope] = [o.floats(columns), o.floats(columns)];
      check(backend, o, (kernels, pick) => {
        kernels.leak(rows, columns, pick(slope), pick(x), pick(y));
        kernels.leakSlopes(rows, columns, pick(x), pick(dy), pick(dSlope));
        kernels.leakBackward(rows, columns, pick(slope), pick(x), pick(dy), pick(dx));
      });
    });
  });

  const axes = fc.record({
    batch: size(4),
    outer: size(3),
    size: size(33),
    inner: fc.oneof(fc.constant(1), size(11)),
  });

  it.each([
    ['softmax', 'softmaxBackward'],
    ['logSoftmax', 'logSoftmaxBackward'],
  ] as const)(
    'computes %s along any axis, over all or the real steps of each sample, and its gradient',
    (forward, backward) => {
      holds(fc.tuple(axes, fc.constantFrom(1, 50), fc.boolean()), ([shape, scale, isPadded]) => {
        const o = new Operands(backend);
        const count = shape.batch * shape.outer * shape.size * shape.inner;
        const [x, y, dy, dx] = [o.floats(count, scale), o.floats(count), o.floats(count), o.floats(count)];
        const lengths = Int32Array.from({ length: shape.batch }, (_, n) => (7 * n) % (shape.size + 1));
        const padded = { ...shape, lengths: isPadded ? lengths : undefined };
        check(backend, o, (kernels, pick) => {
          kernels[forward](padded, pick(x), pick(y));
          kernels[backward](padded, pick(y), pick(dy), pick(dx));
        });
      });
    },
  );

  it.each(Object.keys(backend.kernels.activations))(
    'makes a gradient 0 that is too small to compute with, and keeps NaN: %s',
    (name) => {
      const { backward, backwardFromOutput } = backend.kernels.activations[name];
      const o = new Operands(backend);
      const [x, y, dy, dx] = [o.floats(11), o.floats(11), o.floats(11), o.floats(11)].map(
        (index) => o.fast[index] as Float32Array,
      );
      // Where the derivative is not 0, with 1 as the parameter.
      x.fill(name === 'hardTanh' ? 0.5 : 2);
      y.fill(0.5);
      const incoming = (i: number) => (i === 3 ? Number.NaN : i === 10 ? 1e-20 : 1e-33);
      const check = (found: Float32Array) => {
        expect(found[3]).toBeNaN();
        expect(found[10]).toBeGreaterThan(1e-21);
        for (const i of [0, 1, 2, 4, 9]) expect(found[i]).toBe(0);
      };
      dx.fill(0);
      dy.forEach((_, i) => {
        dy[i] = incoming(i);
      });
      backward(11, x, y, dy, dx, 1);
      check(dx);
      if (!backwardFromOutput) return;
      backwardFromOutput(11, y, dy, dx.fill(1));
      check(dx);
      backwardFromOutput(11, y, dy, dy);
      check(dy);
    },
  );
});

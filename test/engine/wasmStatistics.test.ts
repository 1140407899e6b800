/** The fast kernels measure the same as the reference kernels, in both builds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Backend, doublesOn } from '../../engine/kernels/backend.ts';
import {
  changeCount,
  type Kernels,
  type Measurement,
  momentAt,
  momentCount,
} from '../../engine/kernels/kernels.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import type { FloatArray } from '../../engine/kernels/tensor.ts';
import { builds, check, loadChecked, Operands, size, wideBeside } from './wasmHarness.ts';

const rail = Math.fround(0.97);

describe.each(builds)('the %s wasm build', (build) => {
  const backend = loadChecked(build);
  const holds = <T>(arbitrary: fc.Arbitrary<T>, test: (value: T) => void) =>
    fc.assert(fc.property(arbitrary, test), { numRuns: 60, seed: 17 });

  it('measures moments of finite values, even if their squares exceed float32', () => {
    const infinity = Number.POSITIVE_INFINITY;
    const strange = fc.constantFrom(0, 0, Number.NaN, infinity, -infinity, 0.99, -0.99, 3e25);
    const bound = fc.constantFrom(rail, infinity);
    holds(
      fc.tuple(
        fc.oneof(size(64), size(5000)),
        fc.array(fc.tuple(strange, fc.nat(4999)), { maxLength: 9 }),
        bound,
      ),
      ([count, special, high]) => {
        const o = new Operands(backend);
        const x = o.floats(count);
        for (const [value, at] of special)
          for (const values of [o.fast[x], o.exact[x]]) values[at % count] = Math.fround(value);
        const [fast, exact] = [doublesOn(backend, momentCount), new Float64Array(momentCount)];
        backend.kernels.moments(count, o.fast[x] as Float32Array, 0, -high, high, fast);
        referenceKernels.moments(count, o.exact[x] as Float64Array, 0, -high, high, exact);
        const scale = [
          Math.abs(exact[momentAt.mean]) + Math.sqrt(exact[momentAt.deviations] / count),
          exact[momentAt.deviations],
        ];
        exact.forEach((value, i) => {
          const isSum = i === momentAt.mean || i === momentAt.deviations;
          if (isSum) expect(Math.abs(fast[i] - value)).toBeLessThanOrEqual(3e-7 * scale[i - 1]);
          else expect(fast[i]).toBe(value);
        });
      },
    );
  });

  it('sums squares, and the sum is not finite if a value is not', () => {
    const strange = fc.option(fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY));
    holds(fc.tuple(size(3000), strange, fc.nat(2999)), ([count, special, at]) => {
      const o = new Operands(backend);
      const x = o.floats(count);
      if (special !== null) for (const values of [o.fast[x], o.exact[x]]) values[at % count] = special;
      const sum = backend.kernels.sumOfSquares(count, o.fast[x] as Float32Array, 0);
      const exact = referenceKernels.sumOfSquares(count, o.exact[x] as Float64Array, 0);
      expect(Number.isFinite(sum)).toBe(special === null);
      if (special === null) expect(Math.abs(sum - exact)).toBeLessThanOrEqual(1e-5 * exact);
    });
  });

  it('takes prepared measurements in one call, of the samples in use, with the bits of single calls', () => {
    const infinity = Number.POSITIVE_INFINITY;
    const tensor = fc.tuple(size(6), size(600), fc.constantFrom(1, 1e-30, 1e30));
    const wide = wideBeside(backend);
    holds(fc.tuple(fc.array(tensor, { minLength: 1, maxLength: 4 }), size(6)), ([shapes, samples]) => {
      const o = new Operands(backend);
      const tensors = shapes.map(([batch, perSample, scale]) => ({
        x: o.floats(Math.max(batch, samples) * perSample, scale),
        perSample,
      }));
      const measured = (
        home: Backend,
        { moments, prepare, sumOfSquares }: Kernels,
        values: readonly unknown[],
      ) => {
        const alone = doublesOn(home, momentCount);
        const records = tensors.map(({ x, perSample }) => {
          const record = doublesOn(home, momentCount + 2);
          const of = { x: values[x] as FloatArray, perSample };
          const measurements: Measurement[] = [
            { what: 'moments', ...of, low: -rail, high: infinity, out: record.subarray(0, momentCount) },
            { what: 'squares', ...of, out: record.subarray(momentCount, momentCount + 1) },
            { what: 'squares', x: of.x, out: record.subarray(momentCount + 1) },
          ];
          return { ...of, record, measurements };
        });
        prepare(records.flatMap(({ measurements }) => measurements))(samples);
        for (const { x, perSample, record } of records) {
          moments(samples * perSample, x, 0, -rail, infinity, alone);
          const squares = [samples * perSample, x.length].map((count) => sumOfSquares(count, x, 0));
          expect([...record]).toEqual([...alone, ...squares]);
        }
        return records.flatMap(({ record }) => [...record]);
      };
      measured(backend, referenceKernels, o.exact);
      const relaxed = measured(backend, backend.kernels, o.fast);
      if (wide) expect(measured(wide, wide.kernels, o.copiedTo(wide))).toEqual(relaxed);
    });
  });

  it('keeps the spread of values however far from zero they are', () => {
    const far = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    holds(fc.tuple(fc.integer({ min: 2, max: 5000 }), far), ([count, centre]) => {
      const o = new Operands(backend);
      const x = o.floats(count);
      o.fast[x].forEach((value, i) => {
        o.fast[x][i] = value + centre;
        o.exact[x][i] = o.fast[x][i];
      });
      const values = Array.from(o.exact[x]);
      const mean = values.reduce((sum, value) => sum + value / count, 0);
      const deviations = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const spread = Math.sqrt(deviations / count);
      for (const [kernels, measured] of [
        [backend.kernels, o.fast[x]],
        [referenceKernels, o.exact[x]],
      ] as const) {
        const record = doublesOn(backend, momentCount);
        kernels.moments(count, measured as Float64Array, 0, Number.NEGATIVE_INFINITY, rail, record);
        expect(Math.abs(record[momentAt.mean] - mean)).toBeLessThanOrEqual(3e-7 * spread);
        expect(Math.abs(record[momentAt.deviations] - deviations)).toBeLessThanOrEqual(1e-6 * deviations);
      }
    });
  });

  it('measures the moments of values of any size that float32 holds', () => {
    holds(fc.tuple(size(3000), fc.integer({ min: -148, max: 126 })), ([count, exponent]) => {
      const o = new Operands(backend);
      const x = o.floats(count, 2 ** exponent);
      const [fast, exact] = [doublesOn(backend, momentCount), new Float64Array(momentCount)];
      const infinity = Number.POSITIVE_INFINITY;
      const values = Float64Array.from(o.fast[x]);
      backend.kernels.moments(count, o.fast[x] as Float32Array, 0, -infinity, infinity, fast);
      referenceKernels.moments(count, values, 0, -infinity, infinity, exact);
      const { deviations } = momentAt;
      expect(Math.abs(fast[deviations] - exact[deviations])).toBeLessThanOrEqual(1e-6 * exact[deviations]);
      expect(fast[momentAt.notFinite]).toBe(0);
    });
  });

  it('reports the size of gradients of any size that float32 holds', () => {
    const exponent = fc.integer({ min: -148, max: 126 });
    holds(fc.tuple(size(3000), fc.array(exponent, { minLength: 1, maxLength: 3 })), ([count, exponents]) => {
      const o = new Operands(backend);
      const x = o.floats(count, 1);
      // Blocks of very different sizes, and some that contain only zeros.
      o.fast[x].forEach((_, i) => {
        const block = Math.floor(i / 500);
        o.fast[x][i] = block % 3 === 2 ? 0 : Math.sin(i) * 2 ** exponents[block % exponents.length];
        o.exact[x][i] = o.fast[x][i];
      });
      const exact = referenceKernels.sumOfSquares(count, o.exact[x] as Float64Array, 0);
      const sum = backend.kernels.sumOfSquares(count, o.fast[x] as Float32Array, 0);
      expect(Math.abs(sum - exact)).toBeLessThanOrEqual(1e-5 * exact);
    });
  });

  it('keeps parameters and measures what an update changes', () => {
    const sizes = fc.constantFrom(1, 1e-30, 1e30);
    const wide = wideBeside(backend);
    holds(fc.tuple(size(2500), size(100), sizes), ([long, short, scale]) => {
      const o = new Operands(backend);
      const parameters = [long, short].map((count) => ({
        w: o.floats(count, scale),
        before: o.floats(count),
        update: o.floats(count, scale),
      }));
      const measured = (home: Backend, { prepare }: Kernels, values: readonly unknown[]) => {
        const at = (index: number) => values[index] as FloatArray;
        const sums = parameters.map(() => doublesOn(home, changeCount));
        const kept = parameters.map(
          ({ w, before }): Measurement => ({ what: 'copy', x: at(w), other: at(before) }),
        );
        const changes = parameters.map(
          ({ w, before }, index): Measurement => ({
            what: 'change',
            x: at(w),
            other: at(before),
            out: sums[index],
          }),
        );
        prepare(kept)(0);
        for (const { w, update } of parameters) at(w).set(at(update));
        prepare(changes)(0);
        return sums.flatMap((sum) => [...sum]);
      };
      const copies = wide && o.copiedTo(wide);
      const fast = measured(backend, backend.kernels, o.fast);
      if (wide && copies) expect(measured(wide, wide.kernels, copies)).toEqual(fast);
      measured(backend, referenceKernels, o.exact).forEach((value, i) => {
        expect(Math.abs(fast[i] - value)).toBeLessThanOrEqual(1e-5 * value);
      });
    });
  });

  it('counts values beyond bounds in a block of columns, and adds to the counts', () => {
    holds(fc.tuple(fc.nat(20), size(40), fc.nat(5), fc.nat(30)), ([rows, columns, offset, gap]) => {
      const o = new Operands(backend);
      const stride = columns + gap;
      const x = o.floats(offset + rows * stride);
      for (const values of [o.fast[x], o.exact[x]]) values[offset] = Number.NaN;
      const [fast, exact] = [doublesOn(backend, 4), new Float64Array(4)];
      for (const counts of [fast, exact]) counts.fill(3);
      backend.kernels.countBeyond(
        rows,
        columns,
        o.fast[x] as Float32Array,
        offset,
        stride,
        -0.5,
        rail,
        fast,
        1,
      );
      referenceKernels.countBeyond(
        rows,
        columns,
        o.exact[x] as Float64Array,
        offset,
        stride,
        -0.5,
        rail,
        exact,
        1,
      );
      expect([...fast]).toEqual([...exact]);
    });
  });

  it('marks columns that are positive in some row, and does not change other marks', () => {
    holds(fc.tuple(size(100), size(30), fc.nat(29), fc.nat(29)), ([rows, columns, dead, marked]) => {
      const o = new Operands(backend);
      const [x, marks] = [o.floats(3 + rows * columns), o.floats(columns, 0)];
      for (const values of [o.fast[x], o.exact[x]])
        for (let r = 0; r < rows; r++) values[3 + r * columns + (dead % columns)] = -1;
      for (const values of [o.fast[marks], o.exact[marks]]) values[marked % columns] = 1;
      const waiting: number[] = [];
      check(backend, o, (kernels, pick) => {
        waiting.push(kernels.markPositive(rows, columns, pick(x), 3, pick(marks)));
      });
      const unmarked = Array.from(o.fast[marks]).filter((mark) => mark === 0).length;
      expect(new Set(waiting)).toEqual(new Set([unmarked]));
      expect(o.fast[marks][dead % columns]).toBe(dead % columns === marked % columns ? 1 : 0);
    });
  });
});

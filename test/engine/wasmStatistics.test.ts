/** What the fast kernels measure is what the reference kernels measure, in both builds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doublesOn } from '../../engine/kernels/backend.ts';
import { momentAt, momentCount, updateCount } from '../../engine/kernels/kernels.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import { builds, check, load, Operands, size } from './wasmHarness.ts';

const rail = Math.fround(0.97);

describe.each(builds)('the %s wasm build', (build) => {
  const backend = load(build);
  const holds = <T>(arbitrary: fc.Arbitrary<T>, test: (value: T) => void) =>
    fc.assert(fc.property(arbitrary, test), { numRuns: 60, seed: 17 });

  it('measures moments, leaving out what is not finite, also where squares leave float32', () => {
    const infinity = Number.POSITIVE_INFINITY;
    const strange = fc.constantFrom(0, 0, Number.NaN, infinity, -infinity, 0.99, -0.99, 3e25);
    const bound = fc.constantFrom(rail, infinity);
    holds(
      fc.tuple(size(5000), fc.array(fc.tuple(strange, fc.nat(4999)), { maxLength: 9 }), bound),
      ([count, special, high]) => {
        const o = new Operands(backend);
        const x = o.floats(count);
        for (const [value, at] of special)
          for (const values of [o.fast[x], o.exact[x]]) values[at % count] = Math.fround(value);
        const [fast, exact] = [doublesOn(backend, momentCount), new Float64Array(momentCount)];
        backend.kernels.moments(count, o.fast[x] as Float32Array, 0, -high, high, fast);
        referenceKernels.moments(count, o.exact[x] as Float64Array, 0, -high, high, exact);
        const scale = 1 + Math.abs(exact[momentAt.sum]) + exact[momentAt.sumOfSquares];
        exact.forEach((value, i) => {
          const isSum = i === momentAt.sum || i === momentAt.sumOfSquares;
          if (isSum) expect(Math.abs(fast[i] - value)).toBeLessThanOrEqual(1e-5 * scale);
          else expect(fast[i]).toBe(value);
        });
      },
    );
  });

  it('sums squares, and shows what is not finite', () => {
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

  it('tells the size of gradients that have all but vanished', () => {
    holds(fc.tuple(size(3000), fc.double({ min: 1e-27, max: 1e-18, noNaN: true })), ([count, scale]) => {
      const o = new Operands(backend);
      const x = o.floats(count, scale);
      const exact = referenceKernels.sumOfSquares(count, o.exact[x] as Float64Array, 0);
      const sum = backend.kernels.sumOfSquares(count, o.fast[x] as Float32Array, 0);
      expect(Math.abs(sum - exact)).toBeLessThanOrEqual(1e-5 * exact);
      const record = doublesOn(backend, momentCount);
      backend.kernels.moments(count, o.fast[x] as Float32Array, 0, -1, 1, record);
      expect(Math.abs(record[momentAt.sumOfSquares] - exact)).toBeLessThanOrEqual(1e-5 * exact);
    });
  });

  it('measures what an update did to each segment', () => {
    const segment = fc.tuple(fc.nat(50), fc.nat(2500));
    holds(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
      const o = new Operands(backend);
      const count = Math.max(...segments.map(([start, length]) => start + length));
      const [w, before, g] = [o.floats(count), o.floats(count), o.floats(count)];
      const table = o.ints(2 * segments.length);
      for (const values of [o.fast[table], o.exact[table]]) values.set(segments.flat());
      const fast = doublesOn(backend, updateCount * segments.length);
      const exact = new Float64Array(updateCount * segments.length);
      check(backend, o, (kernels, pick) => {
        const out = kernels === backend.kernels ? fast : exact;
        kernels.measureUpdate(segments.length, pick(table), pick(w), pick(before), pick(g), out);
      });
      exact.forEach((value, i) => {
        expect(Math.abs(fast[i] - value)).toBeLessThanOrEqual(1e-5 * value);
      });
    });
  });

  it('counts values beyond bounds in a block of columns, and adds to what was counted', () => {
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

  it('marks columns that are somewhere positive, and leaves the others', () => {
    holds(fc.tuple(size(20), size(30), fc.nat(29), fc.nat(29)), ([rows, columns, dead, marked]) => {
      const o = new Operands(backend);
      const [x, marks] = [o.floats(rows * columns), o.floats(columns, 0)];
      for (const values of [o.fast[x], o.exact[x]])
        for (let r = 0; r < rows; r++) values[r * columns + (dead % columns)] = -1;
      for (const values of [o.fast[marks], o.exact[marks]]) values[marked % columns] = 1;
      check(backend, o, (kernels, pick) => kernels.markPositive(rows, columns, pick(x), pick(marks)));
      expect(o.fast[marks][dead % columns]).toBe(dead % columns === marked % columns ? 1 : 0);
    });
  });
});

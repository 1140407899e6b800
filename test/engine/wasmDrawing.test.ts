/** The kernels that draw give the numbers of the stream, bit for bit, and leave it where the stream would be. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../engine/kernels/random.ts';
import { referenceKernels } from '../../engine/kernels/reference/index.ts';
import { load } from './wasmHarness.ts';

describe.each(['plain', 'relaxed', 'wide'] as const)('the %s wasm build', (build) => {
  const { kernels, allocate } = load(build);
  const count = 1003;

  const drawn = (draw: (of: typeof kernels, random: Random, into: Float32Array) => void) => {
    const { buffer, base } = allocate(4 * count);
    const [fast, exact] = [new Float32Array(buffer as ArrayBuffer, base, count), new Float32Array(count)];
    const [one, other] = [new Random(3, 5, 7), new Random(3, 5, 7)];
    for (const random of [one, other]) random.normal();
    draw(kernels, one, fast);
    draw(referenceKernels, other, exact);
    // The spare of the pair comes first.
    const next = (random: Random) => [random.normal(), random.next(), random.next()];
    return { fast, exact, after: next(one), afterExact: next(other) };
  };

  it('draws numbers in a range', () => {
    const { fast, exact, after, afterExact } = drawn((of, random, into) =>
      of.drawUniform(random, count, 0.125, 1 / 3, into),
    );
    expect(fast).toEqual(exact);
    expect(after).toEqual(afterExact);
    expect(new Set(fast).size).toBeGreaterThan(count - 5);
  });

  it.each([0, 0.2, 0.5, 0.99])('draws a mask that drops %d', (rate) => {
    const { fast, exact, after, afterExact } = drawn((of, random, into) =>
      of.drawMask(random, count, rate, into),
    );
    expect(fast).toEqual(exact);
    expect(after).toEqual(afterExact);
    const dropped = fast.filter((value) => value === 0).length / count;
    expect(Math.abs(dropped - rate)).toBeLessThan(0.07);
  });

  it('draws in a stream that has not begun', () => {
    const { buffer, base } = allocate(4);
    const first = new Float32Array(buffer as ArrayBuffer, base, 1);
    kernels.drawUniform(new Random(1, 2, 3), 1, 0, 1, first);
    expect(first[0]).toBe(Math.fround(new Random(1, 2, 3).uniform()));
  });
});

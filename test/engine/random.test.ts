/** Random numbers: the statistics on which networks rely, and an address that always has the same stream. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { purposeOf, Random } from '../../engine/kernels/random.ts';

const draw = (count: number, next: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => next(i));

/** χ² of counts that should all be equal, in standard deviations from its expectation. */
function excess(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  return (chiSquare - freedom) / Math.sqrt(2 * freedom);
}

function histogram(values: readonly number[], bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[Math.floor(value * bins)]++;
  return counts;
}

/** Pearson's correlation times √n: standard normal if the two are independent. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB);
    aa += (a[i] - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  return (ab / Math.sqrt(aa * bb)) * Math.sqrt(a.length);
}

const count = 50_000;

describe('one stream', () => {
  it('is uniform in [0, 1)', () => {
    const random = new Random(1);
    const values = draw(count, () => random.uniform());
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(values.every((value) => value < 1)).toBe(true);
    expect(Math.abs(excess(histogram(values, 100)))).toBeLessThan(4);
  });

  it('is uniform in pairs of neighbours', () => {
    const random = new Random(2);
    const pairs = draw(count, () => (random.below(16) * 16 + random.below(16)) / 256);
    expect(Math.abs(excess(histogram(pairs, 256)))).toBeLessThan(4);
  });

  it('draws whole numbers below n, each equally often', () => {
    const random = new Random(3);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < count; i++) counts[random.below(7)]++;
    expect(Math.abs(excess(counts))).toBeLessThan(4);
  });

  it('draws normal numbers of mean 0, variance 1, and the right tails', () => {
    const random = new Random(4);
    const values = draw(count, () => random.normal());
    const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / count;
    // Standard errors of the first four moments are √(1, 2, 15, 96) / √n.
    expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(1 / count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / count));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / count));
    const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / count;
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(4 * Math.sqrt(0.0455 / count));
  });
});

describe('addresses', () => {
  it('give the same stream every time, also after a reset', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.maxSafeNat(), (seed, purpose, counter) => {
        const first = new Random(seed, purpose, counter);
        const again = new Random(seed + 1);
        again.normal(); // leaves a spare that the reset must drop
        again.reset(seed, purpose, counter);
        expect(draw(6, () => again.normal())).toEqual(draw(6, () => first.normal()));
      }),
    );
  });

  it.each([
    ['seeds', (i: number) => new Random(i, 5, 6)],
    ['purposes', (i: number) => new Random(7, i, 6)],
    ['counters', (i: number) => new Random(7, 5, i)],
    ['high counters', (i: number) => new Random(7, 5, i * 2 ** 32)],
  ])('with neighbouring %s are independent', (_name, at) => {
    const firsts = draw(count, (i) => at(i).uniform());
    expect(Math.abs(excess(histogram(firsts, 64)))).toBeLessThan(4);
    expect(Math.abs(correlation(firsts.slice(1), firsts.slice(0, -1)))).toBeLessThan(4);
    const [one, other] = [at(1), at(2)];
    const streams = [one, other].map((random) => draw(20_000, () => random.uniform()));
    expect(Math.abs(correlation(streams[0], streams[1]))).toBeLessThan(4);
  });

  it('are not interchangeable: seed, purpose and counter have separate roles', () => {
    const addresses = [
      [1, 2, 3],
      [1, 3, 2],
      [2, 1, 3],
      [2, 3, 1],
      [3, 1, 2],
      [3, 2, 1],
    ];
    const firsts = addresses.map(([seed, purpose, counter]) => new Random(seed, purpose, counter).next());
    expect(new Set(firsts).size).toBe(addresses.length);
  });

  it('have purposes that differ with their words', () => {
    const words = Array.from({ length: 2000 }, (_, i) => `layer${i}`);
    expect(new Set(words.map(purposeOf)).size).toBe(words.length);
  });
});

describe('shuffle', () => {
  it('gives a permutation', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 50 }),
        (seed, values) => {
          const shuffled = Int32Array.from(values);
          new Random(seed).shuffle(shuffled);
          expect([...shuffled].sort((a, b) => a - b)).toEqual([...values].sort((a, b) => a - b));
        },
      ),
    );
  });

  it('gives every permutation equally often', () => {
    const random = new Random(5);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const values = Int32Array.of(0, 1, 2, 3);
      random.shuffle(values);
      const key = values.join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(Math.abs(excess([...counts.values()]))).toBeLessThan(4);
  });
});

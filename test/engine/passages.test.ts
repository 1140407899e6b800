/** Passages that test samples share with training samples, found at any place and compared with a search in the text itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passageSteps, sharedPassages } from '../../engine/diagnose/passages.ts';
import { Random } from '../../engine/kernels/random.ts';

const steps = 80;

const textOf = (samples: number, random: Random): number[] =>
  Array.from({ length: samples * steps }, () => random.below(30));

/** The same by plain comparison of texts. */
function searched(train: readonly number[], test: readonly number[]): number {
  const samplesOf = (text: readonly number[]) =>
    Array.from({ length: text.length / steps }, (_, row) =>
      String.fromCharCode(...text.slice(row * steps, (row + 1) * steps).map((id) => 65 + id)),
    );
  const known = samplesOf(train);
  const rows = samplesOf(test);
  const isCopied = (row: string) =>
    Array.from({ length: steps - passageSteps + 1 }, (_, at) => row.slice(at, at + passageSteps)).some(
      (passage) => known.some((other) => other.includes(passage)),
    );
  return rows.filter(isCopied).length / rows.length;
}

describe('passages in both parts of a text', () => {
  it('are those that a search finds, whatever their length and place', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            from: fc.nat(9 * steps),
            row: fc.nat(4),
            at: fc.nat(steps - 1),
            length: fc.integer({ min: passageSteps - 2, max: steps }),
          }),
          { maxLength: 4 },
        ),
        fc.integer({ min: 0, max: 99 }),
        (copies, seed) => {
          const random = new Random(seed, 1);
          const [train, test] = [textOf(10, random), textOf(5, random)];
          for (const { from, row, at, length } of copies)
            for (let i = 0; i < Math.min(length, steps - at, 10 * steps - from); i++)
              test[row * steps + at + i] = train[from + i];
          expect(sharedPassages(Float32Array.from(train), Float32Array.from(test), steps)).toBe(
            searched(train, test),
          );
        },
      ),
      { seed: 3, numRuns: 60 },
    ));

  it('mean nothing in a text that repeats itself, or in shorter samples', () => {
    const table = Float32Array.from({ length: 4 * steps }, (_, i) => i % 7);
    expect(sharedPassages(table, table, steps)).toBeUndefined();
    const text = Float32Array.from(textOf(2, new Random(1, 1)));
    expect(sharedPassages(text, text, steps)).toBe(1);
    expect(sharedPassages(text.subarray(0, 160), text.subarray(0, 160), 40)).toBeUndefined();
  });
});

/** Where test inputs lie, compared with training inputs. */
import { expect, it } from 'vitest';
import { mostDisplaced } from '../../engine/diagnose/testRange.ts';

/** Pictures of 16 pixels with one or two bright ones. */
const bright = (count: number) =>
  Float32Array.from({ length: 16 * count }, (_, at) => (at % 16 === 0 || at % 48 === 1 ? 0.9 : 0.05));

it('negatives of pictures have the same range of values, but not of means', () => {
  const pictures = bright(30);
  const negatives = pictures.map((value) => 0.95 - value);
  expect(mostDisplaced({ values: pictures }, { values: negatives }, [4, 4, 1])).toMatchObject({
    isMean: true,
    share: 1,
  });
  const same = mostDisplaced({ values: pictures }, { values: bright(12) }, [4, 4, 1]);
  expect([same?.isMean, same?.share]).toEqual([undefined, 0]);
});

/** Sequences of one value between 0.9 and 1.1, padded with zeros to ten steps. */
const padded = (lengths: readonly number[]) => ({
  values: Float32Array.from({ length: 10 * lengths.length }, (_, at) =>
    at % 10 < lengths[Math.floor(at / 10)] ? 0.9 + 0.02 * ((at * 7) % 11) : 0,
  ),
  lengths: Int32Array.from(lengths),
});

it('longer sequences of the same values have the same means and range: padding does not count', () => {
  const train = padded(Array.from({ length: 30 }, (_, index) => 2 + (index % 2)));
  const test = padded(Array.from({ length: 12 }, (_, index) => 9 + (index % 2)));
  expect(mostDisplaced(train, test, [10, 1])?.share).toBe(0);
});

it('short sequences of other values are outside, however long the others are', () => {
  const train = padded(Array.from({ length: 30 }, () => 10));
  const { values, lengths } = padded(Array.from({ length: 12 }, () => 2));
  const test = { values: values.map((value) => 3 * value), lengths };
  expect(mostDisplaced(train, test, [10, 1])?.share).toBe(1);
});

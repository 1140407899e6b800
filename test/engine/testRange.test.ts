/** Where test inputs lie, compared with training inputs. */
import { expect, it } from 'vitest';
import { mostDisplaced } from '../../engine/diagnose/testRange.ts';

/** Pictures of 16 pixels with one or two bright ones. */
const bright = (count: number) =>
  Float32Array.from({ length: 16 * count }, (_, at) => (at % 16 === 0 || at % 48 === 1 ? 0.9 : 0.05));

it('negatives of pictures have the same range of values, but not of means', () => {
  const pictures = bright(30);
  const negatives = pictures.map((value) => 0.95 - value);
  expect(mostDisplaced(pictures, negatives, [4, 4, 1])).toMatchObject({ isMean: true, share: 1 });
  const same = mostDisplaced(pictures, bright(12), [4, 4, 1]);
  expect([same?.isMean, same?.share]).toEqual([undefined, 0]);
});

/** What single columns of a table reveal. */
import { expect, it } from 'vitest';
import { revealingFeatures } from '../../engine/diagnose/features.ts';

const rows = 40;
const targets = Int32Array.from({ length: rows }, (_, row) => Number(row % 3 === 0));

/** The first `telling` of six columns are the class, the others are numbers without a meaning. */
function tableWith(telling: number): Float32Array {
  const features = 6;
  return Float32Array.from({ length: rows * features }, (_, place) => {
    const [row, feature] = [Math.floor(place / features), place % features];
    return feature < telling ? targets[row] : (row * (feature + 7)) % 11;
  });
}

const found = (telling: number) =>
  revealingFeatures({ values: tableWith(telling), features: 6, count: rows }, targets, true, rows);

it('a column that is the class reveals it, and so do a few', () => {
  for (const telling of [1, 2, 3])
    expect(found(telling)).toMatchObject({ revealing: { feature: 0, share: 1 }, marking: 0 });
  expect(found(0).revealing?.share).toBeLessThan(0.5);
});

it('where most columns are the class, none of them leaks it', () => {
  for (const telling of [4, 6])
    expect(found(telling)).toMatchObject({ revealing: undefined, marking: undefined, coded: undefined });
});

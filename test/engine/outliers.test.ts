/** Values far from all others, as numbers of the file, and which of them may be codes of missing values. */
import { describe, expect, it } from 'vitest';
import { featuresWithOutliers } from '../../engine/diagnose/outliers.ts';
import { Random } from '../../engine/kernels/random.ts';

const rows = 200;
const random = new Random(12, 1);

/** A column of values near 50, where some rows have another value. */
const column = (others: { readonly [row: number]: number }): number[] =>
  Array.from({ length: rows }, (_, row) => others[row] ?? 50 + 5 * random.normal());

/** Columns as the samples hold them: standardized in float32. */
function featuresOf(columns: readonly number[][]) {
  const scaling = columns.map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / rows;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows);
    return { mean, deviation };
  });
  const values = Float32Array.from({ length: rows * columns.length }, (_, i) => {
    const feature = i % columns.length;
    const { mean, deviation } = scaling[feature];
    return (columns[feature][(i - feature) / columns.length] - mean) / deviation;
  });
  return featuresWithOutliers(values, columns.length, {
    offset: scaling.map(({ mean }) => mean),
    factor: scaling.map(({ deviation }) => 1 / deviation),
  });
}

describe('values far from all others', () => {
  it('are numbers of the file', () => {
    const [{ feature, farthest, low, high, share }] = featuresOf([
      column({}),
      column({ 3: -9999, 70: -9999 }),
    ]);
    expect(feature).toBe(1);
    expect(farthest).toBeCloseTo(-9999, 1);
    expect(low).toBeGreaterThan(35);
    expect(high).toBeLessThan(65);
    expect(share).toBe(0.01);
  });

  it.each([
    ['that occur several times are codes', { 3: -9999, 70: -9999, 71: -9999 }, [-9999]],
    ['can be two codes', { 3: -9999, 70: -9999, 71: 99999, 90: 99999 }, [-9999, 99999]],
    ['can be zero', Object.fromEntries(Array.from({ length: 8 }, (_, i) => [20 * i, 0])), [0]],
    ['can have digits after the point', { 3: -999.9, 70: -999.9 }, [-999.9]],
    ['can be a single mistake', { 3: -9999 }, [-9999]],
    ['with more digits than are kept are no codes', { 3: 15966143.6, 70: 15758112.3 }, []],
    ['with seven digits are no codes, because the last one is not known', { 3: -9999999, 9: -9999999 }, []],
    ['that all differ are no codes', { 3: 9000, 4: 9100, 5: 9250, 6: 9300 }, []],
  ])('%s', (_, others, codes) => {
    const near = Object.keys(others).length === 8;
    // Zero is far out if all other values are close together.
    const values = column(others).map((value) => (near && value !== 0 ? 50 + (value - 50) / 20 : value));
    expect(featuresOf([column({}), values]).map((one) => one.codes)).toEqual([codes]);
  });

  it('are a code, even in a third of the rows, if they are one value that looks like a code', () => {
    const withCode = (code: number, every: number) =>
      column(Object.fromEntries(Array.from({ length: rows / every }, (_, i) => [every * i, code])));
    const [low, high] = [withCode(-9999, 3), withCode(9999, 4)];
    expect(featuresOf([column({}), low, high]).map(({ feature, codes }) => [feature, codes])).toEqual([
      [1, [-9999]],
      [2, [9999]],
    ]);
    const shares = featuresOf([low]).map(({ share, low }) => [share > 0.3, low > 30]);
    expect(shares).toEqual([[true, true]]);
    const near = (code: number) =>
      withCode(code, 3).map((value) => (value === code ? code : 50 + (value - 50) / 20));
    expect(featuresOf([near(0)])).toEqual([]);
    // The ports of two services.
    expect(featuresOf([near(502)])).toEqual([]);
    expect(featuresOf([near(999)]).map(({ codes }) => codes)).toEqual([[999]]);
    expect(featuresOf([near(-500)]).map(({ codes }) => codes)).toEqual([[-500]]);
    expect(
      featuresOf([column(Object.fromEntries(Array.from({ length: 120 }, (_, i) => [i, -9999])))]),
    ).toEqual([]);
  });

  it('can be as large as float32 allows', () => {
    const [found] = featuresWithOutliers(Float32Array.from(column({ 3: 3.1e38 })), 1);
    expect(found.codes).toEqual([3.1e38]);
  });

  it('are no codes if another column has them among its values', () => {
    const distances = column({}).map((_, row) => (row === 0 ? 9999 : 9000 + 10 * row));
    const [found] = featuresOf([column({ 3: 9999, 70: 9999 }), distances]);
    expect(found).toMatchObject({ feature: 0, codes: [] });
  });

  it('are codes if they are far out in every column that has them', () => {
    const found = featuresOf([column({ 3: -1e6, 70: -1e6 }), column({ 5: -1e6, 6: -1e6 })]);
    expect(found.map(({ codes }) => codes)).toEqual([[-1e6], [-1e6]]);
  });
});

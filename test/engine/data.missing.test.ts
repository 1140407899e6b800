/** Missing values of a table: they become the mean of their column in the training part, if the spec lists how they are written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset, Split } from '../../engine/data/define.ts';
import { all, open, refuses, take } from './dataFiles.ts';

const plain = { type: 'csv', file: 'data.csv', normalize: 'none', testFraction: 0 };

/** [rows, columns] of the training part, in the order of the first column, which has no gap. */
const columnOf = (data: Dataset, column: number, split: Split | undefined = data.train): number[] => {
  const width = data.inputs[0].shape[0];
  const { inputs } = take(data, split, ...all(split));
  return Array.from({ length: inputs.length / width }, (_, row) =>
    inputs.slice(row * width, (row + 1) * width),
  )
    .sort((one, other) => one[0] - other[0])
    .map((row) => row[column]);
};

describe('missing values', () => {
  it.each([
    ['a code', '-999', ['-999']],
    ['an empty cell', '', ['']],
    ['a word', 'unknown', ['unknown']],
    ['another form of a number', '-9.99e2', ['-999.0']],
    ['one of several', 'NA', ['-999', 'NA']],
  ])('become the mean of the other values: %s', async (_, cell, missing) => {
    const data = await open(
      { 'data.csv': `id,size,kind\n1,4,a\n2,${cell},b\n3,8,a\n4,9,b\n` },
      { ...plain, header: 'yes', missing },
    );
    expect(columnOf(data, 1)).toEqual([4, 7, 8, 9]);
  });

  it('are listed with a point or a comma, whatever mark the table uses', async () => {
    for (const missing of [['-99.5'], ['-99,5']])
      expect(
        columnOf(
          await open({ 'data.csv': 'id;size;kind\n1;4,5;a\n2;-99,5;b\n3;8,5;a\n' }, { ...plain, missing }),
          1,
        ),
      ).toEqual([4.5, 6.5, 8.5]);
  });

  it('may be in a column of true and false', async () => {
    const data = await open(
      { 'data.csv': 'id,sold,kind\n1,true,a\n2,?,b\n3,false,a\n4,true,b\n5,true,b\n' },
      { ...plain, missing: ['?'] },
    );
    expect(columnOf(data, 1)).toEqual([1, 0.75, 0, 1, 1]);
  });

  it('are the mean of the training part in the test part, too, and in an evaluation', async () => {
    const spec = { ...plain, testFile: 'test.csv', missing: ['NA'] };
    const files = {
      'data.csv': 'id,size,kind\n1,4,a\n2,6,b\n',
      'test.csv': 'id,size,kind\n1,NA,a\n2,100,b\n',
    };
    const trained = await open(files, spec);
    expect(columnOf(trained, 1, trained.test)).toEqual([5, 100]);
    const evaluated = await open({ ...files, 'data.csv': 'id,size,kind\n1,NA,a\n2,60,b\n' }, spec, 1, {
      trained: trained.state!,
    });
    expect(columnOf(evaluated, 1)).toEqual([5, 60]);
  });

  it('are as if somebody had entered the mean, however the columns are scaled', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(fc.integer({ min: -500, max: 500 }), { freq: 3 }), {
          minLength: 4,
          maxLength: 30,
        }),
        fc.constantFrom('none', 'standardize', 'minmax'),
        async (sizes, normalize) => {
          const values = sizes.filter((size) => size !== null);
          fc.pre(values.length > 0);
          const mean = values.reduce((sum, size) => sum + size, 0) / values.length;
          const table = (gap: string) =>
            [
              'id,size,kind',
              ...sizes.map((size, row) => `${row},${size ?? gap},${row % 2 ? 'a' : 'b'}`),
            ].join('\n');
          const spec = { ...plain, normalize, missing: ['none'] };
          const [filled, entered] = [
            await open({ 'data.csv': table('none') }, spec),
            await open({ 'data.csv': table(String(mean)) }, spec),
          ];
          const [found, expected] = [columnOf(filled, 1), columnOf(entered, 1)];
          for (const [row, value] of found.entries()) expect(value).toBeCloseTo(expected[row], 4);
        },
      ),
      { seed: 12, numRuns: 40 },
    ));

  it('are refused where there is nothing to fill in', async () => {
    const table = { 'data.csv': 'id,size,kind\n1,NA,a\n2,NA,b\n' };
    await refuses(
      table,
      { ...plain, missing: ['NA'] },
      'data/number',
      '"size"',
      'all training values',
      '"exclude"',
    );
    const targets = { 'data.csv': 'id,size\n1,0.5\n2,NA\n3,0.7\n' };
    await refuses(
      targets,
      { ...plain, missing: ['NA'] },
      'data/labels',
      'row 3',
      '"size"',
      'a missing value',
    );
  });

  it('that are not listed are refused with the advice to list them', () =>
    refuses(
      { 'data.csv': 'id,size,kind\n1,NA,a\n2,3,b\n' },
      plain,
      'data/number',
      'row 2',
      '"size"',
      'add "NA" to "missing"',
    ));
});

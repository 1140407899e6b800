/** Tables: the samples that they contain, and the problems of malformed ones. */

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Split } from '../../engine/data/define.ts';
import { ProblemError } from '../../engine/schema/problem.ts';
import { all, open, refuses, take } from './dataFiles.ts';

describe('csv', () => {
  const plain = { type: 'csv', file: 'data.csv', normalize: 'none', testFraction: 0 };
  const table = 'width,height,kind\n1,2,b\n3,4,a\n5,6,b\n7,8,a\n';

  it('finds header, delimiter and classes', async () => {
    for (const text of [
      table,
      table.replaceAll(',', ';'),
      table.replaceAll(',', '\t'),
      `\ufeff${table}\n\n`,
    ]) {
      const data = await open({ 'data.csv': text }, plain);
      expect(data.inputs[0].shape).toEqual([2]);
      expect(data.targets[0]).toEqual({ name: 'kind', type: 'int', shape: [], classes: 2 });
      expect(data.classNames).toEqual(['a', 'b']);
      expect(data.test).toBeUndefined();
      const sorted = take(data, data.train, ...all(data.train)).inputs.sort((a, b) => a - b);
      expect(sorted).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    }
  });
  it('reads a few distinct whole numbers as classes, in their order', async () => {
    const data = await open({ 'data.csv': '1,10\n2,9\n3,10\n4,9\n' }, plain);
    expect(data.classNames).toEqual(['9', '10']);
  });
  it('reads other numbers as values', async () => {
    const data = await open({ 'data.csv': 'x,y\n1,0.5\n2,0.7\n' }, plain);
    expect(data.targets[0]).toEqual({ name: 'y', type: 'float', shape: [1] });
    expect(take(data, data.train, ...all(data.train)).targets.sort()).toEqual([0.5, 0.699999988079071]);
  });
  it('looks for no column in a list of all columns, because a table can have a hundred thousand', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `feature${i}`);
    const row = (digit: number) => [...names.map((_, i) => (i * digit) % 7), digit % 2].join();
    const table = [[...names, 'kind'].join(), ...[1, 2, 3, 4].map(row)].join('\n');
    const searches = [
      vi.spyOn(Array.prototype, 'indexOf'),
      vi.spyOn(Array.prototype, 'lastIndexOf'),
      vi.spyOn(Array.prototype, 'includes'),
    ];
    const files = { 'data.csv': table, 'test.csv': table };
    const data = await open(files, { ...plain, testFile: 'test.csv', target: 'kind' });
    const inAll = searches
      .flatMap(({ mock }) => mock.contexts)
      .filter((list) => (list as unknown[]).length >= 500);
    for (const search of searches) search.mockRestore();
    expect(data.inputs[0].columns).toEqual(names);
    expect(inAll.length).toBeLessThan(20);
  });
  it('follows "task"', async () => {
    const data = await open({ 'data.csv': '1,10\n2,9\n3,10\n4,9\n' }, { ...plain, task: 'regression' });
    expect(data.targets[0].type).toBe('float');
  });
  it('finds the target by name and by number', async () => {
    for (const target of ['width', '1'])
      expect(
        (await open({ 'data.csv': '\nwidth,size\n1,5\n2,6\n1,7\n2,8' }, { ...plain, target })).targets[0]
          .name,
      ).toBe('width');
  });
  it('standardizes by the training part alone', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => `${i * i},3,${i % 2}`).join('\n');
    const data = await open({ 'data.csv': rows }, { type: 'csv', file: 'data.csv' });
    expect([data.train.size, data.test?.size]).toEqual([40, 10]);
    const first = take(data, data.train, ...all(data.train)).inputs.filter((_, i) => i % 2 === 0);
    const mean = first.reduce((a, b) => a + b, 0) / 40;
    expect(mean).toBeCloseTo(0, 6);
    expect(first.reduce((a, b) => a + (b - mean) ** 2, 0) / 40).toBeCloseTo(1, 6);
    const constant = take(data, data.train, 0).inputs[1];
    expect(constant).toBe(0);
  });
  it('splits in the same way with the same seed, and differently with another', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => `${i},${i % 2}`).join('\n');
    const order = async (seed: number) => {
      const data = await open({ 'data.csv': rows }, { ...plain, testFraction: 0.3 }, seed);
      const [train, test] = [data.train, data.test].map((split) => take(data, split, ...all(split)).inputs);
      expect([...train, ...test].sort((a, b) => a - b)).toEqual(all({ size: 50 } as Split));
      return train.join();
    };
    expect(await order(1)).toBe(await order(1));
    expect(await order(1)).not.toBe(await order(2));
  });
  it('reads a test table with the classes of the first', async () => {
    const data = await open(
      { 'data.csv': '1,a\n2,b\n', 'test.csv': '3,b\n' },
      { ...plain, testFile: 'test.csv' },
    );
    expect(take(data, data.test, 0)).toMatchObject({ inputs: [3], targets: [1] });
  });
  it('gives samples a shape', async () => {
    const data = await open({ 'data.csv': '1,2,3,4,a\n5,6,7,8,b\n' }, { ...plain, shape: [2, 2, 1] });
    expect(data.inputs[0].shape).toEqual([2, 2, 1]);
  });

  it.each([
    ['a ragged row', '1,2,a\n1,b\n', 'data/ragged', ['row 2', '2 cells', '3']],
    ['text where a number must be', 'x,y,k\n1,2,a\n1,two,b\n', 'data/number', ['row 3', '"y"', '"two"']],
    ['nothing where a number must be', 'x,y,k\n1,2,a\n1,,b\n', 'data/number', ['row 3', '"y"', 'nothing']],
    ['a number too large', '1e999,a\n1,b\n', 'data/number', ['row 1', 'column 1', '1e999']],
    ['a missing class', 'x,k\n1,a\n2,\n3,b\n', 'data/labels', ['row 3', '"k"', 'nothing']],
    ['an open quote', 'x,k\n1,"a\n2,b\n', 'data/quotes', ['row']],
    ['an empty file', '', 'data/empty', ['data.csv']],
    ['blank lines only', '\n \n', 'data/empty', ['data.csv']],
    ['a single column', '1\n2\n3\n', 'data/columns', ['one column']],
    ['bytes that are no text', Uint8Array.from([0x31, 0xff, 0x2c, 0x61]), 'data/encoding', ['UTF-8']],
  ] as const)('refuses %s', (_name, content, code, parts) =>
    refuses({ 'data.csv': content }, plain, code, 'data.csv', ...parts),
  );

  it('refuses an unknown target column and lists the columns', () =>
    refuses(
      { 'data.csv': table },
      { ...plain, target: 'colour' },
      'data/column',
      '"colour"',
      '"width", "height", "kind"',
    ));
  it('refuses a shape of another size', () =>
    refuses({ 'data.csv': table }, { ...plain, shape: [3] }, 'data/shape', '2 columns', '3'));
  it('refuses a class of the test table that the training part does not have', () =>
    refuses(
      { 'data.csv': '1,a\n2,b\n', 'test.csv': '3,c\n' },
      { ...plain, testFile: 'test.csv' },
      'data/labels',
      'test.csv',
      'row 1',
      '"c"',
    ));
  it('reads any text as a dataset, or refuses it with a ProblemError', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('1', '2', ',', ';', '\n', '"', 'a', '.', ' '), maxLength: 30 }),
        async (content) => {
          try {
            const data = await open({ 'data.csv': content }, plain);
            expect(take(data, data.train, 0).inputs.every(Number.isFinite)).toBe(true);
          } catch (error) {
            if (!(error instanceof ProblemError)) throw error;
          }
        },
      ),
      { seed: 1, numRuns: 200 },
    ));
});

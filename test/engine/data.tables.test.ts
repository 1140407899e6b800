/** The format of a table is detected: delimiter, decimal mark, header, and columns that belong together. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../engine/data/define.ts';
import { ProblemError } from '../../engine/schema/problem.ts';
import { all, open, refuses, take } from './dataFiles.ts';

const fixture = (name: string): string => readFileSync(join('test/fixtures/data', name), 'utf8');

const plain = { type: 'csv', file: 'data.csv', normalize: 'none', testFraction: 0 } as const;
const read = (content: string, attributes = {}) => open({ 'data.csv': content }, { ...plain, ...attributes });
const refused = (content: string, code: string, parts: readonly string[], attributes = {}) =>
  refuses({ 'data.csv': content }, { ...plain, ...attributes }, code, ...parts);

/** Samples in the order of the rows, each as [features, target]. */
function rowsOf(data: Dataset): number[][] {
  const { inputs, targets } = take(data, data.train, ...all(data.train));
  const size = data.inputs[0].shape.reduce((product, extent) => product * extent, 1);
  return targets.map((target, i) => [...inputs.slice(i * size, (i + 1) * size), target]);
}
const sortedRows = (data: Dataset) => rowsOf(data).sort((a, b) => a[0] - b[0]);
const reported = ({ warnings = [] }: Dataset) =>
  warnings.map(({ code, message }) => `${code}: ${message}`).join('\n');

describe('columns of a test table', () => {
  const train = 'a,b,y\n1,10,1\n2,30,2\n3,20,3\n';
  const spec = { ...plain, testFile: 'test.csv', target: 'y', task: 'regression' };
  const openBoth = (test: string, attributes = {}) =>
    open({ 'data.csv': train, 'test.csv': test }, { ...spec, ...attributes });

  it.each(['a,b,y\n2,20,4\n', 'b,a,y\n20,2,4\n', 'y,a,b\n4,2,20\n', 'y;b;a\n4;20;2\n'])(
    'are matched by name: %j',
    async (test) => {
      const data = await openBoth(test);
      expect(take(data, data.test, 0)).toMatchObject({ inputs: [2, 20], targets: [4] });
    },
  );
  it.each([
    ['other names', 'p,q,r\n2,20,2\n', ['"p", "q", "r"', '"a", "b", "y"']],
    ['one name more', 'a,b,c,y\n2,20,0,2\n', ['data.csv lacks "c"']],
    ['one name fewer', 'a,y\n2,2\n', ['test.csv lacks "b"']],
    ['names in another case', 'A,b,y\n2,20,2\n', ['test.csv lacks "a"', '"A"']],
    ['no header', '2,20,2\n', ['Only one of the two files has column names']],
    ['a name twice', 'a,a,b,y\n1,2,20,2\n', ['"a"']],
  ])('are refused with %s', (_name, test, parts) =>
    refuses({ 'data.csv': train, 'test.csv': test }, spec, 'data/columns', 'test.csv', ...parts),
  );
  it('may have more names if these are excluded', async () => {
    const data = await openBoth('id,b,a,y\nx7,20,2,4\n', { exclude: [] }).catch(
      (error: ProblemError) => error,
    );
    expect(data).toBeInstanceOf(ProblemError);
    const files = {
      'data.csv': 'id,a,b,y\nx1,1,10,1\nx2,2,30,2\nx3,3,20,3\n',
      'test.csv': 'y,b,a\n4,20,2\n',
    };
    const without = await open(files, { ...spec, exclude: ['id'] });
    expect(take(without, without.test, 0)).toMatchObject({ inputs: [2, 20], targets: [4] });
  });
  it('are matched by position if neither table has names', async () => {
    const files = { 'data.csv': '1,10,1\n2,30,2\n3,20,3\n', 'test.csv': '2,20,4\n' };
    const data = await open(files, { ...plain, testFile: 'test.csv', task: 'regression' });
    expect(take(data, data.test, 0)).toMatchObject({ inputs: [2, 20], targets: [4] });
  });
});

describe('a header', () => {
  const numbers = (rows: number, columns: number) =>
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => (Math.sin(row * 7 + column * 3) * 2).toFixed(3)).join(
        ',',
      ),
    ).join('\n');

  it('is recognized by the name of the target, beside an unnamed column', async () => {
    const data = await read(fixture('index-column.csv'), { target: 'y' });
    expect(data.train.size).toBe(60);
    expect(data.inputs[0].shape).toEqual([3]);
    expect(data.targets[0].name).toBe('y');
    expect(reported(data)).toMatch(/data\/index-column: .*"exclude" to \["1"\]/);
    const without = await read(fixture('index-column.csv'), { target: 'y', exclude: ['1'] });
    expect(without.inputs[0].shape).toEqual([2]);
    expect(reported(without)).toBe('');
  });
  it.each([{}, { target: 'species' }])('may number the columns: %j', async (attributes) => {
    const data = await read(fixture('numbered.csv'), attributes);
    expect(data.train.size).toBe(60);
    expect(data.classNames).toEqual(['down', 'up']);
  });
  it('may give two columns the same name, with a warning', async () => {
    const data = await read('a,a,b,y\n1,2,3,0.5\n4,5,6,1.5\n');
    expect(sortedRows(data)).toEqual([
      [1, 2, 3, 0.5],
      [4, 5, 6, 1.5],
    ]);
    expect(reported(data)).toContain('"a"');
    await refused('a,a,b\n1,2,0.5\n4,5,1.5\n', 'data/column', ['several columns "a"'], { target: 'a' });
  });
  it.each([
    ['years', '2019,2020,2021'],
    ['whole numbers above decimals', '1,2,0'],
    ['1, 2, 3', '1,2,3'],
  ])('of %s is read as data, and reported', async (_name, first) => {
    const data = await read(`${first}\n${numbers(60, 3)}\n`);
    expect(data.train.size).toBe(61);
    expect(reported(data)).toMatch(/data\/header: .*"header" to "yes"/);
    expect((await read(`${first}\n${numbers(60, 3)}\n`, { header: 'yes' })).train.size).toBe(60);
    expect(reported(await read(`${first}\n${numbers(60, 3)}\n`, { header: 'no' }))).toBe('');
  });
  it('of years beside a text is recognized', async () => {
    const data = await read(`2019,2020,total\n${numbers(60, 3)}\n`);
    expect(data.train.size).toBe(60);
  });
  it('of 0, 1, 2, … above decimals is recognized, with a warning', async () => {
    const data = await read(`0,1,2\n${numbers(60, 3)}\n`);
    expect(data.train.size).toBe(60);
    expect(reported(data)).toMatch(/data\/header: .*read as names/);
  });
  it('is not seen in ordinary rows', async () => {
    for (const text of [
      `${numbers(60, 4)}\n`,
      '5.1,3.5,a\n4.9,3,a\n6,2.2,b\n5.9,3,b\n',
      '1,2,a\n3,4,b\n5,6,a\n7,8,b\n',
    ]) {
      const data = await read(text);
      expect(data.train.size).toBe(text.trim().split('\n').length);
      expect(reported(data)).toBe('');
    }
  });
  it('may have no name for the row names, as R writes it', async () => {
    const data = await read('"a" "b"\n"1" 2.5 0.5\n"2" 3.5 1.5\n', { delimiter: 'space', exclude: ['1'] });
    expect(sortedRows(data)).toEqual([
      [2.5, 0.5],
      [3.5, 1.5],
    ]);
  });
});

describe('delimiter and decimal mark', () => {
  it('are decided together: 1,5;0 is 1.5 and 0', async () => {
    const data = await read(fixture('weights.csv'));
    expect(data.classNames).toEqual(['0', '1']);
    expect(new Set(rowsOf(data).map(([x]) => x))).toEqual(new Set([1.5, 2.5, 3.5, 4.5]));
  });
  it('read a target with decimal commas as values', async () => {
    const data = await read(fixture('dose.csv'), { target: 'dose' });
    expect(data.targets[0].type).toBe('float');
    expect(new Set(rowsOf(data).map((row) => row[2]))).toEqual(new Set([0.5, 2.5]));
  });
  it.each([
    ['tabs', '1,5\t0,25\n2,5\t0,75\n', {}],
    ['bars', '1,5|0,25\n2,5|0,75\n', {}],
    ['quotes', '"1,5","0,25"\n"2,5","0,75"\n', {}],
    ['a first line that announces the delimiter', 'sep=;\r\nx;y\r\n1,5;0,25\r\n2,5;0,75\r\n', {}],
    ['a delimiter at the end of each line', 'x;y;\n1,5;0,25;\n2,5;0,75;\n', {}],
    ['a delimiter at the end of rows only', 'x;y\n1,5;0,25;\n2,5;0,75;\n', {}],
    ['comments', '# made by hand\nx;y\n1,5;0,25\n# the second\n2,5;0,75\n', {}],
    ['a header in a comment, as numpy writes it', '# x,y\n1.5,0.25\n2.5,0.75\n', { target: 'y' }],
    ['exponents and signs', 'x;y\n+1,5e0;25e-2\n2,5E+0;,75\n', {}],
    ['empty columns and rows at the end', 'x,y,,\n1.5,0.25,,\n2.5,0.75,,\n,,,\n', {}],
    ['empty rows at the end, as spreadsheets write them', 'x,y\n1.5,0.25\n2.5,0.75\n,\n,\n', {}],
    ['blank lines between rows', '\nx,y\n\n1.5,0.25\n\n2.5,0.75\n\n', {}],
    ['very many blank lines between rows', `x,y\n1.5,0.25\n${'\n'.repeat(300_000)}2.5,0.75\n`, {}],
    ['a mark of byte order and old line ends', '\ufeffx,y\r1.5,0.25\r2.5,0.75', {}],
    ['line ends of both kinds', 'x,y\r\n1.5,0.25\n2.5,0.75\r\n', {}],
    ['numbers in quotes', '"x","y"\n"1.5","0.25"\n"2.5","0.75"\n', {}],
    ['names with delimiters in quotes', '"x, in m";"y; in s"\n1,5;0,25\n2,5;0,75\n', {}],
  ])('are found with %s', async (_name, content, attributes) => {
    const data = await read(content, attributes);
    expect(sortedRows(data)).toEqual([
      [1.5, 0.25],
      [2.5, 0.75],
    ]);
    expect(reported(data)).toBe('');
  });
  it.each([
    [
      'both marks in one table',
      'x;y\n1,5;0.25\n2,5;0.75\n',
      'data/decimal',
      ['row 2, "x" holds 1,5', '"y" holds 0.25'],
    ],
    ['a comma that may group thousands', 'x;y\n1,234;1\n5,678;0\n', 'data/decimal', ['row 2, "x"', '1,234']],
    ['thousands and a point', 'x;y\n"1,234.5";1\n2;0\n', 'data/number', ['row 2', 'thousands separators']],
    ['thousands and a comma', 'x;y\n1.234,5;1\n2;0\n', 'data/number', ['row 2', 'thousands separators']],
    ['thousands with spaces', 'x;y\n1 234;1\n2;0\n', 'data/number', ['row 2', 'thousands separators']],
    ['infinity', 'x,y\ninf,1\n2,0\n', 'data/number', ['row 2', '"inf"']],
    ['a missing value', 'x,y\nNaN,1\n2,0\n', 'data/number', ['row 2', '"NaN", a missing value']],
    ['a number beyond float32', 'x,y\n1e39,1\n2,0\n', 'data/number', ['row 2', '1e39', '3.4e38']],
    [
      'a date after very many blank lines',
      `x,y\n1,1\n${'\n'.repeat(300_000)}2020-01-02,1\n`,
      'data/number',
      ['row 300003', '2020-01-02'],
    ],
    ['a date', 'x,y\n2020-01-02,1\n2020-01-03,0\n', 'data/number', ['row 2', '2020-01-02']],
  ])('refuse %s', (_name, content, code, parts) => refused(content, code, parts));
  it('refuse a decimal comma if the spec requires points, also as a class', async () => {
    await refused('x;y\n1,5;1\n2;0\n', 'data/number', ['row 2', 'decimal comma'], { decimal: 'point' });
    await refused('x;y\n1;0,5\n2;2,5\n', 'data/labels', ['row 2', '"0,5"'], { decimal: 'point' });
  });
  it('read 1,234 as the spec says', async () => {
    const data = await read('x;y\n1,234;1\n5,678;0\n', { decimal: 'comma', task: 'regression' });
    expect(sortedRows(data).map(([x]) => x)).toEqual([Math.fround(1.234), Math.fround(5.678)]);
  });
  it('warn that a point may group thousands beside semicolons', async () => {
    expect(reported(await read('x;y\n1.234;1\n5.678;0\n'))).toMatch(/data\/decimal: .*row 2, "x": 1.234/);
    expect(reported(await read('x;y\n1.234;1\n5.678;0\n', { decimal: 'point' }))).toBe('');
    expect(reported(await read('x;y\n1.234;1\n0.678;0\n'))).toBe('');
    expect(reported(await read('x,y\n1.234,1\n5.678,0\n'))).toBe('');
  });
  it('warn that two columns of whole numbers may be one of decimals', async () => {
    const spec = { type: 'series', file: 'data.csv', window: 1, normalize: 'none', testFraction: 0 };
    const data = await open({ 'data.csv': '1,5\n2,5\n3,5\n4,5\n' }, spec);
    expect(reported(data)).toMatch(/data\/delimiter: .*"decimal" to "comma"/);
    const one = await open({ 'data.csv': '1,5\n2,5\n3,5\n4,5\n' }, { ...spec, decimal: 'comma' });
    expect(take(one, one.train, 0, 1, 2)).toMatchObject({
      inputs: [1.5, 2.5, 3.5],
      targets: [2.5, 3.5, 4.5],
    });
    const named = await open({ 'data.csv': 'sales\n1,5\n2,5\n3,5\n4\n' }, spec);
    expect(take(named, named.train, 0, 1, 2)).toMatchObject({
      inputs: [1.5, 2.5, 3.5],
      targets: [2.5, 3.5, 4],
    });
  });
});

describe('true and false', () => {
  it('are 1 and 0 in a column of nothing else', async () => {
    const data = await read('x,on,y\n1.5,True,0.5\n2.5,False,1.5\n');
    expect(sortedRows(data)).toEqual([
      [1.5, 1, 0.5],
      [2.5, 0, 1.5],
    ]);
    expect((await read('TRUE,1.5,0.5\nFALSE,2.5,1.5\n')).train.size).toBe(2);
  });
  it('are refused among numbers', () =>
    refused('x,on,y\n1.5,1,0.5\n2.5,false,1.5\n', 'data/number', ['row 3', '"on"', '"false"']));
});

describe('a target', () => {
  it.each([
    ['classes and one NA', fixture('na.csv'), ['row 9', '"c"', '"NA"', '"task" to "classification"']],
    [
      'values and one ?',
      `x,mpg\n${Array.from({ length: 60 }, (_, i) => `${i},${i === 7 ? '?' : 18 + i / 4}`).join('\n')}`,
      ['row 9', '"mpg"', '"?"'],
    ],
    ['numbers and an empty cell', 'x,y\n1,0.5\n2,\n3,0.7\n', ['row 3', '"y"', 'nothing']],
    ['numbers and a word', 'x,y\n1,1\n2,2\n3,unknown\n4,1\n', ['row 4', '"y"', '"unknown"']],
    ['text classes and a missing value', 'x,y\n1,yes\n2,no\n3,NA\n4,yes\n', ['row 4', '"y"', '"NA"']],
  ])('of %s is refused', (_name, content, parts) => refused(content, 'data/labels', parts));
  it('reads any word as a class if the spec requires it', async () => {
    const data = await read('x,y\n1,1\n2,2\n3,unknown\n4,1.0\n', { task: 'classification' });
    expect(data.classNames).toEqual(['1', '2', 'unknown']);
  });
  it('reads 1, 1.0, 01 and +1 as one class, and whole numbers beyond 2^53 as several', async () => {
    const labels = ['1', '1.0', '01', '+1', '2', '2.0', '1e0', '02'];
    const data = await read(`x,y\n${labels.map((label, i) => `${i},${label}`).join('\n')}\n`);
    expect(data.classNames).toEqual(['1', '2']);
    expect(sortedRows(data).map(([, label]) => label)).toEqual([0, 0, 0, 0, 1, 1, 0, 1]);
    const long = ['12345678901234567890', '12345678901234567891'];
    const ids = Array.from({ length: 8 }, (_, i) => `${i},${long[i % 2]}`).join('\n');
    expect((await read(`x,y\n${ids}\n`, { task: 'classification' })).classNames).toEqual(long);
  });
});

describe('a series', () => {
  const spec = { type: 'series', file: 's.csv', window: 7, column: 'sales' };
  it.each(['gap.csv', 'gap-second-column.csv'])('with a missing value is refused: %s', (name) =>
    refuses(
      { 's.csv': fixture(name) },
      spec,
      'data/number',
      'row 22',
      '"sales"',
      'expected a number, found nothing',
    ),
  );
});

describe('large values that differ little', () => {
  it('keep their digits', async () => {
    const standardized = { ...plain, normalize: 'standardize', task: 'regression' };
    const [small, stamps] = await Promise.all(
      ['small.csv', 'stamps.csv'].map((name) =>
        open({ [name]: fixture(name) }, { ...standardized, file: name }),
      ),
    );
    expect(rowsOf(stamps)).toEqual(rowsOf(small));
    for (const [x, y] of rowsOf(stamps)) expect(x).toBeCloseTo(y, 6);
  });
  it('keep them in series and sequences', async () => {
    const values = Array.from({ length: 51 }, (_, i) => 1_700_000_000 + (i % 2));
    const series = await open(
      { 's.csv': values.join('\n') },
      { type: 'series', file: 's.csv', window: 2, testFraction: 0 },
    );
    const { targets } = take(series, series.train, ...all(series.train));
    expect(targets.reduce((sum, value) => sum + value ** 2, 0) / targets.length).toBeCloseTo(1, 2);
    const x = values.map((value) => [[value], [value]]);
    const json = JSON.stringify({
      classes: ['even', 'odd'],
      train: { x, y: values.map((value) => value % 2) },
    });
    const sequences = await open({ 's.json': json }, { type: 'sequences', file: 's.json' });
    const read = take(sequences, sequences.train, 0, 1);
    expect(read.inputs[0]).toBeCloseTo(-0.98, 1);
    expect(read.inputs[2]).toBeCloseTo(1.02, 1);
  });
  it('that are all equal become 0, whatever their digits', async () => {
    const data = await open(
      { 'data.csv': `x,y\n${'0.1,1\n'.repeat(10)}` },
      { ...plain, normalize: 'standardize', task: 'regression' },
    );
    expect(rowsOf(data).every(([x]) => x === 0)).toBe(true);
  });
  it('are refused where scaling carries them beyond float32', () =>
    refuses(
      { 'data.csv': 'x,y\n0,1\n1e-30,2\n', 'test.csv': 'x,y\n1e30,1\n' },
      { ...plain, normalize: 'minmax', testFile: 'test.csv', task: 'regression' },
      'data/number',
      'test.csv: row 2, "x"',
      'exceeds',
    ));
});

describe('tables of any dialect', () => {
  const cell = fc.oneof(
    fc.integer({ min: -99999, max: 99999 }),
    fc.integer({ min: -9999999, max: 9999999 }).map((value) => value / 1000),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }),
  );
  const dialect = fc.record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    comma: fc.boolean(),
    quoted: fc.boolean(),
    header: fc.boolean(),
    trailing: fc.boolean(),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    lastLineEnd: fc.boolean(),
    mark: fc.boolean(),
    decimals: fc.boolean(),
  });
  const table = fc
    .integer({ min: 2, max: 5 })
    .chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }),
    );

  it('are read as the values from which they were written, or refused', async () => {
    let readBack = 0;
    await fc.assert(
      fc.asyncProperty(table, dialect, async (rows, d) => {
        const width = rows[0].length;
        const show = (value: number) => {
          const text = d.decimals && Number.isInteger(value) ? value.toFixed(1) : String(value);
          const marked = d.comma ? text.replace('.', ',') : text;
          return d.quoted || (d.comma && d.delimiter === ',') ? `"${marked}"` : marked;
        };
        const line = (cells: readonly string[]) => cells.join(d.delimiter) + (d.trailing ? d.delimiter : '');
        const names = Array.from({ length: width }, (_, i) => `name ${i}`);
        const lines = [...(d.header ? [line(names)] : []), ...rows.map((row) => line(row.map(show)))];
        const text = (d.mark ? '\ufeff' : '') + lines.join(d.lineEnd) + (d.lastLineEnd ? d.lineEnd : '');
        const data = await read(text, { task: 'regression' }).catch((error: unknown) => {
          if (error instanceof ProblemError) return undefined;
          throw error;
        });
        if (!data || reported(data) !== '') return;
        readBack++;
        const wanted = rows.map((row) => row.map(Math.fround));
        const byText = (list: number[][]) => list.map((row) => row.join()).sort();
        expect(byText(rowsOf(data))).toEqual(byText(wanted));
      }),
      { seed: 3, numRuns: 600 },
    );
    expect(readBack).toBeGreaterThan(400);
  });
});

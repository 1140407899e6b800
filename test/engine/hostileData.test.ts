/** Data files with any content: they are read in bounded memory, and give samples or a ProblemError and nothing else. */

import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RowOptions, RowReader } from '../../engine/data/tableRows.ts';
import { TextReader } from '../../engine/data/textPieces.ts';
import { ProblemError } from '../../engine/schema/problem.ts';
import { patience, runs, seed } from '../hostile/effort.ts';
import { all, open, refuses, type Spec, take } from './dataFiles.ts';

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

function idx(shape: readonly number[], type: number, bytes: number): Buffer {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head[2] = type;
  head[3] = shape.length;
  shape.forEach((size, axis) => {
    head.writeUInt32BE(size, 4 + 4 * axis);
  });
  return Buffer.concat([head, Buffer.alloc(bytes, 1)]);
}

const sequences = {
  classes: ['a', 'b'],
  train: {
    x: [
      [
        [1, 2],
        [3, 4],
      ],
      [[5, 6]],
    ],
    y: [0, 1],
  },
  test: { x: [[[1, 2]]], y: [1] },
};
const labels = { labels: 'labels.idx' };

/** A valid file of each format, under the name "file", and the spec that reads it. */
const formats: readonly { readonly file: string | Buffer; readonly spec: Spec }[] = [
  { file: `a,b,c\n${lines(12, (i) => `${i},${i / 7},${i % 2}`)}`, spec: { type: 'csv', file: 'file' } },
  {
    file: lines(9, (i) => `"${i},5";${i};x${i % 3}`),
    spec: { type: 'csv', file: 'file', task: 'classification' },
  },
  { file: `t\r\n${lines(40, (i) => `${i}.5`)}\r\n`, spec: { type: 'series', file: 'file', window: 3 } },
  { file: idx([3, 2, 2], 8, 12), spec: { type: 'idx', images: 'file', ...labels } },
  { file: idx([3, 2, 2], 13, 48), spec: { type: 'idx', images: 'file', ...labels } },
  { file: JSON.stringify(sequences), spec: { type: 'sequences', file: 'file' } },
  {
    file: JSON.stringify({ keys: 4, train: [[[1], [2, 3], []]] }),
    spec: { type: 'pianoRoll', file: 'file' },
  },
  { file: 'to be, or not to be: ä€😀 '.repeat(9), spec: { type: 'text', file: 'file', sequenceLength: 5 } },
];

/** Content that can break readers: quotes, line ends, marks, invalid numbers, bytes that are not text. */
const pieces = [
  ...[
    '"',
    '""',
    '\n',
    '\r',
    '\r\n',
    '\0',
    ',',
    ';',
    '\t',
    '#',
    'sep=;\n',
    '\ufeff',
    'NaN',
    'Infinity',
    '1e999',
    '-0',
    '1,5',
  ],
  ...[
    '1.234,5',
    '[',
    ']',
    '{',
    '}',
    '[[',
    'null',
    '"__proto__"',
    '1e-400',
    '9007199254740993',
    '\u{1f600}',
    ' ',
    '0x10',
  ],
  'x'.repeat(3000),
  '1,'.repeat(2000),
].map((text) => Buffer.from(text));
const rawPieces = [
  [0xff],
  [0xfe, 0xff],
  [0xff, 0xfe],
  [0x1f, 0x8b],
  [0xc3],
  [0, 0, 8, 3],
  [0x7f, 0xc0, 0, 0],
  [255, 255, 255, 255],
].map((bytes) => Buffer.from(bytes));

const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.oneof(fc.constant(0), fc.nat(6), fc.nat(400)),
  put: fc.oneof(
    fc.constantFrom(...pieces, ...rawPieces),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
  ),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

const mutate = (file: Buffer, mutations: readonly Mutation[]): Buffer =>
  mutations.reduce((content, { at, cut, put }) => {
    const place = Math.floor(at * content.length);
    return Buffer.concat([content.subarray(0, place), put, content.subarray(place + cut)]);
  }, file);

describe('a data file with damage', () => {
  it(
    'becomes samples that are finite, or a ProblemError',
    () =>
      fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...formats),
          fc.array(mutation, { minLength: 1, maxLength: 4 }),
          fc.constantFrom('plain', 'packed', 'damaged while packed'),
          async ({ file, spec }, mutations, packing) => {
            const sound = Buffer.from(file as Buffer);
            const content =
              packing === 'damaged while packed'
                ? mutate(gzipSync(sound), mutations)
                : packing === 'packed'
                  ? gzipSync(mutate(sound, mutations))
                  : mutate(sound, mutations);
            const files = { file: content, 'labels.idx': idx([3], 8, 3) };
            const data = await open(files, spec, 1, { memoryLimit: 2 ** 22 }).catch((error: unknown) => {
              expect(error).toBeInstanceOf(ProblemError);
              expect((error as ProblemError).message.length).toBeLessThan(2000);
            });
            if (!data) return;
            const { inputs, targets } = take(data, data.train, ...all(data.train).slice(0, 3));
            expect(inputs.every(Number.isFinite) && targets.every(Number.isFinite)).toBe(true);
          },
        ),
        { numRuns: runs(400), seed },
      ),
    patience,
  );
});

const options: RowOptions = {
  delimiter: '',
  commaIsDecimal: false,
  mergesDelimiters: false,
  memoryLimit: 2 ** 26,
  numbersPerCell: 12,
  numbersPerRow: 0,
};

function rowsOf(content: Buffer, cuts: readonly number[]): unknown {
  const reader = new RowReader('t', 'file', options);
  const text = new TextReader('t', 'file');
  try {
    let from = 0;
    for (const to of [...[...cuts].sort((a, b) => a - b), content.length]) {
      if (to > from) reader.add(text.read(content.subarray(from, to)));
      from = Math.max(from, to);
    }
    text.end();
    const cells = reader.finish();
    const rows = Array.from({ length: cells.length }, (_, row) =>
      Array.from({ length: cells.width(row) }, (_, column) => cells.text(row, column)),
    );
    return { rows, delimiter: reader.delimiter };
  } catch (error) {
    return error instanceof ProblemError ? error.message : error;
  }
}

describe('a table', () => {
  const words = fc.constantFrom(
    '1',
    '2.5',
    'ä',
    '😀',
    '"',
    '""',
    ',',
    ';',
    '\n',
    '\r\n',
    '\r',
    ' ',
    '#',
    'sep=;\n',
  );
  it('is the same table in whatever pieces it is read', () =>
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 2, maxLength: 60 }),
        fc.array(fc.nat(80), { maxLength: 6 }),
        (text, cuts) => {
          const content = Buffer.from(text.join(''));
          // A byte order mark is looked for in the first two bytes.
          const inside = cuts.filter((cut) => cut >= 2 && cut < content.length);
          expect(rowsOf(content, inside)).toEqual(rowsOf(content, []));
        },
      ),
      { numRuns: runs(400), seed },
    ));

  it('is the same table when it is longer than the sample that shows its delimiter', () => {
    const content = Buffer.from(lines(20_000, (i) => `${i};"a\n${i}";2`));
    const cuts = Array.from({ length: 20 }, (_, i) => 2 + i * 17_011);
    const whole = rowsOf(content, []) as { rows: string[][] };
    expect(whole.rows).toHaveLength(20_000);
    expect(whole.rows[19_999]).toEqual(['19999', 'a\n19999', '2']);
    expect(rowsOf(content, cuts)).toEqual(whole);
  });

  it('that needs too much memory is counted to the end, and the message names the required memory', async () => {
    const files = { 'big.csv': lines(100_000, (i) => `${i},${i % 7},1`) };
    const spec = { type: 'csv', file: 'big.csv' };
    const refusal = await open(files, spec, 1, { memoryLimit: 2 ** 20 }).catch(
      (error: ProblemError) => error,
    );
    expect(refusal).toMatchObject({ code: 'data/memory', place: ['training', 'data', 'file'] });
    const needed = Number(/needs ([\d.]+) MiB/.exec((refusal as ProblemError).message)?.[1]);
    expect((await open(files, spec, 1, { memoryLimit: (needed + 0.1) * 2 ** 20 })).train.size).toBe(80_000);
  });

  it('whose quote is never closed is refused at a bounded length', () =>
    refuses(
      { 'quote.csv': `1,2\n"${'3,4\n'.repeat(5_000_000)}` },
      { type: 'csv', file: 'quote.csv' },
      'data/quotes',
      'row 2',
    ));

  it('that has a row without an end is refused at a bounded length, and no quote is blamed that it does not have', () =>
    refuses(
      { 'long.csv': `1,2\n3,${'4'.repeat(20_000_000)}` },
      { type: 'csv', file: 'long.csv' },
      'data/format',
      'row 2 has more than',
    ));

  it('that has a row without an end, and a quote within a cell, is not blamed for the quote', () =>
    refuses(
      { 'inch.csv': `1,2\n3,5" ${'4'.repeat(20_000_000)}` },
      { type: 'csv', file: 'inch.csv' },
      'data/format',
      'row 2 has more than',
    ));
});

describe('a packed file', () => {
  it.each(['csv', 'series', 'text', 'sequences'])(
    'that unpacks to far more than data does is refused before it is unpacked, as %s',
    async (type) => {
      const bomb = gzipSync(Buffer.alloc(100 * 2 ** 20, `${'x'.repeat(400)},1\n`));
      await refuses(
        { 'bomb.gz': bomb },
        { type, file: 'bomb.gz' },
        'data/gzip',
        'more than 100 times its size',
      );
    },
  );

  it('may be much smaller than its content', async () => {
    const packed = gzipSync(Buffer.from('1\n2\n'.repeat(2 ** 18)));
    const data = await open({ 'small.gz': packed }, { type: 'series', file: 'small.gz', window: 2 });
    expect(data.train.size).toBeGreaterThan(400_000);
  });
});

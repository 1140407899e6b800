/** What the beginning of data files shows of their input: the same as all of the data, or nothing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { writtenData } from '../../engine/data/written.ts';
import { diagnose } from '../../engine/diagnose/check.ts';
import { completionsAt } from '../../engine/language/completion.ts';
import { firstInput } from '../../engine/language/firstInput.ts';
import { NetworkText } from '../../engine/language/networkText.ts';
import { mostAxes } from '../../engine/layers/define.ts';
import { type Files, folder, open, type Spec } from './dataFiles.ts';
import { idxFile, idxSpec, images, labels } from './idxFiles.ts';

const firstOf = (spec: Spec) => firstInput(writtenData({ data: spec })!, folder);

const table = `age,city,income,risk\n${'30,Rome,1.5,low\n31,Bonn,2.5,high\n'.repeat(9)}`;

const cases: readonly (readonly [what: string, files: Files, spec: Spec])[] = [
  [
    'a table without its target and what is left out',
    { 'first.csv': table },
    { type: 'csv', file: 'first.csv', exclude: ['city'] },
  ],
  [
    'a table whose columns are an image',
    { 'pixels.csv': '1,2,3,4,0\n5,6,7,8,1\n' },
    { type: 'csv', file: 'pixels.csv', shape: [2, 2, 1] },
  ],
  [
    'a packed table that is longer than its beginning',
    { 'long.csv.gz': gzipSync(`x;y;z\n${'1,5;2,5;3\n'.repeat(50_000)}`) },
    { type: 'csv', file: 'long.csv.gz' },
  ],
  ['images', { images: gzipSync(images), labels }, idxSpec],
  [
    'a table of a single row, which is the whole file',
    { 'single.csv': '1,2,3' },
    { type: 'csv', file: 'single.csv', testFraction: 0 },
  ],
  [
    'a long table in UTF-16 with a comment in its first line',
    { 'wide.txt': Buffer.from(`\ufeff# Ω\nx;y;z\n${'1,5;2,5;3\n'.repeat(9_000)}`, 'utf16le') },
    { type: 'csv', file: 'wide.txt' },
  ],
];

const declared: readonly (readonly [what: string, files: Files, spec: Spec])[] = [
  [
    'a series',
    { 'series.csv': 'v\n1\n2\n3\n4\n5\n6\n7\n8\n' },
    { type: 'series', file: 'series.csv', window: 3 },
  ],
  [
    'a text',
    { 'first.txt': 'abcabcabcabcabcabcabc' },
    { type: 'text', file: 'first.txt', sequenceLength: 4, testFraction: 0 },
  ],
];

describe('the input of data in files', () => {
  it.each(cases)('is known from the beginning for %s', async (_, files, spec) => {
    const { inputs } = await open(files, spec);
    const [{ name, shape }] = inputs;
    expect((await firstOf(spec)).input).toEqual({ name, shape });
  });

  it.each(declared)(
    'is known without a file for windows of %s, also to whoever only checks a text',
    async (_, files, spec) => {
      const { inputs } = await open(files, spec);
      const [{ name, shape }] = inputs;
      const text = JSON.stringify({ layers: {}, training: { data: spec } });
      expect(diagnose(text).input).toEqual({ name, shape });
      const wrong = network([28, 28, 1]).replace(/"data": \{.*?\}/, `"data": ${JSON.stringify(spec)}`);
      expect(diagnose(wrong).misfits.map(({ code }) => code)).toEqual(['data/shape']);
    },
  );

  it('is not known while a column is empty in all rows of the beginning, which a later row fills', async () => {
    const rows = `${'1,2,3,\n'.repeat(11_000)}${'1,2,3,4\n'.repeat(9)}`;
    for (const header of ['a,b,c,', 'a,b,c']) {
      const spec = { type: 'csv', file: 'late.csv', target: 'a' };
      const { inputs } = await open({ 'late.csv': `${header}\n${rows}` }, { ...spec, missing: [''] });
      expect(inputs[0].shape, header).toEqual([3]);
      expect((await firstOf(spec)).input, header).toBeUndefined();
    }
    const short = { 'short.csv': `a,b,c\n${'1.5,2.5,3.5,\n'.repeat(9)}` };
    const { inputs } = await open(short, { type: 'csv', file: 'short.csv' });
    expect((await firstOf({ type: 'csv', file: 'short.csv' })).input?.shape).toEqual(inputs[0].shape);
  });

  it('is not known for a header of images that no input layer can read', async () => {
    for (const shape of [
      [5],
      [5, 0, 3],
      [5, 4_000_000_000, 3],
      [5, ...Array.from({ length: mostAxes + 1 }, () => 1)],
      Array.from({ length: 255 }, () => 2),
    ]) {
      writeFileSync(join(folder, 'odd-images'), idxFile(shape, []));
      expect((await firstOf({ ...idxSpec, images: 'odd-images' })).input, `${shape}`).toBeUndefined();
    }
    writeFileSync(
      join(folder, 'deep-images'),
      idxFile(
        Array.from({ length: mostAxes + 1 }, () => 1),
        [0],
      ),
    );
    expect((await firstOf({ ...idxSpec, images: 'deep-images' })).input?.shape.length).toBe(mostAxes);
  });

  it('is not known where a column has another name, where the file is missing, or for a row that is longer than the beginning', async () => {
    writeFileSync(join(folder, 'wide.csv'), `${'12345,'.repeat(20_000)}1\n${'12345,'.repeat(20_000)}0\n`);
    for (const spec of [
      { type: 'csv', file: 'first.csv', target: 'rsk' },
      { type: 'csv', file: 'absent.csv' },
      { type: 'csv', file: 'wide.csv' },
      { type: 'sequences', file: 'first.csv' },
    ])
      expect((await firstOf(spec)).input, JSON.stringify(spec)).toBeUndefined();
  });

  it('names the files to be watched, also one that is not there yet, and none on another machine', async () => {
    expect((await firstOf({ type: 'csv', file: 'absent.csv' })).files).toEqual({ file: 'absent.csv' });
    expect((await firstOf({ type: 'csv', file: '//host/share.csv' })).files).toEqual({});
  });
});

const network = (shape: readonly number[]) => `{
  "layers": { "in": { "type": "input", "shape": ${JSON.stringify(shape)} }, "out": { "type": "dense", "from": "in", "units": 1 } },
  "training": { "data": { "type": "csv", "file": "first.csv" }, "loss": { "type": "meanSquaredError", "from": "out" }, "optimizer": "adam" }
}`;
const inputOf = () => ({ name: 'features', shape: [3] });

describe('a network for data in files', () => {
  it('has an error with a fix if its input has another shape, and may still be trained: files change', () => {
    const { diagnostics, trainable } = diagnose(network([28, 28, 1]), { inputOf });
    const [error] = diagnostics.filter(({ severity }) => severity === 'error');
    expect([error.code, error.layer, error.path.join('.'), error.fix?.title]).toEqual([
      'data/shape',
      'in',
      'layers.in.shape',
      'Set "shape" of in to [3]',
    ]);
    expect(trainable).toBe(true);
    expect(diagnose(network([3]), { inputOf }).misfits).toEqual([]);
  });

  it('knows its input while its training section is not complete', () => {
    const text = '{ "layers": {}, "training": { "data": { "type": "csv", "file": "first.csv" } } }';
    expect(diagnose(text, { inputOf }).input).toEqual(inputOf());
    const generated = '{ "layers": {}, "training": { "data": "points" } }';
    expect(diagnose(generated).input?.shape).toEqual([2]);
  });

  it('completes a new input with the shape of the data', () => {
    const text = '{ "layers": {  } }';
    const inserted = (shape?: readonly number[]) =>
      completionsAt(new NetworkText(text, diagnose(text), shape), 14).find(({ label }) => label === 'input')
        ?.insert;
    expect(inserted([4])).toMatch(/"shape": \$\{2:\[4\]\}/);
    expect(inserted()).toContain('[28, 28, 1]');
  });
});

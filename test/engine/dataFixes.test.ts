/** Mistakes that are found in data, and that an edit of the network removes: their fix and their place. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../engine/schema/attributes.ts';
import { ProblemError } from '../../engine/schema/problem.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { openData } from '../../engine/train/open.ts';
import { all, folder, take } from './dataFiles.ts';

const patients = [
  'age,city,smokes,risk',
  ...Array.from({ length: 12 }, (_, row) => `${30 + row},Oslo,${row % 2},${['low', 'high'][row % 2]}`),
];
const lines = (changed: { readonly [row: number]: string } = {}) =>
  patients.map((line, index) => changed[index + 1] ?? line).join('\n');

const network = (data: { readonly [name: string]: Json }) =>
  JSON.stringify({
    layers: { in: { type: 'input', shape: [2] }, out: { type: 'dense', from: 'in', units: 2 } },
    training: {
      data: { type: 'csv', file: 'patients.csv', ...data },
      loss: { type: 'softmaxCrossEntropy', from: 'out' },
      optimizer: 'adam',
    },
  });

async function mistake(table: string, text: string): Promise<ProblemError<SpecEdit>> {
  writeFileSync(join(folder, 'patients.csv'), table);
  const thrown = await openData(text, { folder }).catch((error: unknown) => error);
  if (thrown instanceof ProblemError) return thrown;
  throw new Error('the data can be read');
}

function fixed(text: string, { fix }: ProblemError<SpecEdit>): string {
  if (!fix) throw new Error('no fix');
  const outcome = applyEdit(text, fix.edit);
  if ('problem' in outcome) throw new Error(outcome.problem);
  return applyChanges(text, outcome.changes);
}

const dataOf = (text: string) => JSON.parse(text).training.data;

describe('a mistake in data that an edit of the network removes has this edit', () => {
  it.each([
    ['a column of text', lines(), {}, 'Add "city" to "exclude"', { exclude: ['city'] }, 'file'],
    [
      'a second column of text',
      lines().replaceAll(/,([01]),/g, ',x$1,'),
      { exclude: ['city'] },
      'Add "smokes" to "exclude"',
      { exclude: ['city', 'smokes'] },
      'file',
    ],
    [
      'an empty cell',
      lines({ 5: ',Oslo,1,low' }),
      { exclude: ['city'] },
      'Add "" to "missing"',
      { missing: [''] },
      'file',
    ],
    [
      'a mistyped target',
      lines(),
      { exclude: ['city'], target: 'rsk' },
      'Change "rsk" to "risk"',
      { target: 'risk' },
      'target',
    ],
    [
      'a mistyped column to leave out',
      lines(),
      { exclude: ['smokes', 'cty'] },
      'Change "cty" to "city"',
      { exclude: ['smokes', 'city'] },
      'exclude',
    ],
    [
      'a shape of another size',
      lines(),
      { exclude: ['city'], shape: [3, 1] },
      'Set "shape" to [2]',
      { shape: [2] },
      'shape',
    ],
  ])('%s', async (_, table, data, title, changed, place) => {
    const text = network(data);
    const error = await mistake(table, text);
    expect([error.fix?.title, error.place]).toEqual([title, ['training', 'data', place]]);
    expect(dataOf(fixed(text, error))).toEqual({ ...dataOf(text), ...changed });
  });

  it('a file that is there without ".gz"', async () => {
    const text = network({ file: 'patients.csv.gz', exclude: ['city'] });
    const error = await mistake(lines(), text);
    expect(dataOf(fixed(text, error)).file).toBe('patients.csv');
    await expect(openData(fixed(text, error), { folder })).resolves.toBeDefined();
  });
});

describe('the place of a mistake that has no fix is the attribute that is wrong', () => {
  it.each([
    ['a target that is left out', { exclude: ['risk'], target: 'risk' }, 'target'],
    ['no feature left', { exclude: ['age', 'city', 'smokes'] }, 'exclude'],
  ])('%s', async (_, data, place) => {
    const error = await mistake(lines(), network(data));
    expect([error.fix, error.place]).toEqual([undefined, ['training', 'data', place]]);
  });
});

it('a mistake in a row names the file and the row, to be shown there', async () => {
  for (const row of ['41,Oslo,1,low,extra', 'forty,Oslo,1,low', '"41,Oslo,1,low']) {
    const error = await mistake(lines({ 9: row }), network({ exclude: ['city'] }));
    expect(error).toMatchObject({ details: { row: { file: 'patients.csv', number: 9 } } });
  }
});

it('a column of yes and no is read as 1 and 0, also below a name that reads like an answer', async () => {
  const rows = lines().replaceAll(/,([01]),/g, (_, flag) => (flag === '1' ? ',Yes,' : ',no,'));
  for (const name of ['smokes', 'no']) {
    writeFileSync(join(folder, 'patients.csv'), rows.replace('smokes', name));
    const text = network({ exclude: ['city'], normalize: 'none', testFraction: 0 });
    const { dataset } = await openData(text, { folder });
    const { inputs } = take(dataset, dataset.train, ...all(dataset.train));
    expect(inputs.filter((_, index) => index % 2 === 1).toSorted()).toEqual([
      0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1,
    ]);
    expect(dataset.inputs[0].columns).toEqual(['age', name]);
  }
});

describe('in a column of yes and no', () => {
  const answers = (changed: { readonly [row: number]: string } = {}) =>
    lines()
      .replaceAll(/,([01]),/g, (_, flag) => (flag === '1' ? ',yes,' : ',no,'))
      .split('\n')
      .map((line, index) => changed[index + 1] ?? line)
      .join('\n');

  it.each(['', 'NA', '?'])(
    '"%s" is the mistake, wherever it is, and may stand for a missing value',
    async (cell) => {
      const text = network({ exclude: ['city'] });
      const error = await mistake(answers({ 6: `34,Oslo,${cell},low` }), text);
      expect(error.message).toContain('row 6, "smokes"');
      expect(error).toMatchObject({ details: { row: { number: 6 } } });
      expect(dataOf(fixed(text, error)).missing).toEqual([cell]);
      await expect(openData(fixed(text, error), { folder })).resolves.toBeDefined();
    },
  );

  it.each([
    ['smokes,drinks,risk', 'yes,no,yes'],
    ['smokes,kind', 'yes,cat'],
  ])('under %s, which was read as data, the first row may hold the names', async (names, row) => {
    const text = network({});
    const rows = Array.from({ length: 12 }, (_, index) =>
      index % 3 === 0
        ? row
        : row.replaceAll('yes', 'maybe').replaceAll('no', 'yes').replaceAll('maybe', 'no'),
    );
    const error = await mistake([names, ...rows].join('\n'), text);
    expect(error.message).toContain('set "header" to "yes"');
    expect(dataOf(fixed(text, error)).header).toBe('yes');
    await expect(openData(fixed(text, error), { folder })).resolves.toBeDefined();
  });
});

it('a text target that is read as a value is not said to be left out with "exclude"', async () => {
  const { message, fix } = await mistake(lines(), network({ exclude: ['city'], task: 'regression' }));
  expect(message).toContain('Name another column');
  expect(fix).toBeUndefined();
});

it('a column without a name, or with that of another one, is not suggested', async () => {
  const table = `,a,a,label\n${Array.from({ length: 12 }, (_, row) => `${row},1,2,${['low', 'high'][row % 2]}`).join('\n')}`;
  const found = await mistake(table, network({ target: 'x' }));
  expect(found.message).not.toContain('Did you mean');
});

it('a row after a cell with a line break has no line of its own', async () => {
  const broken = lines({ 3: '31,"Os\nlo",1,low', 5: ',Oslo,1,low' });
  const found = await mistake(broken, network({ exclude: ['city'] }));
  expect(found).toMatchObject({ message: expect.stringContaining('row 5') });
  expect(found).not.toHaveProperty('details.row.number');
  const whole = await mistake(lines({ 5: ',Oslo,1,low' }), network({ exclude: ['city'] }));
  expect(whole).toHaveProperty('details.row.number', 5);
});

/** Tables as people have them: with currencies, dates, identifiers and years. None is misread without a message. */
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../engine/data/define.ts';
import { open, refuses } from './dataFiles.ts';

const plain = { type: 'csv', file: 'data.csv', normalize: 'none', testFraction: 0 } as const;
const read = (content: string, attributes = {}) => open({ 'data.csv': content }, { ...plain, ...attributes });
const refused = (content: string, code: string, parts: readonly string[]) =>
  refuses({ 'data.csv': content }, plain, code, ...parts);
const reported = ({ warnings = [] }: Dataset) =>
  warnings.map(({ code, message }) => `${code}: ${message}`).join('\n');

describe('a table as people have it', () => {
  const lines = (head: string, row: (i: number) => string) =>
    `${head}\n${Array.from({ length: 40 }, (_, i) => row(i)).join('\n')}\n`;

  it.each([
    [
      'thousands with apostrophes',
      (i: number) => `${i};${i + 1}'${100 + i}`,
      'a number with thousands separators',
    ],
    [
      'thousands with spaces',
      (i: number) => `${i};${i + 1} ${100 + i}`,
      'a number with thousands separators',
    ],
    ['a currency', (i: number) => `${i};$${i}.50`, '39 other strings in 40 rows, too many for classes'],
    ['a unit', (i: number) => `${i};${i} kg`, 'Write values to predict as plain numbers'],
    ['dates', (i: number) => `${i};2024-01-${10 + (i % 25)}`, 'set "task" to "classification"'],
  ])('whose target contains %s is refused, and not read as classes', (_, row, part) =>
    refused(lines('sqft;price', row), 'data/labels', ['row 2, "price"', part]),
  );
  it('may have many classes if they recur, or if the task requires it', async () => {
    expect(await read(lines('a,b', (i) => `${i},c${i % 20}`))).toMatchObject({ targets: [{ classes: 20 }] });
    const task = { task: 'classification' };
    expect(
      await read(
        lines('a,b', (i) => `${i},c${i}`),
        task,
      ),
    ).toMatchObject({ targets: [{ classes: 40 }] });
  });
  it('with a column of texts is refused, with advice for the whole column', () =>
    refused(
      lines('a,colour,y', (i) => `${i},${i % 2 ? 'red' : 'blue'},0.${i}`),
      'data/number',
      ['the whole column contains text such as "blue"', '"exclude": ["colour"]'],
    ));
  it('whose names are not recognized mentions "header"', () =>
    refused(
      lines('country,2019,2020', (i) => `C${i},0.${i},0.${i}`),
      'data/number',
      ['row 1, "column 1"', 'set "header" to "yes"'],
    ));
  it('whose first row counts up, as years do, is reported, unless the next row counts up, too', async () => {
    const years = lines('2019,2020,2021', (i) => `${2500 - i * 7},${1900 + i * 11},${(i * 37) % 3000}`);
    expect(reported(await read(years))).toMatch(/^data\/header: .*"2019", "2020", "2021"/);
    const windows = lines('19,20,21', (i) => `${20 + i},${21 + i},${22 + i}`);
    expect(reported(await read(windows))).toBe('');
  });
  it('with numbers of more digits than float64 can keep is reported', async () => {
    const identifiers = lines('id,y', (i) => `${90071992547409930n + BigInt(3 * i)},0.${i}`);
    expect(reported(await read(identifiers))).toMatch(
      /row 2, "id": 90071992547409930 .* read as 90071992547409936/,
    );
    expect(reported(await read(lines('t,y', (i) => `${1700000000000 + i},0.${i}`)))).toBe('');
  });
  it('in UTF-16 without its mark, or in a workbook, is refused', async () => {
    const text = lines('a,y', (i) => `${i},0.${i}`);
    const bytes = (content: Uint8Array) =>
      refuses({ 'data.csv': content }, plain, 'data/encoding', 'data.csv is');
    await bytes(Buffer.from(text, 'utf16le'));
    await bytes(Buffer.from('PK\u0003\u0004 sheet'));
  });
});

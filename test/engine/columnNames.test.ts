/** Names of columns that completion and the inspector offer. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnNames } from '../../engine/language/columnNames.ts';
import { tableAt } from '../../engine/language/links.ts';

import { folder } from './dataFiles.ts';
import { networkOf } from './languageSupport.ts';

async function columnsOf(name: string, content: string | Uint8Array, written = {}) {
  writeFileSync(join(folder, name), content);
  return columnNames(folder, name, written);
}

describe('the columns of a table', () => {
  it('have the names in its header', async () =>
    expect(await columnsOf('named.csv', 'age;risk\n30,5;low\n31,5;high\n')).toEqual(['age', 'risk']));
  it('have no names without a header', async () =>
    expect(await columnsOf('bare.csv', '1,2\n3,4\n')).toEqual([]));
  it('are those of a header that the data declares, and none if it declares that there is no header', async () => {
    const texts = 'colour,size\nred,large\nblue,small\n';
    expect(await columnsOf('texts.csv', texts)).toEqual([]);
    expect(await columnsOf('texts.csv', texts, { header: 'yes' })).toEqual(['colour', 'size']);
    expect(await columnsOf('named.csv', 'age;risk\n30,5;low\n', { header: 'no' })).toEqual([]);
  });
  it('are divided by the delimiter that the data declares', async () => {
    const text = 'a;b,c;d\n1;2,3;4\n5;6,7;8\n';
    expect(await columnsOf('both.csv', text, { delimiter: 'comma', header: 'yes' })).toEqual(['a;b', 'c;d']);
    expect(await columnsOf('both.csv', text, { delimiter: 'semicolon' })).toEqual(['a', 'b,c', 'd']);
  });
  it('are detected where the data says something that is not valid', async () =>
    expect(
      await columnsOf('named.csv', 'age;risk\n30,5;low\n31,5;high\n', { header: 'perhaps', delimiter: 7 }),
    ).toEqual(['age', 'risk']));
  it('are read from the beginning of the file', async () =>
    expect(await columnsOf('long.csv', `x,y\n${'1.5,2.5\n'.repeat(50_000)}1,2,3\n`)).toEqual(['x', 'y']));
  it('are read from a small file whose last row has no end', async () => {
    const text = 'x,y,note\n1,2,a\n3,4,b\n5,6,c\n7,8,"two\nlines"';
    expect(await columnsOf('open.csv', text)).toEqual(['x', 'y', 'note']);
    const utf16 = Buffer.from('\ufeffx,y\r\n1,2\r\n3,4\r\n5,6\r\n', 'utf16le');
    expect(await columnsOf('utf16.csv', utf16)).toEqual(['x', 'y']);
  });
  it('are read from a beginning that ends in a character or in a quoted line break', async () => {
    const text = `x,y,note\n${'1,2,"né\nne"\n'.repeat(5_000)}`;
    for (let shift = 0; shift < 13; shift++)
      expect(await columnsOf('cut.csv', `${'#'.repeat(shift)}\n${text}`)).toEqual(['x', 'y', 'note']);
    const swapped = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    expect(await columnsOf('cut16.csv', swapped)).toEqual(['x', 'y', 'note']);
  });
  it('are none in a file that is not there, or no table', async () => {
    expect(await columnNames(folder, 'absent.csv')).toEqual([]);
    expect(await columnsOf('ragged.csv', 'x,y\n1,2\n3,4,5\n')).toEqual([]);
  });
});

describe('a name of a column', () => {
  const text = `{ "training": { "data": { "type": "csv", "file": "a.csv", "target": "ri", "exclude": ["ci"], "task": "auto" } } }`;
  const at = (word: string) => {
    const found = tableAt(networkOf(text), text.indexOf(word) + 1);
    return found && [found.path, text.slice(found.range.start, found.range.end)];
  };

  it('belongs to the table that the data names', () => {
    expect(at('"ri"')).toEqual(['a.csv', '"ri"']);
    expect(at('"ci"')).toEqual(['a.csv', '"ci"']);
  });
  it('is read as the data says that the table is written', () => {
    const declared = text.replace('"task": "auto"', '"header": "yes", "delimiter": "tab"');
    expect(tableAt(networkOf(declared), declared.indexOf('"ri"') + 1)?.written).toEqual({
      header: 'yes',
      delimiter: 'tab',
      decimal: undefined,
    });
  });
  it('is not written at other attributes', () => expect(at('"auto"')).toBeUndefined());
});

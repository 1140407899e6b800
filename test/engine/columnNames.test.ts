/** Names of columns that completion and the inspector offer. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnNames } from '../../engine/language/columnNames.ts';
import { tableAt } from '../../engine/language/links.ts';

import { folder } from './dataFiles.ts';
import { networkOf } from './languageSupport.ts';

async function columnsOf(name: string, content: string) {
  writeFileSync(join(folder, name), content);
  return columnNames(folder, name);
}

describe('the columns of a table', () => {
  it('have the names in its header', async () =>
    expect(await columnsOf('named.csv', 'age;risk\n30,5;low\n31,5;high\n')).toEqual(['age', 'risk']));
  it('have no names without a header', async () =>
    expect(await columnsOf('bare.csv', '1,2\n3,4\n')).toEqual([]));
  it('are read from the beginning of the file', async () =>
    expect(await columnsOf('long.csv', `x,y\n${'1.5,2.5\n'.repeat(50_000)}1,2,3\n`)).toEqual(['x', 'y']));
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
  it('is not written at other attributes', () => expect(at('"auto"')).toBeUndefined());
});

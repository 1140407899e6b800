/** What package.json says of commands is what their table says. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { commandNames } from '../../engine/protocol/commands.ts';
import { graphActionNames } from '../../engine/protocol/graphActions.ts';
import { manifestText } from '../../extension/scripts/contributions.mjs';

const read = (file: string): string => readFileSync(path.join(import.meta.dirname, '../..', file), 'utf8');

test('package.json has the commands, menus and keys of the table', async () => {
  expect(read('package.json'), 'package.json is older than the table. Run `npm run contributions`.').toBe(
    await manifestText(),
  );
});

test('every command has a title for translators, and every title a command', () => {
  const titles = Object.keys(JSON.parse(read('package.nls.json'))).filter((key) =>
    key.startsWith('command.'),
  );
  expect(titles.sort()).toEqual(
    [...commandNames, ...graphActionNames].map((name) => `command.${name}`).sort(),
  );
});

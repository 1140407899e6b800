/** The commands and settings in package.json are those of their tables. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { commandNames } from '../../engine/protocol/commands.ts';
import { graphActionNames } from '../../engine/protocol/graphActions.ts';
import { settings } from '../../engine/protocol/settings.ts';
import { badgeKeys, badgeTitle } from '../../engine/stats/format.ts';
import { manifestText } from '../../extension/scripts/contributions.mjs';

const read = (file: string): string => readFileSync(path.join(import.meta.dirname, '../..', file), 'utf8');

test('package.json has the commands, menus, keys and settings of the tables', async () => {
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

/** VS Code lists the matches by name, and a person who types the name of a command presses Enter at once. */
test('typing the name of a command offers it before all others', () => {
  const { contributes } = JSON.parse(read('package.json'));
  const hidden = new Set(
    contributes.menus.commandPalette.flatMap((entry: { command: string; when: string }) =>
      entry.when === 'false' ? [entry.command] : [],
    ),
  );
  const texts = JSON.parse(read('package.nls.json'));
  const titles: string[] = contributes.commands.flatMap((one: { command: string; title: string }) =>
    hidden.has(one.command) ? [] : [texts[one.title.slice(1, -1)]],
  );
  const before = titles.flatMap((title) =>
    titles
      .filter(
        (other) => other !== title && other.toLowerCase().includes(title.toLowerCase()) && other < title,
      )
      .map((other) => `${other} before ${title}`),
  );
  expect(before).toEqual([]);
});

test('every setting has a text for translators, and every text a setting', () => {
  const texts = Object.keys(JSON.parse(read('package.nls.json'))).filter((key) =>
    key.startsWith('configuration.'),
  );
  const expected = Object.entries(settings).flatMap(([name, setting]) => [
    name,
    ...('explained' in setting ? setting.choices.map((choice) => `${name}.${choice}`) : []),
    ...(name === 'statistics.shown' ? badgeKeys.map((key) => `${name}.${key}`) : []),
    setting.section,
  ]);
  expect(texts.sort()).toEqual([...new Set(expected)].map((name) => `configuration.${name}`).sort());
});

test('the setting of shown statistics names each by its sign on cards and lines', () => {
  const texts = JSON.parse(read('package.nls.json'));
  for (const key of badgeKeys)
    expect(texts[`configuration.statistics.shown.${key}`], key).toBe(badgeTitle(key));
});

/** Otherwise its boxes are empty although what they stand for is on, and a person cannot turn it off there. */
test('the settings editor shows what is on in a setting with several boxes', () => {
  const sections: { properties: object }[] = JSON.parse(read('package.json')).contributes.configuration;
  const boxes = sections
    .flatMap(({ properties }) => Object.entries(properties))
    .filter(([, { properties = {} }]) => {
      const types = Object.values<{ type: string }>(properties).map(({ type }) => type);
      return types.length > 0 && types.every((type) => type === 'boolean');
    });
  expect(boxes.map(([name]) => name)).toContain('netloom.statistics.shown');
  for (const [name, { properties, default: preset }] of boxes)
    expect(preset, name).toEqual(
      Object.fromEntries(
        Object.entries<{ default: boolean }>(properties).map(([key, one]) => [key, one.default]),
      ),
    );
});

/** On that page, colours of extensions are undefined and become black. */
test('pictures of the walkthrough use only colours of VS Code', () => {
  const folder = 'extension/media/walkthrough';
  for (const file of readdirSync(path.join(import.meta.dirname, '../..', folder)))
    expect(read(`${folder}/${file}`), file).not.toMatch(/--vscode-netloom/);
});

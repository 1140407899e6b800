/** Settings of any type are read as something that works. */
import { expect, test } from 'vitest';
import { type SettingName, settingNames, settings, settingValue } from '../../engine/protocol/settings.ts';
import { count } from '../../engine/schema/reader.ts';

const anything = [undefined, null, 'many', '4', true, 0, -3, 1.5, 2048.1, 1e300, Number.NaN, [], {}];

const scalars = settingNames.filter((name) => typeof settings[name].default !== 'object');

test.each(scalars)('%s has a value of its own type, whatever a settings file says', (name) => {
  for (const given of anything) {
    const value = settingValue(name, given);
    expect(typeof value).toBe(typeof settings[name].default);
    // As a job of the engine has it: anything else is refused by an exception.
    if (typeof value === 'number') count(value * (name === 'training.memoryLimit' ? 2 ** 20 : 1));
    if ('choices' in settings[name]) expect(settings[name].choices).toContain(value);
  }
});

test.each([
  ['training.threads', 1.5, 1],
  ['training.threads', 1000, 64],
  ['training.threads', 'many', 0],
  ['training.memoryLimit', '4 GB', 2048],
  ['training.memoryLimit', 1, 64],
  ['training.memoryLimit', 4096, 4096],
  ['training.wideVectors', 'on', 'auto'],
  ['training.wideVectors', 'off', 'off'],
  ['statistics.sample', 0, 1],
  ['statistics.decorations', 'no', true],
  ['statistics.decorations', false, false],
] as const)('%s: %j counts as %j', (name: SettingName, given, value) => {
  expect(settingValue(name, given)).toBe(value);
});

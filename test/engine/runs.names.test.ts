/** Names of networks as folder names: safe on every system, readable, and never the same for two networks. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathOf, runsOf } from '../../engine/runs/layout.ts';
import { folderNameOf, networkNameOf, runIdAt, timeOfRunId } from '../../engine/runs/names.ts';

test.each(['lenet', 'LeNet-5', 'my first network', 'größe_2', '文字', 'net (1)', 'a..b', 'v1.2', 'हिन्दी'])(
  '%s stays what it is',
  (name) => {
    expect(folderNameOf(name.normalize('NFC'))).toBe(name.normalize('NFC'));
  },
);

const hostile = [
  ...['', '.', '..', '...', '.hidden', ' ', 'trailing.', 'trailing ', ' leading', '~', 'a~b', '-rf'],
  ...['CON', 'nul', 'con.txt', 'Aux .x', 'COM1', 'lpt9.log', 'com¹', 'CONIN$', 'clock$'],
  ...['a/b', '/etc/passwd', '../../x', 'a\\b', 'C:', 'C:\\x', 'file:stream', '\\\\server\\share', '%2e%2e'],
  ...[
    'a\0b',
    'a\nb',
    'a\rb',
    '\u001b[31m',
    'tab\there',
    '\u202Egnp',
    'zero\u200Bwidth',
    '\u{1F468}\u200D\u{1F469}',
  ],
  ...['é'.normalize('NFD'), '\uD800', '\uDFFF', '*', '?', '<x>', '"', '|', '$(id)', '`id`', ';', '&', "'"],
  ...['x'.repeat(101), 'x'.repeat(5000), '文'.repeat(80), '__proto__', 'constructor', 'runs'],
];

/** Expects a folder name that is valid on the file systems of all three platforms. */
function expectSafe(folder: string): void {
  expect(folder).not.toMatch(/^[.\s-]|[.\s]$/);
  expect(folder).toMatch(/^[\p{L}\p{M}\p{N} ._()+~-]+$/u);
  expect(folder).not.toMatch(
    /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/i,
  );
  expect(folder).toBe(folder.normalize('NFC'));
  expect(Buffer.byteLength(folder)).toBeLessThanOrEqual(100);
}

test.each(hostile.map((name) => [JSON.stringify(name).slice(0, 40), name]))(
  '%s becomes one folder inside of the runs',
  (_, name) => {
    const folder = folderNameOf(name);
    expectSafe(folder);
    const place = runsOf(resolve('/home/person'), `${name}.nn.json`);
    expect(dirname(pathOf(place))).toBe(resolve('/home/person/.netloom/runs'));
  },
);

test('all of these names are different folders on disk', () => {
  const names = [...hostile, ...hostile.map((name) => name.normalize('NFC')), ...hostile.map(folderNameOf)];
  const distinct = new Set(names);
  const root = mkdtempSync(join(tmpdir(), 'netloom-'));
  try {
    for (const name of distinct) mkdirSync(join(root, folderNameOf(name)));
    expect(readdirSync(root)).toHaveLength(distinct.size);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('any two names have two folders, all of them safe, and short ones can be read', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom(...hostile),
  );
  fc.assert(
    fc.property(name, name, (one, other) => {
      expectSafe(folderNameOf(one));
      if (one !== other) expect(folderNameOf(one)).not.toBe(folderNameOf(other));
    }),
    { seed: 1, numRuns: 3000 },
  );
  expect(folderNameOf('my/net')).toMatch(/^my_net~[0-9a-f]{16}$/);
});

test('two files have two names, whatever they end with', () => {
  expect(networkNameOf('lenet.nn.json')).toBe('lenet');
  expect(networkNameOf('lenet.json')).toBe('lenet.json');
  expect(networkNameOf('.nn.json')).toBe('');
  expect(networkNameOf('...nn.json')).toBe('..');
});

test('ids of runs are sorted by time and can be read back; nothing else is an id', () => {
  const times = [0, 999, 1_700_000_000_000, 1_700_000_000_001, 4e12];
  const ids = times.map(runIdAt);
  expect([...ids].sort()).toEqual(ids);
  expect(ids.map(timeOfRunId)).toEqual(times);
  for (const other of ['', '..', 'lenet', `${ids[2]}x`, `../${ids[2]}`, '2026-13-45T99-99-99.999Z'])
    expect(timeOfRunId(other)).toBeUndefined();
});

/** Broken JSON and random mutations of real networks: the analysis never throws and always says where. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { datasets } from '../../engine/data/registry.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { layers } from '../../engine/layers/registry.ts';
import { losses } from '../../engine/losses/registry.ts';
import { metrics } from '../../engine/metrics/registry.ts';
import { optimizers } from '../../engine/optimizers/registry.ts';
import { schedules } from '../../engine/schedules/registry.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import { patience, runs, seed } from '../hostile/effort.ts';
import { named, survive } from './hostileTexts.ts';

/** Texts that JSON with comments accepts, and texts that it refuses. The ideas are those of JSON test suites; the texts are our own. */
describe('JSON', () => {
  const value = (text: string) => `{ "layers": {}, "x": ${text} }`;
  const accepted = [
    ...[
      '0',
      '-0',
      '1.5',
      '-1e-7',
      '1E+2',
      '123456789012345678901234567890',
      '1e-999',
      'true',
      'false',
      'null',
    ],
    ...['""', '"a"', '"\\""', '"\\\\"', '"\\/\\b\\f\\n\\r\\t"', '"\\u0041"', '"\\ud83d\\ude00"', '"\\ud800"'],
    ...['"\u007f"', '"\u2028"', '"é😀"', '[]', '{}', '[[[]]]', '[{"a":[{}]}]', '{"":0}', '[1,]', '{"a":1,}'],
    ...['/* c */1', '// c\n1', '\t\r\n 1 \t', '{"a":{"a":{"a":0}}}', '"http://a//b/*c*/"'],
  ];
  const rejected = [
    ...[
      '',
      ',',
      '[',
      ']',
      '{',
      '[1',
      '[1}',
      '{"a"}',
      '{"a":}',
      '{"a" 1}',
      '{a:1}',
      "{'a':1}",
      '[1 2]',
      '[,1]',
    ],
    ...[
      '+1',
      '.5',
      '1.',
      '01',
      '-',
      '1e',
      '1e+',
      '0x10',
      'NaN',
      'Infinity',
      '-Infinity',
      'True',
      'nul',
      'undefined',
    ],
    ...[
      "'a'",
      '"a',
      '"\n"',
      '"\t"',
      '"\u0000"',
      '"\\x41"',
      '"\\u00g0"',
      '"\\"',
      '"\\u12"',
      '/* open',
      '#c\n1',
      '`a`',
    ],
    ...['1 // c\n 2', '{"a":1 "b":2}', '{,}', '[1,,2]', '()', '{"a":1}}', 'é', '\u00a01', '\u20031'],
  ];

  test.each(accepted)('%j is read', (text) => {
    expect(analyze(value(text)).readable).toBe(true);
    survive(value(text));
  });

  test.each(rejected)('%j is not', (text) => {
    expect(analyze(value(text)).readable).toBe(false);
    expect(survive(value(text)).length).toBeGreaterThan(0);
  });

  test('a byte order mark is read at the start only', () => {
    expect(analyze('\ufeff{ "layers": {} }').readable).toBe(true);
    expect(analyze('{ \ufeff"layers": {} }').readable).toBe(false);
  });

  test('names that reach a prototype are refused and reach none', () => {
    for (const name of ['__proto__', 'constructor', 'prototype'])
      for (const text of [
        `{ "${name}": { "polluted": 1 }, "layers": {} }`,
        named(`, "${name}": { "type": "relu", "from": "z" }`),
        named(`, "a": { "type": "dense", "units": 1, "from": "z", "${name}": { "polluted": 1 } }`),
        `{ "layers": {}, "layout": { "${name}": [0, 0] } }`,
      ]) {
        expect(survive(text).join('\n')).toMatch(/reserved/);
        expect('polluted' in {}).toBe(false);
      }
  });

  test('a name that is given twice is reported, in any object', () => {
    for (const text of [
      '{ "layers": {}, "layers": {} }',
      named(', "a": {}, "a": {}'),
      named(', "a": { "type": "relu", "from": "z", "from": "z" }'),
    ])
      expect(survive(text).join('\n')).toMatch(/occurs twice here/);
  });
});

const examples = path.resolve(import.meta.dirname, '../../examples');

const texts = readdirSync(examples, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.nn.json') && !name.includes('.netloom'))
  .sort()
  .map((name) => readFileSync(path.join(examples, name), 'utf8'));

/** Pieces on which a parser or a reader may fail. */
const pieces = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '//',
    '/*',
    '*/',
    '\n',
    '\r',
    '\u0000',
    '\ufeff',
    '\ud800',
    '\u2028',
  ],
  ...[
    'null',
    'true',
    '-1',
    '0',
    '1e999',
    '-0',
    '9007199254740993',
    '0.5',
    '""',
    '"a"',
    '{}',
    '[]',
    '__proto__',
    '"__proto__":0,',
  ],
  ...[
    '"type"',
    '"from"',
    '"shares"',
    '"layers"',
    '"training"',
    '"loss"',
    '"shape"',
    '"units"',
    '"dense"',
    '"input"',
  ],
);

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat({ max: 30 }),
  piece: fc.oneof(pieces, fc.string({ maxLength: 5 })),
  times: fc.constantFrom(1, 1, 1, 2, 50),
});

type Change = {
  readonly at: number;
  readonly remove: number;
  readonly piece: string;
  readonly times: number;
};

const mutated = (text: string, changes: readonly Change[]): string =>
  changes.reduce((now, { at, remove, piece, times }) => {
    const place = Math.floor(at * now.length);
    return now.slice(0, place) + piece.repeat(times) + now.slice(place + remove);
  }, text);

const parameters = () => ({ seed, numRuns: runs(1500) });

describe('fuzzing', () => {
  test('mutations of the examples are analysed like any text', { timeout: patience }, () => {
    const keys = Object.keys(Object.prototype).length;
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (text, changes) => {
          survive(mutated(text, changes));
        },
      ),
      parameters(),
    );
    expect(Object.keys(Object.prototype)).toHaveLength(keys);
  });

  test('values of any form instead of any other are read or refused', { timeout: patience }, () => {
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
    const number = fc.constantFrom(0, -1, 0.5, 1, 2, 3, 1e9, 2 ** 31, 2 ** 53, 1e308, -1e308);
    const any = fc.oneof(json, number, fc.array(number, { maxLength: 5 }));
    const registries = [layers, losses, optimizers, schedules, metrics, datasets];
    fc.assert(
      fc.property(
        fc.constantFrom(...registries),
        fc.nat(),
        fc.array(any, { minLength: 8, maxLength: 8 }),
        (registry, index, values) => {
          const kinds = [...registry];
          const kind = kinds[index % kinds.length];
          const names = Object.keys(kind.attributes);
          const given = Object.fromEntries(names.map((name, place) => [name, values[place % values.length]]));
          const reading = registry.read({ type: kind.type, ...given });
          if ('problems' in reading) expect(reading.problems.length).toBeGreaterThan(0);
          if (registry === layers)
            survive(named(`, "a": ${JSON.stringify({ type: kind.type, from: 'z', ...given })}`));
        },
      ),
      parameters(),
    );
  });
});

/** Any text is analysed with bounded work: it never throws, says what is wrong in bounded words, and changes nothing. */
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
import { nearest, sharingWork, Work } from '../../engine/schema/nearest.ts';
import { longestMessage, mostShown } from '../../engine/spec/problems.ts';
import { longestToken, maximumTextLength, maximumTokens } from '../../engine/spec/size.ts';
import { patience, runs, seed } from '../hostile/effort.ts';
import { harmOf, hostileNetwork, payloads } from '../hostile/payloads.ts';
import { largeTexts } from '../hostile/texts.ts';

const repeat = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join('');

const input = '"z": { "type": "input", "shape": [3] }';
const named = (layers: string): string => `{ "layers": { ${input}${layers} } }`;
const long = (length: number): string => 'q'.repeat(length);

/** Analyses within bounds, and gives the messages. */
function survive(text: string): readonly string[] {
  const { diagnostics } = analyze(text);
  expect(diagnostics.length).toBeLessThanOrEqual(mostShown + 1);
  for (const { message, range } of diagnostics) {
    expect(message.length).toBeLessThanOrEqual(longestMessage);
    expect(Math.max(...message.split(/\s+/).map((word) => word.length))).toBeLessThanOrEqual(210);
    expect(range.start >= 0 && range.start <= range.end && range.end <= text.length).toBe(true);
  }
  return diagnostics.map(({ message }) => message);
}

describe('suggestions', () => {
  const similar = repeat(3000, (i) => `, "${long(50)}${i}": { "type": "relu", "from": "${long(50)}x${i}" }`);

  test('spend no more work than their budget, however many mistakes and names there are', () => {
    const work = new Work(100_000);
    analyze(named(similar), work);
    expect(work.isDone).toBe(true);
    expect(work.spent).toBeLessThan(work.limit + 64 * 100);
  });

  test('are there for the first mistakes, and the later mistakes are reported without', () => {
    const messages = survive(named(similar));
    expect(messages.filter((message) => message.includes('Did you mean')).length).toBeGreaterThan(0);
    expect(messages.at(-1)).toMatch(/^2900 more problems/);
  });

  test('compare no name that is too long for a slip of the finger', () => {
    const work = new Work();
    expect(sharingWork(work, () => nearest(long(1_000_000), [long(1_000_001)]))).toBeUndefined();
    expect(work.spent).toBe(0);
  });

  test('still find the name that was meant', () => {
    expect(nearest('hiden', ['input', 'hidden', 'output'])).toBe('hidden');
    expect(nearest('xyz', ['input', 'hidden', 'output'])).toBeUndefined();
  });
});

describe('a text past a limit is refused with one message:', () => {
  test.each<[string, string, RegExp]>([
    ['eight megabytes of one name', `{ "${long(maximumTextLength - 10)}": 1 }`, /one name, text, number/],
    ['a megabyte without an end', `{ "layers": { "a${long(1_000_000)}`, /one name, text, number/],
    ['a megabyte of digits', `{ "layers": ${'9'.repeat(1_000_000)} }`, /one name, text, number/],
    ['a megabyte of blanks', `{${' '.repeat(1_000_000)}"layers": {} }`, /one name, text, number/],
    ['a million lines', '\n'.repeat(maximumTokens + 1), /words and signs/],
    ['a million comments', '//\n'.repeat(maximumTokens), /words and signs/],
    ['a hundred thousand lists in one another', '['.repeat(100_000), /nested more than 64/],
    ['a hundred thousand objects in one another', '{"a":'.repeat(100_000), /nested more than 64/],
    ['very many values', `[${'0,'.repeat(200_000)}0]`, /more than 150000 values/],
    [
      'a hundred thousand escapes in each of many texts',
      `[${`"${'\\u0071'.repeat(600)}",`.repeat(1001)}0]`,
      /words and signs/,
    ],
    ['very many names', `{${repeat(30_000, (i) => `"a${i}":0,`)}"z":0}`, /one object has more than/],
    ['more than eight megabytes', ' '.repeat(maximumTextLength + 1), /at most 8388608/],
  ])('%s', (_title, text, words) => {
    expect(survive(text)).toEqual([expect.stringMatching(words)]);
  });

  test('a name just below it is read', () => {
    expect(survive(`{ "layers": { "${long(longestToken - 2)}": {} } }`).join()).toMatch(
      /at most 64 characters/,
    );
  });
});

describe('a network of very many layers', () => {
  const chain = (count: number, attributes: string) =>
    named(repeat(count, (i) => `, "a${i}": { "from": "${i === 0 ? 'z' : `a${i - 1}`}", ${attributes} }`));
  const read = (text: string) => analyze(text).spec.layers.length;

  test('is read whole with 10,000 dense layers', () => {
    const text = chain(9999, '"type": "dense", "units": 3');
    expect(survive(text)).toEqual([]);
    expect(read(text)).toBe(10_000);
  });

  test('is read as far as the work goes, and the first message says how far', () => {
    const text = chain(15_000, '"type": "dense", "units": 3');
    expect(read(text)).toBe(10_000);
    expect(survive(text)[0]).toBe(
      'the network is too large to be read whole: only the first 10000 of its 15001 layers were checked. Divide it into smaller networks.',
    );
    expect(analyze(text).sound).toBe(false);
  });

  test('is read less far where each layer says more, or is wrong', () => {
    const dense = read(chain(15_000, '"type": "dense", "units": 3'));
    const more = read(chain(10_000, '"type": "dense", "units": 3, "useBias": true, "l1": 0, "l2": 0'));
    const wrong = read(chain(10_000, '"type": "dense", "units": -3, "useBias": 1, "l1": "a", "l2": -1'));
    expect(more).toBeLessThan(dense);
    expect(wrong).toBeLessThan(more);
    expect(wrong).toBeGreaterThan(2000);
  });
});

describe('large texts', () => {
  // All of them by `npm run fuzz`: together they take a minute.
  const names = Object.keys(largeTexts).filter((_, index) => runs(1) > 1 || index % 9 === 0);
  test.each(names)('%s: are answered in bounded words', { timeout: patience }, (name) => {
    survive(largeTexts[name]());
  });
});

describe('lists that nobody means are refused by their length:', () => {
  const many = (entry: string) => `[${entry}${`,${entry}`.repeat(20_000)}]`;
  test.each([
    ['axes of an input', `{ "layers": { "a": { "type": "input", "shape": ${many('1')} } } }`],
    ['axes of a permutation', named(`, "a": { "type": "permute", "from": "z", "axes": ${many('1')} }`)],
    ['axes of a reshape', named(`, "a": { "type": "reshape", "from": "z", "shape": ${many('1')} }`)],
    ['sources of a layer', named(`, "a": { "type": "add", "from": ${many('"z"')} }`)],
    ['sources that are none', named(`, "a": { "type": "add", "from": ${many('1')} }`)],
    ['losses', `{ "layers": { ${input} }, "training": { "loss": ${many('"hinge"')} } }`],
    ['metrics', `{ "layers": { ${input} }, "training": { "metrics": ${many('"accurac"')} } }`],
  ])('%s', (_title, text) => {
    expect(survive(text).join('\n')).toMatch(/expected a list of at most \d+ entries, found 20001/);
  });
});

describe('a text with very many mistakes is answered in bounded words:', () => {
  const count = 9000;
  test.each([
    ['unknown types', named(repeat(count, (i) => `, "a${i}": { "type": "dens${i}", "from": "z" }`))],
    ['unknown attributes', named(`, "a": { "type": "dense"${repeat(count, (i) => `, "unit${i}": 1`)} }`)],
    ['unknown sections', `{ "layers": {}${repeat(count, (i) => `, "layer${i}": 1`)} }`],
    [
      'unknown settings',
      `{ "layers": {}, "training": { "a": 1${repeat(count, (i) => `, "epoch${i}": 1`)} } }`,
    ],
    ['unknown sources', named(repeat(count, (i) => `, "a${i}": { "type": "relu", "from": "b${i}" }`))],
    [
      'unknown owners of parameters',
      named(
        repeat(count, (i) => `, "a${i}": { "type": "dense", "units": 1, "from": "z", "shares": "b${i}" }`),
      ),
    ],
    ['unknown outputs', named(repeat(count, (i) => `, "a${i}": { "type": "relu", "from": "z.out${i}" }`))],
    ['the same name again and again', named(', "a": {}'.repeat(count))],
    ['__proto__ again and again', named(', "__proto__": { "type": "relu" }'.repeat(count))],
    ['infinite numbers', `{ "layers": { "a": { "type": "input", "shape": [${'1e999,'.repeat(count)}1] } } }`],
    [
      'layers that read themselves',
      named(repeat(count, (i) => `, "a${i}": { "type": "relu", "from": "a${i}" }`)),
    ],
    [
      'one ring of all layers',
      `{ "layers": { ${repeat(count, (i) => `"a${i}": { "type": "relu", "from": "a${i + 1}" }, `)} "a${count}": { "type": "relu", "from": "a0" } } }`,
    ],
    ['layers without input', named(repeat(count, (i) => `, "a${i}": { "type": "relu" }`))],
    [
      'places of no layer',
      `{ "layers": {}, "layout": { "a": [0, 0]${repeat(count, (i) => `, "b${i}": [0, 0]`)} } }`,
    ],
    [
      'long names everywhere',
      `{ "layers": { ${repeat(600, (i) => `"${long(4000)}${i}": { "type": "${long(4000)}", "from": "${long(4000)}" }, `)} "a": {} } }`,
    ],
  ])('%s', (_title, text) => {
    const messages = survive(text);
    expect(messages.length).toBeGreaterThan(0);
  });

  test('a ring of thousands of layers is named by its ends, and the message says what to do', () => {
    const ring = repeat(count, (i) => `"a${i}": { "type": "relu", "from": "a${(i + 1) % count}" }, `);
    const messages = survive(`{ "layers": { ${ring} ${input} } }`);
    expect(messages.join()).toMatch(
      /^a0 reads its own output: a0 → a8999 → a8998 → a8997 → a8996 → a8995 → … → a4 → a3 → a2 → a1 → a0\. Remove one/,
    );
  });

  test('a reference of very many dots is none', () => {
    const dots = '.'.repeat(4000);
    expect(survive(named(`, "a": { "type": "relu", "from": "z${dots}" }`)).join()).toMatch(/layer\.output/);
    expect(survive(named(`, "a": { "type": "relu", "from": "z.b.c" }`)).join()).toMatch(/layer\.output/);
    expect(survive(named(`, "a": { "type": "relu", "from": "z." }`)).join()).toMatch(/layer\.output/);
    expect(survive(named(`, "a": { "type": "relu", "from": ".z" }`)).join()).toMatch(/layer\.output/);
  });

  test('errors come before warnings, and the last line says how many more there are', () => {
    const unused = repeat(500, (i) => `, "a${i}": { "type": "relu", "from": "z" }`);
    const messages = survive(
      `{ "training": {}, "layers": { ${input}${unused}, "bad": { "type": "relo" } } }`,
    );
    expect(messages.join('\n')).toMatch(/unknown layer type "relo"/);
    const noInput = survive(named(repeat(250, (i) => `, "a${i}": { "type": "relu" }`)));
    expect(noInput).toHaveLength(mostShown + 1);
    expect(noInput.at(-1)).toMatch(/^150 more problems/);
  });

  test('what is not shown still counts: a network with a hidden error does not run', () => {
    const warnings = repeat(200, (i) => `"b${i}": [0, 0], `);
    const { sound, trainable } = analyze(
      `{ "layers": { ${input}, "a": { "type": "relu" } }, "layout": { ${warnings} "z": [0, 0] } }`,
    );
    expect([sound, trainable]).toEqual([false, false]);
  });
});

/** Texts by what JSON with comments makes of them; the ideas are those of every JSON test suite, the texts our own. */
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
      expect(survive(text).join('\n')).toMatch(/here a second time/);
  });
});

describe('hostile text in every field', () => {
  test('is reported without a control sequence, a hidden character or a change of direction', () => {
    for (const payload of payloads) {
      const text = hostileNetwork(payload);
      for (const message of survive(text)) {
        const harm = harmOf(message.replaceAll('](', '] (').replaceAll('$(', '$ ('));
        expect(harm).toBeUndefined();
      }
    }
  });
});

const examples = path.resolve(import.meta.dirname, '../../examples');
const texts = readdirSync(examples, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.nn.json') && !name.includes('.netloom'))
  .sort()
  .map((name) => readFileSync(path.join(examples, name), 'utf8'));

/** Pieces that a parser or a reader may stumble over. */
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

  test('values of any form in the place of any other are read or refused', { timeout: patience }, () => {
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

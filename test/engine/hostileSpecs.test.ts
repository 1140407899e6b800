/** Texts that could break the analysis: too large, too long, with too many mistakes. Each has a result, with limited messages. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { nearest, sharingWork, Work } from '../../engine/schema/nearest.ts';
import { maximumTextLength } from '../../engine/spec/longest.ts';
import { mostShown } from '../../engine/spec/problems.ts';
import { longestToken, maximumTokens } from '../../engine/spec/size.ts';
import { patience, runs } from '../hostile/effort.ts';
import { harmOf, hostileNetwork, payloads } from '../hostile/payloads.ts';
import { largeTexts } from '../hostile/texts.ts';
import { input, named, repeat, survive } from './hostileTexts.ts';

const long = (length: number): string => 'q'.repeat(length);

describe('suggestions', () => {
  const similar = repeat(3000, (i) => `, "${long(50)}${i}": { "type": "relu", "from": "${long(50)}x${i}" }`);

  test('spend no more work than their budget, however many mistakes and names there are', () => {
    const work = new Work(100_000);
    analyze(named(similar), work);
    expect(work.isDone).toBe(true);
    expect(work.spent).toBeLessThan(work.limit + 64 * 100);
  });

  test('are made for the first mistakes, and later mistakes are reported without one', () => {
    const messages = survive(named(similar));
    expect(messages.filter((message) => message.includes('Did you mean')).length).toBeGreaterThan(0);
    expect(messages.at(-1)).toMatch(/^2900 more problems/);
  });

  test('compare no name that is too long to be a typing mistake', () => {
    const work = new Work();
    expect(sharingWork(work, () => nearest(long(1_000_000), [long(1_000_001)]))).toBeUndefined();
    expect(work.spent).toBe(0);
  });

  test('still find the intended name', () => {
    expect(nearest('hiden', ['input', 'hidden', 'output'])).toBe('hidden');
    expect(nearest('xyz', ['input', 'hidden', 'output'])).toBeUndefined();
  });
});

describe('a text past a limit is refused with one message:', () => {
  test.each<[string, string, RegExp]>([
    [
      'eight megabytes of one name',
      `{ "${long(maximumTextLength - 10)}": 1 }`,
      /a single name, string, number/,
    ],
    ['a megabyte without an end', `{ "layers": { "a${long(1_000_000)}`, /a single name, string, number/],
    ['a megabyte of digits', `{ "layers": ${'9'.repeat(1_000_000)} }`, /a single name, string, number/],
    ['a megabyte of blanks', `{${' '.repeat(1_000_000)}"layers": {} }`, /a single name, string, number/],
    ['a million lines', '\n'.repeat(maximumTokens + 1), /words and symbols/],
    ['a million comments', '//\n'.repeat(maximumTokens), /words and symbols/],
    ['a hundred thousand lists in one another', '['.repeat(100_000), /nested more than 64/],
    ['a hundred thousand objects in one another', '{"a":'.repeat(100_000), /nested more than 64/],
    ['very many values', `[${'0,'.repeat(200_000)}0]`, /more than 100000 values/],
    [
      'a hundred thousand escapes in each of many texts',
      `[${`"${'\\u0071'.repeat(600)}",`.repeat(1001)}0]`,
      /words and symbols/,
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

  test('is read completely with 3,100 dense layers', () => {
    const text = chain(3099, '"type": "dense", "units": 3');
    expect(survive(text)).toEqual([]);
    expect(read(text)).toBe(3_100);
  });

  test('is read up to the limit of work, and the first message says how far', () => {
    const text = chain(7_900, '"type": "dense", "units": 3');
    expect(read(text)).toBe(3_100);
    expect(survive(text)[0]).toBe(
      'the network is too large to be read whole: only the first 3100 of its 7901 layers were checked. Divide it into smaller networks.',
    );
    expect(analyze(text).sound).toBe(false);
  });

  test('is read less far if its layers have more attributes, or mistakes', () => {
    const dense = read(chain(7_900, '"type": "dense", "units": 3'));
    const more = read(chain(7_900, '"type": "dense", "units": 3, "useBias": true, "l1": 0, "l2": 0'));
    const wrong = read(chain(7_900, '"type": "dense", "units": -3, "useBias": 1, "l1": "a", "l2": -1'));
    expect(more).toBeLessThan(dense);
    expect(wrong).toBeLessThan(more);
    expect(wrong).toBeGreaterThan(600);
  });
});

describe('large texts', () => {
  // `npm run fuzz` runs all of them, which takes a minute.
  const names = Object.keys(largeTexts).filter((_, index) => runs(1) > 1 || index % 9 === 0);
  test.each(names)('%s: have messages of limited length', { timeout: patience }, (name) => {
    survive(largeTexts[name]());
  });
});

describe('lists of excessive length are refused:', () => {
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
    expect(survive(text).join('\n')).toMatch(/must be a list of at most \d+ entries, found 20001/);
  });
});

describe('a text with very many mistakes has messages of limited length:', () => {
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

  test('a cycle of thousands of layers is named by its ends, and the message gives advice', () => {
    const ring = repeat(4000, (i) => `"a${i}": { "type": "relu", "from": "a${(i + 1) % 4000}" }, `);
    const messages = survive(`{ "layers": { ${ring} ${input} } }`);
    expect(messages.join()).toMatch(
      /^a0 reads its own output: a0 → a3999 → a3998 → a3997 → a3996 → a3995 → … → a4 → a3 → a2 → a1 → a0\. Remove one/,
    );
  });

  test('a reference with very many dots is invalid', () => {
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

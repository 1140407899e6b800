/** From text to a network: what is read, one message for each mistake at its place, and results for any text. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import type { Diagnostic } from '../../engine/spec/document.ts';
import { maximumTextLength } from '../../engine/spec/longest.ts';
import { parse } from '../../engine/spec/parse.ts';
import { runs } from '../hostile/effort.ts';

// A fixed seed, so that a failure is the same for everybody. A failing example prints how to replay it.
fc.configureGlobal({ seed: 20261123 });

const valid = `{
  // A network for digits.
  "format": 1,
  "layers": {
    "image": { "type": "input", "shape": [28, 28, 1] },
    "flat":  { "type": "flatten", "from": "image" }, // one long row
    "logits": { "type": "dense", "from": "flat", "units": 10 },
  },
  "training": {
    "data": { "type": "idx", "images": "images.gz", "labels": "labels.gz" },
    "loss": { "type": "softmaxCrossEntropy", "from": "logits" },
    "optimizer": "adam",
    "epochs": 3
  },
  "layout": { "image": [0, 0] }
}
`;

const layers = (lines: string): string => `{ "format": 1, "layers": { ${lines} } }`;
const image = '"image": { "type": "input", "shape": [4] }';
const training = (settings: string): string => valid.replace('"epochs": 3', settings);

/** Expects one problem, with this code, this underlined text and a message that matches. */
function check(text: string, code: string, underlined: string, message: RegExp): void {
  const problems = analyze(text).diagnostics;
  expect(problems.map(shown(text)), problems.map((problem) => problem.message).join('\n')).toEqual([
    { code, underlined },
  ]);
  expect(problems[0].message).toMatch(message);
}

const shown =
  (text: string) =>
  ({ code, range }: Diagnostic) => ({ code, underlined: text.slice(range.start, range.end) });

describe('a valid text', () => {
  test('becomes its network, completed by defaults', () => {
    const { spec, diagnostics, readable } = parse(valid);
    expect(diagnostics).toEqual([]);
    expect(readable).toBe(true);
    expect(spec.layers.map(({ name, type, from }) => [name, type, from])).toEqual([
      ['image', 'input', []],
      ['flat', 'flatten', [{ layer: 'image' }]],
      ['logits', 'dense', [{ layer: 'flat' }]],
    ]);
    expect(spec.layers[2].attributes).toMatchObject({ units: 10, useBias: true });
    expect(spec.layers[2].given).toEqual({ units: 10 });
    expect(spec.layers[2].common).toEqual({
      bypass: false,
      trainable: true,
      l1: 0,
      l2: 0,
      shares: undefined,
    });
    expect(spec.training).toMatchObject({
      epochs: 3,
      batchSize: 32,
      seed: 1,
      accumulate: 1,
      clipNorm: undefined,
    });
    expect(spec.training?.losses).toMatchObject([
      { type: 'softmaxCrossEntropy', from: { layer: 'logits' }, weight: 1 },
    ]);
    expect(spec.layout).toEqual(new Map([['image', [0, 0]]]));
  });

  test('keeps the order of the text for names that look like numbers', () => {
    const text = layers('"9": { "type": "input", "shape": [4] }, "1": { "type": "relu", "from": "9" }');
    expect(parse(text).spec.layers.map(({ name }) => name)).toEqual(['9', '1']);
  });

  test('may begin with a byte order mark, without moving any range', () => {
    const text = `\ufeff${layers('"a": { "type": "inputt", "shape": [4] }')}`;
    check(text, 'spec/unknown-type', '"inputt"', /Did you mean "input"/);
  });

  test('has the range of each layer and of its name', () => {
    const { layerRanges } = analyze(valid);
    const { whole, name } = layerRanges.get('flat')!;
    expect(valid.slice(whole.start, whole.end)).toBe('"flat":  { "type": "flatten", "from": "image" }');
    expect(valid.slice(name.start, name.end)).toBe('flat');
  });

  test('may list several losses with weights, early stopping and clipping', () => {
    const settings = `"earlyStopping": { "patience": 2 }, "clipNorm": 1, "accumulate": 4, "metrics": ["accuracy"]`;
    const text = training(settings).replace(
      '"loss": { "type": "softmaxCrossEntropy", "from": "logits" }',
      '"loss": [{ "type": "softmaxCrossEntropy", "from": "logits", "weight": 0.5 }, { "type": "meanSquaredError", "from": "flat", "target": "image" }]',
    );
    const { spec, diagnostics } = parse(text);
    expect(diagnostics).toEqual([]);
    expect(spec.training).toMatchObject({
      earlyStopping: { patience: 2, minDelta: 0, restoreBest: true },
      clipNorm: 1,
      accumulate: 4,
      metrics: [{ type: 'accuracy' }],
      losses: [
        { weight: 0.5, target: undefined },
        { weight: 1, target: 'image', from: { layer: 'flat' } },
      ],
    });
  });
});

describe('a mistake gets one message at its place:', () => {
  test('an empty file', () => check('', 'spec/empty', '', /New Network/));
  test('a file of comments only', () => check('// later\n', 'spec/empty', '// later\n', /New Network/));
  test('another file altogether', () =>
    check('import torch\nx = 1', 'spec/not-an-object', 'import torch', /expected a network/));
  test('a list', () => check('[1, 2]', 'spec/not-an-object', '[', /found \[1,2\]/));
  test('10 MB of noise', () => {
    const noise = 'qz{"[,:'.repeat(1_500_000);
    check(noise, 'spec/too-large', noise.slice(0, 200), /at most 8388608/);
  });
  test('a megabyte of noise in a network', () => {
    const noise = `{ "layers": ${'}{,:"x\\'.repeat(150_000)}`;
    const { diagnostics, readable } = parse(noise);
    expect(readable).toBe(false);
    expect(diagnostics.length).toBeLessThanOrEqual(20);
  });
  test('nesting without end', () => {
    check('{"layers":'.repeat(100_000), 'spec/too-large', '{', /more than 64 levels deep/);
    check('['.repeat(100_000), 'spec/too-large', '[', /more than 64 levels deep/);
  });
  test('values without end', () =>
    check(`{ "layers": [${'1,'.repeat(200_000)}1] }`, 'spec/too-large', '1', /100000/));
  test('an unresolved merge', () => {
    const conflict = '<<<<<<< HEAD\n"units": 10\n=======\n"units": 12\n>>>>>>> other';
    check(
      `{\n${conflict}\n}`,
      'spec/merge-conflict',
      conflict.slice(0, conflict.lastIndexOf(' ')),
      /merge conflict/,
    );
  });
  test('a missing comma', () =>
    check('{ "format": 1 "layers": {} }', 'spec/syntax', '"layers"', /expected a comma/));
  test('a missing brace', () => check('{ "layers": {}', 'spec/syntax', '', /closing brace/));
  test('an open text', () => check('{ "layers', 'spec/syntax', '"layers', /double quote/));

  test('a misspelt section', () =>
    check(
      layers(image).replace('{ ', '{ "trainning": {}, '),
      'spec/unknown-section',
      '"trainning"',
      /Did you mean "training"/,
    ));
  test('a newer format', () => check(layers(image).replace('1', '2'), 'spec/format', '2', /Update Netloom/));
  test('another format', () =>
    check(layers(image).replace('1', '"one"'), 'spec/format', '"one"', /expected 1, found "one"/));
  test('layers as a list', () => check('{ "layers": [] }', 'spec/layers', '[]', /expected an object/));
  test('a layer given twice', () =>
    check(layers(`${image}, "image": { "type": "relu" }`), 'spec/duplicate', '"image"', /occurs twice/));
  test.each(['__proto__', 'constructor', 'prototype'])('a layer named %s', (name) =>
    check(layers(`${image}, "${name}": { "type": "relu" }`), 'spec/reserved-name', `"${name}"`, /reserved/),
  );
  test('a name with a dot', () =>
    check(layers('"a.b": { "type": "input", "shape": [4] }'), 'spec/name', '"a.b"', /letters, digits/));
  test('a name with a slash, which blocks will need', () =>
    check(
      layers('"a/b": { "type": "input", "shape": [4] }'),
      'spec/name',
      '"a/b"',
      /reserved for layers inside a block/,
    ));
  test.each([
    ['a space of no width', '\u200b', /invisible character U\+200B/],
    ['a character that reverses the text', '\u202e', /invisible character U\+202E/],
    ['a letter of Korean that only fills a place', '\u3164', /invisible character U\+3164/],
  ])('a name with %s, which the message names and the fix removes', (_what, unseen, code) => {
    const text = layers(`${image}, "relu${unseen}1": { "type": "relu", "from": "image" }`);
    check(text, 'spec/name', `"relu${unseen}1"`, code);
    expect(analyze(text).diagnostics[0].fix?.title).toBe('Rename to "relu1"');
  });
  test('a name without end', () =>
    check(
      layers(`"${'n'.repeat(65)}": { "type": "input", "shape": [4] }`),
      'spec/name',
      `"${'n'.repeat(65)}"`,
      /at most 64/,
    ));
  test('a number where a layer should be', () =>
    check(layers('"a": 5'), 'spec/layer', '5', /^a: must be an object/));
  test('a number where a name should be', () =>
    check(
      layers(`${image}, "a": { "type": "relu", "from": 5 }`),
      'spec/from',
      '5',
      /^a: from must be the name of a layer.*found 5/,
    ));
  test('a number in a list of names', () =>
    check(layers(`${image}, "a": { "type": "relu", "from": ["image", 7] }`), 'spec/from', '7', /found 7/));
  test('a number where a type should be', () =>
    check(layers('"a": { "type": 3 }'), 'spec/unknown-type', '3', /needs a "type"/));
  test('an unknown type', () =>
    check(
      layers(`${image}, "a": { "type": "dens", "from": "image" }`),
      'spec/unknown-type',
      '"dens"',
      /^a: .*Did you mean "dense"/,
    ));
  test('a missing type', () => check(layers('"a": {}'), 'spec/unknown-type', '"a"', /needs a "type"/));
  test('a missing attribute', () =>
    check(
      layers(`${image}, "a": { "type": "dense", "from": "image" }`),
      'spec/missing-attribute',
      '"a"',
      /^a: units is required/,
    ));
  test('a misspelt attribute', () =>
    check(
      layers(`${image}, "a": { "type": "dense", "from": "image", "unit": 3 }`),
      'spec/unknown-attribute',
      '"unit"',
      /Did you mean "units"/,
    ));
  test('a misspelt common attribute', () =>
    check(
      layers(`${image}, "a": { "type": "dense", "from": "image", "units": 3, "trainble": false }`),
      'spec/unknown-attribute',
      '"trainble"',
      /Did you mean "trainable"/,
    ));
  test('an attribute out of range', () =>
    check(
      layers(`${image}, "a": { "type": "dense", "from": "image", "units": 0 }`),
      'spec/attribute',
      '0',
      /^a: units must be a positive integer, found 0/,
    ));
  test('an entry of an attribute', () =>
    check(layers('"a": { "type": "input", "shape": [4, -1] }'), 'spec/attribute', '-1', /shape must be/));
  test('an unknown initializer', () =>
    check(
      layers(
        `${image}, "a": { "type": "dense", "from": "image", "units": 3, "kernelInitializer": "heNormall" }`,
      ),
      'spec/attribute',
      '"heNormall"',
      /Did you mean "heNormal"/,
    ));
  test('a number that is too large', () =>
    check(layers(image).replace('4', '1e999'), 'spec/number', '1e999', /too large/));
  test('a negative penalty', () =>
    check(
      layers(`${image}, "a": { "type": "relu", "from": "image", "l2": -1 }`),
      'spec/attribute',
      '-1',
      /l2 must be a non-negative number/,
    ));

  test('a training setting', () =>
    check(training('"epochs": 0'), 'spec/training', '0', /^training: epochs must be/));
  test('a misspelt training setting', () =>
    check(training('"epoch": 3'), 'spec/training', '"epoch"', /Did you mean "epochs"/));
  test('an unknown optimizer', () =>
    check(valid.replace('"adam"', '"adan"'), 'spec/training', '"adan"', /Did you mean "adam"/));
  test('a loss of nothing', () =>
    check(valid.replace(', "from": "logits"', ''), 'spec/training', '"loss"', /from is required/));
  test('a missing loss', () =>
    check(valid.replace(/"loss".*\n/, ''), 'spec/training', '"training"', /loss is required/));
  test('an invalid position', () =>
    check(valid.replace('[0, 0]', '[0]'), 'spec/layout', '[0]', /pair of numbers/));
  test('a position where nothing can be drawn', () => {
    for (const far of ['[1e300, 0]', '[0, -1000001]'])
      check(valid.replace('[0, 0]', far), 'spec/layout', far, /from -1,000,000 to 1,000,000/);
  });
  test('a position of a layer that does not exist', () =>
    check(valid.replace('"image": [0, 0]', '"imag": [0, 0]'), 'spec/layout', '"imag"', /no layer "imag"/));
});

describe('any text', () => {
  const prototypes = [Object.prototype, Array.prototype, Function.prototype];
  const ownKeys = prototypes.map((prototype) => Reflect.ownKeys(prototype));

  /** Expects that the analysis does not throw, that ranges are within the text, and that no prototype of JavaScript has changed. */
  function survives(text: string): void {
    const { diagnostics, sound, readable } = analyze(text);
    // One assertion for all of them: there are a million, and an assertion takes longer than the analysis of a problem.
    const isWrong = ({ range: { start, end }, message }: Diagnostic) =>
      !(0 <= start && start <= end && end <= text.length) ||
      /internal error|undefined|NaN|\[object/.test(message);
    expect(diagnostics.filter(isWrong)).toEqual([]);
    if (!readable) expect(sound).toBe(false);
    const keys = prototypes.map((prototype) => Reflect.ownKeys(prototype));
    if (!isDeepStrictEqual(keys, ownKeys)) expect(keys).toEqual(ownKeys);
  }

  test('survives: arbitrary strings', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), survives), { numRuns: 500 });
  });

  test('survives: arbitrary JSON, also as sections', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (json) => {
        survives(json);
        for (const key of ['layers', 'training', 'layout', 'format']) survives(`{ "${key}": ${json} }`);
        survives(
          `{ "layers": { "a": ${json}, "b": { "type": "dense", "from": ${json}, "units": ${json} } } }`,
        );
        survives(
          `{ "training": { "loss": ${json}, "data": ${json}, "earlyStopping": ${json}, "metrics": ${json} } }`,
        );
      }),
      { numRuns: runs(100) },
    );
  });

  test('survives: a valid text with parts cut, doubled or overwritten', () => {
    const mutation = fc.record({
      start: fc.nat(valid.length),
      length: fc.nat(40),
      text: fc.oneof(
        fc.constantFrom(
          '',
          '"',
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '//',
          '/*',
          '\n',
          '1e999',
          'null',
          '"__proto__": {"x": 1}',
          '<<<<<<< a\n',
        ),
        fc.string({ maxLength: 8 }),
      ),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        survives(
          mutations.reduce(
            (text, { start, length, text: added }) =>
              text.slice(0, start) + added + text.slice(start + length),
            valid,
          ),
        );
      }),
      { numRuns: runs(500) },
    );
  });

  test('is never read as a network if it is incomplete', () => {
    const end = valid.lastIndexOf('}');
    for (let length = 0; length <= end; length++) {
      survives(valid.slice(0, length));
      expect(parse(valid.slice(0, length)).readable, valid.slice(0, length)).toBe(false);
    }
  });

  test('cannot reach a prototype', () => {
    const { spec } = parse(
      '{ "__proto__": { "polluted": 1 }, "layers": { "a": { "type": "input", "shape": [1], "__proto__": { "polluted": 1 } } } }',
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect((spec.layers[0].given as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('of the largest size is answered', { timeout: 10_000 }, () => {
    for (const unit of ['"', '/*', '"a":1,', '\n', '1 '])
      for (const start of ['', '{ "layers": {'])
        survives((start + unit.repeat(maximumTextLength)).slice(0, maximumTextLength));
  });
});

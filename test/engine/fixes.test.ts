/** Quick fixes: each removes its problem and causes no other, for every kind of layer and setting. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { fixers } from '../../engine/graph/fixes/registry.ts';
import { startTraining } from '../../engine/graph/fixes/training.ts';
import type { LayerDefinition } from '../../engine/layers/define.ts';
import { layers } from '../../engine/layers/registry.ts';
import { isRequired } from '../../engine/schema/attributes.ts';
import type { Diagnostic } from '../../engine/spec/document.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { specEdit } from '../../engine/spec/specEdit.ts';
import { runs, seed } from '../hostile/effort.ts';
import { small } from './languageSupport.ts';

const idOf = ({ code, path }: Diagnostic) => `${code} ${JSON.stringify(path)}`;

/** Applies the fix of one problem, and checks the resulting text. */
function fixed(text: string, problem: Diagnostic): string {
  const before = analyze(text).diagnostics;
  const { fix } = problem;
  if (!fix) throw new Error(`no fix for: ${problem.message}`);
  expect(specEdit(structuredClone(fix.edit)), 'can be sent').toEqual(fix.edit);
  const outcome = applyEdit(text, fix.edit);
  if ('problem' in outcome) throw new Error(`${fix.title} in ${text}: ${outcome.problem}`);
  const after = applyChanges(text, outcome.changes);
  const known = new Map(before.map((one) => [idOf(one), one.message]));
  known.delete(idOf(problem));
  const left = analyze(after).diagnostics.filter((one) => !known.has(idOf(one)));
  const reported = left.map(({ message }) => message);
  expect(reported, `${problem.message} → ${fix.title}\n${text}\n${after}`).toEqual([]);
  return after;
}

/** Fixes one problem after another, as a person would, and returns the problems that have no fix. */
function fixedAll(text: string): { readonly text: string; readonly left: readonly string[] } {
  let now = text;
  for (let round = 0; round < 20; round++) {
    const next = analyze(now).diagnostics.find(({ fix }) => fix);
    if (!next) break;
    now = fixed(now, next);
  }
  return { text: now, left: analyze(now).diagnostics.map(({ message }) => message) };
}

/** The text after the fix of its first problem. */
const fixOf = (text: string): string => fixed(text, analyze(text).diagnostics[0]);

const titleOf = (text: string): string | undefined => analyze(text).diagnostics[0]?.fix?.title;

const networkOf = (it: object, inputs: readonly (readonly number[])[]): string => {
  const names = inputs.map((_, index) => `in${index}`);
  const from = names.length === 0 ? {} : { from: names.length === 1 ? names[0] : names };
  const sources = Object.fromEntries(
    names.map((name, index) => [name, { type: 'input', shape: inputs[index] }]),
  );
  return JSON.stringify({ layers: { ...sources, it: { ...it, ...from } } }, null, 2);
};

const canBeGiven = ({ inputs }: { inputs: readonly (readonly number[])[] }) =>
  inputs.every((shape) => shape.length > 0);

/** A network with one layer of the type that works. */
function sound({
  type,
  samples,
}: LayerDefinition): { text: string; inputs: readonly (readonly number[])[]; it: object } | undefined {
  const sample = samples.find(
    (one) =>
      canBeGiven(one) && analyze(networkOf({ type, ...one.attributes }, one.inputs)).diagnostics.length === 0,
  );
  if (!sample) return undefined;
  const it = { type, ...sample.attributes };
  return { text: networkOf(it, sample.inputs), inputs: sample.inputs, it };
}

describe('a fix of a layer', () => {
  const cases = [...layers].flatMap((definition) =>
    definition.errorSamples.filter(canBeGiven).map((sample) => ({ ...sample, type: definition.type })),
  );

  test.each(cases)('of type $type that reports $code ($name) works if there is one', (sample) => {
    const text = networkOf({ type: sample.type, ...sample.attributes }, sample.inputs);
    for (const problem of analyze(text).diagnostics) if (problem.fix) fixed(text, problem);
  });

  test('is known for mistakes in shapes, except for a few', () => {
    const without = cases.filter((sample) => {
      const text = networkOf({ type: sample.type, ...sample.attributes }, sample.inputs);
      return analyze(text).diagnostics.some(({ fix }) => !fix);
    });
    expect(without.map(({ type, code, name }) => `${type} ${code} ${name}`)).toEqual([
      // Only the author knows how a vector or a sequence is an image.
      'conv2d shape/rank a vector',
      'depthwiseConv2d shape/rank a sequence',
      'lstm shape/initial-state an initial cell of another width',
      'reshape attribute/shape two open sizes',
      'permute shape/axis an axis twice',
      // Only the author knows how two branches of different shapes belong together.
      ...['add', 'multiply', 'average'].flatMap((type) => [
        `${type} shape/mismatch other sizes`,
        `${type} shape/mismatch other ranks`,
      ]),
      'concat shape/mismatch other sizes elsewhere',
      'concat shape/mismatch other ranks',
    ]);
  });

  test.each([...layers].map((definition) => [definition.type, definition] as const))(
    'of type %s puts right a slip, a wrong value, what is missing and what is too much',
    (_type, definition) => {
      const good = sound(definition);
      if (!good) return;
      const { it, inputs } = good;
      const attributes = Object.entries(definition.attributes);
      const slips = [
        { ...it, type: `${definition.type}x` },
        { ...it, noSuchAttribute: 1 },
        ...attributes.flatMap(([name, attribute]) => {
          const given = (it as { [name: string]: unknown })[name];
          const { [name]: _, ...without } = it as { [name: string]: unknown };
          const renamed = given === undefined || name.length < 3 ? [] : [{ ...without, [`${name}s`]: given }];
          return [...renamed, ...(isRequired(attribute) ? [without] : [])];
        }),
      ];
      for (const slip of slips) {
        const text = networkOf(slip, inputs);
        const { left } = fixedAll(text);
        expect(left, text).toEqual([]);
      }
      const odd = fc.constantFrom<unknown>(
        -3,
        0,
        0.5,
        1e12,
        '7',
        'x',
        true,
        [],
        {},
        [1, 2, 3, 4, 5],
        ['x'],
        null,
      );
      if (attributes.length === 0) return;
      fc.assert(
        fc.property(fc.constantFrom(...attributes.map(([name]) => name)), odd, (name, value) => {
          const text = networkOf({ ...it, [name]: value }, inputs);
          for (const problem of analyze(text).diagnostics)
            if (problem.fix && problem.code !== 'spec/attribute') fixed(text, problem);
          const first = analyze(text).diagnostics.find(({ code }) => code === 'spec/attribute');
          if (!first) return;
          expect(first.fix, `${first.message} in ${text}`).toBeDefined();
          const outcome = applyEdit(text, first.fix!.edit);
          if ('problem' in outcome) throw new Error(outcome.problem);
          const after = analyze(applyChanges(text, outcome.changes)).diagnostics;
          expect(after.filter(({ code }) => code.startsWith('spec/')).map(({ message }) => message)).toEqual(
            [],
          );
        }),
        { seed, numRuns: runs(15) },
      );
    },
  );
});

describe('a fix of names', () => {
  const layer = (it: string) =>
    `{ "layers": { "in": { "type": "input", "shape": [6, 6, 1] }, "it": ${it}, "end": { "type": "flatten", "from": "it" } } }`;

  test('finds the intended name', () => {
    expect(fixOf(small.replace('"conv2d"', '"conv2"'))).toBe(small);
    expect(fixOf(small.replace('"filters"', '"filtres"'))).toBe(small);
    expect(fixOf(small.replace('"from": "conv1"', '"from": "conv"'))).toBe(small);
    expect(fixOf(small.replace('"memory.hidden"', '"memory.hiden"'))).toBe(small);
    expect(fixOf(small.replace('"training"', '"trainning"'))).toBe(small);
    expect(fixOf(small.replace('"learningRate"', '"learningrate"'))).toBe(small);
    expect(fixOf(small.replace('"shares": "logits"', '"shares": "logit"'))).toBe(small);
    expect(fixOf(small.replace('"accuracy"', '"acuracy"'))).toBe(small);
  });

  test('recognizes the names of other frameworks', () => {
    expect(fixOf(small.replace('"softmaxCrossEntropy"', '"CrossEntropyLoss"'))).toBe(small);
    expect(fixOf(small.replace('"learningRate"', '"lr"'))).toBe(small);
    expect(fixOf(layer('{ "type": "Conv2D", "from": "in", "filters": 2, "kernel_size": 3 }'))).toContain(
      '"conv2d"',
    );
    expect(fixOf(layer('{ "type": "Linear", "from": "in", "units": 4 }'))).toContain('"dense"');
    expect(fixOf(layer('{ "type": "dense", "from": "in", "out_features": 2 }'))).toContain('"units": 2');
  });

  test('renames a layer whose name cannot be written, and the second of a name', () => {
    expect(
      fixOf(layer('{ "type": "relu", "from": "in" }, "my layer": { "type": "relu", "from": "in" }')),
    ).toContain('"my_layer"');
    const twice = layer('{ "type": "relu", "from": "in" }, "it": { "type": "relu", "from": "in" }');
    expect(fixOf(twice)).toContain('"it2": { "type": "relu"');
    expect(fixOf(layer('{ "type": "relu", "from": "in", "from": "in" }'))).toContain(
      '{ "type": "relu", "from": "in" }',
    );
    expect(
      fixOf(layer('{ "type": "relu", "from": "in" }, "constructor": { "type": "relu", "from": "in" }')),
    ).not.toMatch(/constructor"/);
  });

  test('completes a type alone to a layer', () => {
    expect(fixOf(layer('"relu"'))).toContain('"it": { "type": "relu", "from": "in" }');
  });
});

describe('a fix of wiring', () => {
  const at = (layers: string, training = '') => `{ "layers": { ${layers} }${training} }`;
  const image = '"in": { "type": "input", "shape": [4, 4, 1] }';

  test('connects a layer to the one before it', () => {
    expect(
      fixOf(at(`${image}, "a": { "type": "relu", "from": "in" }, "b": { "type": "flatten" }`)),
    ).toContain('"b": { "type": "flatten", "from": "a" }');
    expect(
      fixOf(
        at(
          `${image}, "a": { "type": "relu", "from": "in" }, "b": { "type": "tanh", "from": "in" }, "c": { "type": "add", "from": "b" }`,
        ),
      ),
    ).toContain('"from": ["b", "a"]');
  });

  test('takes inputs from a layer that has none, and merges those of a layer that takes one', () => {
    expect(fixOf(at(`${image}, "two": { "type": "input", "shape": [2], "from": "in" }`))).toContain(
      '"two": { "type": "input", "shape": [2] }',
    );
    const merged = fixOf(
      at(`${image}, "a": { "type": "relu", "from": "in" }, "b": { "type": "flatten", "from": ["in", "a"] }`),
    );
    expect(merged).toMatch(/"b": \{ "type": "flatten", "from": "add1" \}/);
  });

  test('gives a layer its own parameters if it cannot share', () => {
    const dense = (from: string, more = '') => `{ "type": "dense", "from": "${from}", "units": 2${more} }`;
    const text = at(`${image}, "a": ${dense('in')}, "b": ${dense('a', ', "shares": "a"')}`);
    expect(fixOf(text)).toContain(`"b": ${dense('a')}`);
  });

  test('removes what nothing reads, with what only it needs', () => {
    const unused = small.replace(
      '    "logits": {',
      '    "odd": { "type": "relu", "from": "flat" },\n    "logits": {',
    );
    expect(fixOf(unused)).toBe(small);
  });

  test('lets the loss read what was appended behind the layer that it reads, if that has something to learn', () => {
    const appended = (layer: string) =>
      small.replace(/("logits": \{.*\})\n/, `$1,\n    "end": { ${layer}, "from": "logits" }\n`);
    expect(fixOf(appended('"type": "dense", "units": 10'))).toContain('"from": "end"');
    expect(titleOf(appended('"type": "softmax"'))).toBe('Remove "end"');
  });

  test('is not known for a cycle', () => {
    const text = at('"a": { "type": "relu", "from": "b" }, "b": { "type": "relu", "from": "a" }');
    expect(analyze(text).diagnostics.map(({ code, fix }) => [code, fix])).toEqual([
      ['graph/cycle', undefined],
    ]);
  });
});

describe('a fix of shapes', () => {
  const chain = (shape: readonly number[], ...layers: object[]) =>
    JSON.stringify({
      layers: Object.fromEntries([
        ['in', { type: 'input', shape }],
        ...layers.map((layer, index) => [
          `l${index}`,
          { ...layer, from: index === 0 ? 'in' : `l${index - 1}` },
        ]),
      ]),
    });

  test('pads, shrinks, exchanges and moves', () => {
    expect(titleOf(chain([3, 3, 1], { type: 'conv2d', filters: 1, kernelSize: 5 }))).toMatch(/padding.*same/);
    expect(titleOf(chain([3, 3, 1], { type: 'maxPool2d', poolSize: 5 }))).toBeDefined();
    expect(titleOf(chain([4], { type: 'rRelu', lower: 0.5, upper: 0.1 }))).toMatch(
      /"upper" to 0\.5.*"lower" to 0\.1/,
    );
    expect(titleOf(chain([4, 6], { type: 'groupNorm', groups: 4 }))).toMatch(/groups.*3/);
    expect(titleOf(chain([4, 6], { type: 'softmax', axis: 3 }))).toMatch(/axis.*2/);
    expect(titleOf(chain([4, 6], { type: 'reshape', shape: [5, 6] }))).toMatch(/shape.*\[4,6\]/);
  });

  test('inserts a layer that gives the required shape', () => {
    expect(titleOf(chain([28, 28], { type: 'conv2d', filters: 1, kernelSize: 3 }))).toMatch(
      /Add Reshape before/,
    );
    expect(titleOf(chain([8, 8, 2], { type: 'lstm', hiddenSize: 3 }))).toMatch(/Add Reshape before/);
    const { text } = fixedAll(chain([784], { type: 'conv2d', filters: 1, kernelSize: 3 }));
    expect(text).toMatch(/\[28, 28, 1\]/);
  });
});

describe('a fix of training', () => {
  const setting = (name: string, value: unknown) =>
    small.replace('"metrics": ["accuracy"]', `"${name}": ${JSON.stringify(value)}`);

  test('moves values within bounds, and corrects the names of settings and kinds', () => {
    expect(fixOf(setting('batchSize', 0))).toContain('"batchSize": 1');
    expect(fixOf(setting('batchsize', 8))).toContain('"batchSize": 8');
    expect(fixOf(setting('epochs', '3'))).toContain('"epochs": 3');
    expect(fixOf(setting('optimiser', 3))).not.toContain('optimiser');
    expect(fixOf(setting('schedule', 'cosin'))).toContain('"schedule": "cosine"');
    expect(fixOf(setting('earlyStopping', { patience: 0 }))).toMatch(/"patience": ?1/);
    expect(fixOf(setting('earlyStopping', { patient: 2 }))).toMatch(/"patience": ?2/);
    expect(fixOf(setting('metrics', 'accuracy'))).toContain('["accuracy"]');
    expect(fixOf(small.replace('"learningRate": 0.01', '"learningRate": -0.01'))).toContain('0.01');
    expect(fixOf(small.replace('"optimizer": { "type": "adam", "learningRate": 0.01 },', ''))).toContain(
      '"optimizer": { "type": "adam" }',
    );
  });

  test('judges the end of the network that no loss judges yet', () => {
    expect(fixOf(small.replace('"from": "copy" }', '"from": "nowhere" }'))).toBe(small);
  });

  test('removes a metric that cannot be computed, and weights that do not fit', () => {
    const wrong = small.replace('"softmaxCrossEntropy",', '"softmaxCrossEntropy", "classWeights": [1, 2],');
    expect(fixOf(wrong)).toBe(small);
  });

  test('trains on more than one sample at once where a layer needs it', () => {
    const text = setting('batchSize', 1)
      .replace('"flat": { "type": "flatten"', '"flat": { "type": "flatten"')
      .replace(
        '"from": "memory", "units": 3 }',
        '"from": "norm", "units": 3 },\n    "norm": { "type": "batchNorm", "from": "memory" }',
      );
    const problem = analyze(text).diagnostics.find(({ code }) => code === 'training/one-row')!;
    expect(fixed(text, problem)).toContain('"batchSize": 8');
  });
});

test('a network without a training section gets one that works', () => {
  const whole = JSON.parse(small.replace(', "shares": "logits"', ''));
  for (const layers of [
    whole.layers,
    { in: whole.layers.image, flat: { type: 'dense', from: 'in', units: 1 } },
  ]) {
    const text = JSON.stringify({ layers }, null, 2);
    const fix = startTraining(analyze(text));
    const outcome = applyEdit(text, fix!.edit);
    if ('problem' in outcome) throw new Error(outcome.problem);
    const after = analyze(applyChanges(text, outcome.changes));
    expect(after.diagnostics).toEqual([]);
    expect(after.trainable).toBe(true);
  }
  expect(startTraining(analyze('{ "layers": {} }'))).toBeUndefined();
});

describe('a fix of syntax', () => {
  test('inserts missing punctuation', () => {
    expect(fixOf(small.replace('"format": 1,', '"format": 1'))).toBe(small);
    expect(fixOf(small.replace('"type": "lstm",', '"type": "lstm"'))).toBe(small);
    expect(fixOf(small.replace('"format": 1', '"format" 1'))).toBe(
      small.replace('"format": 1', '"format": 1').replace('"format": 1', '"format": 1'),
    );
    expect(fixOf(small.replace('"filters": 4', 'filters: 4'))).toBe(small);
    expect(
      fixOf(small.replace('"padding"', '"padding"').replace('"units": 3 }', '"units": 3, "useBias": True }')),
    ).toContain('"useBias": true');
    expect(fixOf(small.trimEnd().slice(0, -1))).toContain('}');
    expect(fixOf(small.replace('"from": "flat",', '"from": "flat,'))).toBeDefined();
  });

  test('is offered only if it leaves fewer errors, wherever punctuation is missing or superfluous', () => {
    fc.assert(
      fc.property(
        fc.nat(small.length - 1),
        fc.constantFrom('', ',', ':', '}', ']', '{', '"', '#'),
        (at, sign) => {
          const text = small.slice(0, at) + sign + small.slice(sign === '' ? at + 1 : at);
          const problem = analyze(text).diagnostics.find(({ code }) => code === 'spec/syntax');
          if (!problem?.fix) return;
          const outcome = applyEdit(text, problem.fix.edit);
          if ('problem' in outcome) throw new Error(outcome.problem);
          const errors = (of: string) =>
            analyze(of).diagnostics.filter(({ code }) => code === 'spec/syntax').length;
          expect(errors(applyChanges(text, outcome.changes))).toBeLessThan(errors(text));
        },
      ),
      { seed, numRuns: runs(300) },
    );
  });
});

test('every code with a fixer is a code of an analysis', () => {
  for (const code of Object.keys(fixers))
    expect(code).toMatch(/^(spec|block|graph|shape|attribute|loss|metric|training)\//);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { connectProblem } from '../../engine/graph/connect.ts';
import { totalOf } from '../../engine/graph/summary.ts';
import { layers as layerTypes } from '../../engine/layers/registry.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';

// One seed, so that a failure is the same for everybody; a failing example prints how to replay it.
fc.configureGlobal({ seed: 20261123 });

const image = '"image": { "type": "input", "shape": [4, 4, 2] }';
const flat = '"flat": { "type": "flatten", "from": "image" }';
const out = '"out": { "type": "dense", "from": "flat", "units": 3 }';
const network = (...layers: string[]): string => `{\n"layers": {\n${layers.join(',\n')}\n}\n}`;
const trained = (loss: string, ...layers: string[]): string =>
  `{ "layers": {\n${layers.join(',\n')}\n},\n"training": { "data": { "type": "idx", "images": "a", "labels": "b" }, "loss": ${loss}, "optimizer": "sgd" } }`;

/** The text has one problem: this code, underlining this, with a message of this form. */
function check(text: string, code: string, underlined: string, message: RegExp): void {
  const { diagnostics } = analyze(text);
  const shown = diagnostics.map(({ code, range }) => ({
    code,
    underlined: text.slice(range.start, range.end),
  }));
  expect(shown, diagnostics.map((problem) => problem.message).join('\n')).toEqual([{ code, underlined }]);
  expect(diagnostics[0].message).toMatch(message);
}

describe('a sound network', () => {
  const { graph, summaries, sound, trainable, diagnostics } = analyze(
    trained('{ "type": "softmaxCrossEntropy", "from": "out" }', out, flat, image),
  );

  test('is put in an order in which each layer follows those it reads, however the text is ordered', () => {
    expect(diagnostics).toEqual([]);
    expect({ sound, trainable }).toEqual({ sound: true, trainable: true });
    expect(graph.layers.map(({ name }) => name)).toEqual(['image', 'flat', 'out']);
  });

  test('has known shapes and costs', () => {
    expect(graph.layers.map(({ inferred }) => inferred.output)).toEqual([[4, 4, 2], [32], [3]]);
    expect(summaries.get('out')).toEqual({ parameters: 32 * 3 + 3, flops: 2 * 32 * 3, activationBytes: 12 });
    expect(totalOf(summaries.values()).parameters).toBe(99);
  });

  test('counts shared parameters once', () => {
    const twin = '"twin": { "type": "dense", "from": "flat", "units": 3, "shares": "out" }';
    const { summaries, diagnostics } = analyze(network(image, flat, out, twin));
    expect(diagnostics).toEqual([]);
    expect(totalOf(summaries.values()).parameters).toBe(99);
  });

  test('without a training section is sound, but not trainable', () => {
    expect(analyze(network(image, flat, out))).toMatchObject({
      sound: true,
      trainable: false,
      diagnostics: [],
    });
  });

  test('stays sound when only its training section is wrong', () => {
    expect(analyze(trained('5', image, flat, out))).toMatchObject({ sound: true, trainable: false });
  });
});

describe('a mistake gets one message at its place:', () => {
  test('an unknown layer', () =>
    check(
      network(image, '"flat": { "type": "flatten", "from": "imag" }', out),
      'graph/unknown-layer',
      '"imag"',
      /^flat: there is no layer "imag". Did you mean "image"/,
    ));
  test('an unknown layer in a list', () =>
    check(
      network(image, '"sum": { "type": "add", "from": ["image", "pool"] }'),
      'graph/unknown-layer',
      '"pool"',
      /no layer "pool"/,
    ));
  test('an unknown output', () =>
    check(
      network(image, '"flat": { "type": "flatten", "from": "image.state" }', out),
      'graph/unknown-output',
      '"image.state"',
      /image has no output "state"/,
    ));
  test('no input', () =>
    check(
      network(image, flat, '"out": { "type": "dense", "units": 3 }'),
      'graph/missing-input',
      '"out"',
      /^out has no input. Connect/,
    ));
  test('too few inputs', () =>
    check(
      network(image, '"sum": { "type": "add", "from": "image" }'),
      'graph/missing-input',
      '"image"',
      /^sum needs at least 2 inputs, found 1 \(image\)/,
    ));
  test('too many inputs', () =>
    check(
      network(image, '"flat": { "type": "flatten", "from": ["image", "image"] }'),
      'graph/too-many-inputs',
      '["image", "image"]',
      /^flat takes one input, found 2/,
    ));
  test('an input to an input', () =>
    check(
      network(image, '"more": { "type": "input", "shape": [1], "from": "image" }'),
      'graph/too-many-inputs',
      '"image"',
      /^more takes no input/,
    ));
  test('a cycle', () => {
    const ring = [
      '"a": { "type": "relu", "from": "c" }',
      '"b": { "type": "relu", "from": "a" }',
      '"c": { "type": "relu", "from": "b" }',
    ];
    check(
      network(...ring, '"behind": { "type": "relu", "from": "c" }'),
      'graph/cycle',
      '"c"',
      /^a reads its own output: a → b → c → a\./,
    );
  });
  test('a layer that reads itself', () =>
    check(network('"a": { "type": "relu", "from": "a" }'), 'graph/cycle', '"a"', /a → a/));
  test('a shape that does not fit, and where it comes from', () => {
    const sum = '"sum": { "type": "add", "from": ["image", "flat"] }';
    const { diagnostics } = analyze(network(image, flat, sum, '"last": { "type": "relu", "from": "sum" }'));
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ layer: 'sum', severity: 'error' });
    expect(diagnostics[0].message).toMatch(/^sum: .*\(after image, flat\)\. /);
  });
  test('a tensor beyond all memory', () => {
    for (const units of ['100000000000', '9007199254740991'])
      check(
        network(image, flat, out.replace('3', units)),
        'spec/attribute',
        units,
        /^out: units expected a whole number at least 1, at most 2147483647/,
      );
    check(
      network('"image": { "type": "input", "shape": [4194305, 4194305, 211106198] }'),
      'shape/too-large',
      '"image"',
      /4194305×4194305×211106198/,
    );
  });
  test('a tensor at the limit is allowed, one above is not', () => {
    expect(analyze(network('"a": { "type": "input", "shape": [2147483647] }')).diagnostics).toEqual([]);
    check(
      network('"a": { "type": "input", "shape": [2147483648] }'),
      'spec/attribute',
      '2147483648',
      /at most 2147483647/,
    );
  });

  const sharing = (owner: string, shares: string) =>
    network(
      image,
      flat,
      owner,
      `"twin": { "type": "dense", "from": "flat", "units": 3, "shares": "${shares}" }`,
    );
  test('sharing other shapes', () =>
    check(
      sharing(out.replace('3', '4'), 'out'),
      'graph/shares',
      '"out"',
      /^twin: needs the parameters kernel 32×3, bias 3, but out has kernel 32×4/,
    ));
  test('sharing with nobody', () =>
    check(sharing(out, 'outt'), 'graph/shares', '"outt"', /Did you mean "out"/));
  test('sharing with oneself', () => check(sharing(out, 'twin'), 'graph/shares', '"twin"', /itself/));
  test('sharing with a layer without parameters', () =>
    check(sharing(out, 'flat'), 'graph/shares', '"flat"', /no parameters/));
  test('sharing with a layer that shares', () =>
    check(
      sharing(`${out}, "mid": { "type": "dense", "from": "flat", "units": 3, "shares": "out" }`, 'mid'),
      'graph/shares',
      '"mid"',
      /Share with out/,
    ));

  test('a loss of an unknown layer', () =>
    check(
      trained('{ "type": "meanSquaredError", "from": "outt" }', image),
      'graph/unknown-layer',
      '"outt"',
      /^loss: .*"outt"/,
    ));
  test('a layer that leads to no loss', () => {
    const side = '"side": { "type": "dense", "from": "flat", "units": 1 }';
    const text = trained('{ "type": "meanSquaredError", "from": "out" }', image, flat, out, side);
    check(text, 'graph/unused', '"side"', /learns nothing/);
    expect(analyze(text).trainable).toBe(true);
  });
});

describe('of a layer with several mistakes each is told at its own place:', () => {
  const checkBoth = (layer: string, ...expected: [code: string, underlined: string][]) => {
    const text = network(image, flat, layer);
    const told = analyze(text).diagnostics.map(({ code, range }) => [
      code,
      text.slice(range.start, range.end),
    ]);
    expect(told).toEqual(expected);
  };
  test('an unknown layer and a wrong attribute', () =>
    checkBoth(
      '"out": { "type": "dense", "from": "nope", "units": 0 }',
      ['graph/unknown-layer', '"nope"'],
      ['spec/attribute', '0'],
    ));
  test('an unknown layer and an unknown type', () =>
    checkBoth(
      '"out": { "type": "danse", "from": ["flat", "nope"] }',
      ['spec/unknown-type', '"danse"'],
      ['graph/unknown-layer', '"nope"'],
    ));
  test('one input too many and a missing attribute', () =>
    checkBoth(
      '"out": { "type": "dense", "from": ["flat", "image"] }',
      ['spec/missing-attribute', '"out"'],
      ['graph/too-many-inputs', '["flat", "image"]'],
    ));
  test('but a "from" that cannot be read is not missing too', () =>
    checkBoth('"out": { "type": "dense", "from": 5, "units": 3 }', ['spec/from', '5']));
});

test('a broken layer is passed over: what does not read it keeps its shape, what does stays unsaid', () => {
  const broken = '"broken": { "type": "dense", "from": "flat" }';
  const behind = '"behind": { "type": "relu", "from": "broken" }';
  const { graph, diagnostics } = analyze(network(image, flat, broken, behind, out));
  expect(diagnostics.map(({ layer }) => layer)).toEqual(['broken']);
  expect([...graph.byName.keys()]).toEqual(['image', 'flat', 'out']);
});

describe('joining two layers', () => {
  const analysis = analyze(
    network(
      image,
      flat,
      out,
      '"sum": { "type": "add", "from": ["image"] }',
      '"free": { "type": "relu" }',
      '"deaf": { "type": "dens" }',
    ),
  );
  const joined = (from: string, to: string, index = 0) =>
    connectProblem(analysis, { layer: from }, to, index);

  test('is allowed where order and shapes permit it', () => {
    expect(joined('out', 'free')).toBeUndefined();
    expect(joined('image', 'sum', 1)).toBeUndefined();
    expect(joined('out', 'deaf')).toBeUndefined();
  });
  test('is refused with the reason', () => {
    expect(joined('out', 'flat')).toMatch(/flat already depends on|already depends/);
    expect(joined('free', 'free')).toMatch(/its own output/);
    expect(joined('out', 'image')).toMatch(/takes no input/);
    expect(joined('image', 'flat', 1)).toMatch(/takes one input/);
    expect(joined('flat', 'sum', 1)).toMatch(/^sum: /);
    expect(joined('nobody', 'flat')).toMatch(/no layer "nobody"/);
    expect(connectProblem(analysis, { layer: 'out', output: 'state' }, 'free', 0)).toMatch(
      /no output "state"/,
    );
  });
});

/** Layers 0 … n−1 with arbitrary connections, every one of them an addition. */
const wiring = fc.integer({ min: 1, max: 9 }).chain((size) =>
  fc.array(fc.array(fc.nat(size - 1), { minLength: 2, maxLength: 3 }), {
    minLength: size,
    maxLength: size,
  }),
);

const wired = (from: readonly (readonly number[])[]): string =>
  network(
    ...from.map(
      (sources, layer) =>
        `"l${layer}": { "type": "add", "from": [${sources.map((source) => `"l${source}"`).join(', ')}] }`,
    ),
  );

/** Which layers can be reached from which, by trying every stop on the way. */
function reachability(from: readonly (readonly number[])[]): boolean[][] {
  const reaches = from.map((_, source) => from.map((sources) => sources.includes(source)));
  for (const [via] of from.entries())
    for (const [start] of from.entries())
      for (const [end] of from.entries()) reaches[start][end] ||= reaches[start][via] && reaches[via][end];
  return reaches;
}

describe('any wiring', () => {
  test('has a reported cycle exactly when there is one, and every reported one is real', () => {
    fc.assert(
      fc.property(wiring, (from) => {
        const reaches = reachability(from);
        const cycles = analyze(wired(from)).diagnostics.filter(({ code }) => code === 'graph/cycle');
        expect(cycles.length > 0).toBe(from.some((_, layer) => reaches[layer][layer]));
        for (const { message } of cycles) {
          const ring = [.../(l\d(?: → l\d)+)/.exec(message)![1].matchAll(/\d/g)].map(Number);
          expect(ring.at(-1)).toBe(ring[0]);
          expect(new Set(ring).size).toBe(ring.length - 1);
          for (let step = 1; step < ring.length; step++) expect(from[ring[step]]).toContain(ring[step - 1]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  /** Arrows only from earlier layers, the first two being inputs. */
  const acyclic = fc
    .array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 8 })
    .map((pairs) => pairs.map((pair, index) => pair.map((source) => source % (index + 2))));

  const sumNetwork = (from: readonly (readonly number[])[]): string =>
    network(
      ...['"l0": { "type": "input", "shape": [3] }', '"l1": { "type": "input", "shape": [3] }'],
      ...from.map(
        (sources, index) =>
          `"l${index + 2}": { "type": "add", "from": [${sources.map((source) => `"l${source}"`).join(', ')}] }`,
      ),
    );

  test('without a cycle is put in order, shuffled as its text may be', () => {
    fc.assert(
      fc.property(acyclic, fc.infiniteStream(fc.double({ noNaN: true })), (from, keys) => {
        const lines = sumNetwork(from)
          .split('\n')
          .slice(2, -2)
          .map((line) => line.replace(/,$/, ''));
        const shuffled = lines
          .map((line) => ({ line, key: keys.next().value! }))
          .sort((a, b) => a.key - b.key);
        const { graph, sound } = analyze(network(...shuffled.map(({ line }) => line)));
        expect(sound).toBe(true);
        const place = new Map(graph.layers.map(({ name }, index) => [name, index]));
        expect(place.size).toBe(from.length + 2);
        for (const { name, from: sources } of graph.layers)
          for (const { layer } of sources) expect(place.get(layer)).toBeLessThan(place.get(name)!);
      }),
    );
  });

  test('may be joined exactly when the joined network is sound', () => {
    fc.assert(
      fc.property(acyclic, fc.nat(), fc.nat(), fc.nat(2), (from, a, b, index) => {
        const text = sumNetwork(from);
        const size = from.length + 2;
        const [source, target] = [`l${a % size}`, `l${b % size}`];
        const refused = connectProblem(analyze(text), { layer: source }, target, index) !== undefined;
        const edit = applyEdit(text, { kind: 'connect', from: { layer: source }, to: target, index });
        const isSound = 'changes' in edit && analyze(applyChanges(text, edit.changes)).sound;
        expect(refused).toBe(!isSound);
      }),
      { numRuns: 300 },
    );
  });
});

test('a chain of ten thousand layers is analysed without recursion', () => {
  const layers = Array.from(
    { length: 9999 },
    (_, index) => `"l${index + 1}": { "type": "relu", "from": "l${index}" }`,
  );
  const { graph, sound } = analyze(network('"l0": { "type": "input", "shape": [3] }', ...layers));
  expect(sound).toBe(true);
  expect(graph.layers).toHaveLength(10_000);
  expect(analyze(network(...layers, '"l0": { "type": "relu", "from": "l9999" }')).diagnostics).toHaveLength(
    1,
  );
});

describe('a layer of absurd size', () => {
  const bombs = [0, 1, 65_535, 2 ** 31 - 1, 2 ** 31, 1e12, Number.MAX_SAFE_INTEGER];

  /** Every attribute and size of the sample that is a number may explode; nothing may throw or hold more than a tensor can. */
  const exploded = (value: unknown): fc.Arbitrary<unknown> => {
    if (typeof value === 'number')
      return fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, fc.constantFrom(...bombs));
    return Array.isArray(value) ? fc.tuple(...value.map(exploded)) : fc.constant(value);
  };

  test.each([...layerTypes].map(({ type }) => type))('is refused or fits: %s', (type) => {
    const { samples, attributes } = layerTypes.get(type);
    const numeric = Object.entries(attributes).filter(
      ([, { control }]) => control.kind === 'number' || control.kind === 'json',
    );
    for (const sample of samples) {
      if (sample.inputs.some((shape) => shape.length === 0)) continue;
      const given: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(
        [
          ...numeric.map(([name, { default: preset }]) => [name, preset] as const),
          ...Object.entries(sample.attributes ?? {}),
        ]
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => [name, exploded(value)]),
      );
      fc.assert(
        fc.property(fc.record(given), fc.tuple(...sample.inputs.map(exploded)), (values, shapes) => {
          const inputs = shapes.map(
            (shape, index) => `"in${index}": ${JSON.stringify({ type: 'input', shape })}`,
          );
          const from = inputs.map((_, index) => `in${index}`);
          const { graph, diagnostics } = analyze(
            network(
              ...inputs,
              `"layer": ${JSON.stringify({ type, ...(from.length > 0 ? { from } : {}), ...values })}`,
            ),
          );
          expect(diagnostics.filter(({ code }) => code.startsWith('internal'))).toEqual([]);
          for (const { inferred } of graph.layers)
            for (const { shape } of [
              { shape: inferred.output },
              ...Object.values(inferred.parameters ?? {}),
            ]) {
              const size = shape.reduce((product, one) => product * one, 1);
              expect(size).toBeGreaterThan(0);
              expect(size).toBeLessThan(2 ** 31);
            }
        }),
        { numRuns: 30 },
      );
    }
  });
});

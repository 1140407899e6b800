/** The analysis of a text: a valid network has all shapes, and each mistake has one message at its place. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { totalOf } from '../../engine/graph/summary.ts';
import { flat, image, network, out } from './graphTexts.ts';

const trained = (loss: string, ...layers: string[]): string =>
  `{ "layers": {\n${layers.join(',\n')}\n},\n"training": { "data": { "type": "idx", "images": "a", "labels": "b" }, "loss": ${loss}, "optimizer": "sgd" } }`;

/** Expects one problem, with this code, this underlined text and a message that matches. */
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

  test('gets an order in which each layer follows those that it reads, whatever the order of the text', () => {
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
  test('a number that float32 cannot hold, above or below zero', () => {
    for (const value of ['1e39', '-1e39'])
      check(
        network(
          image,
          flat,
          out.replace('}', `, "biasInitializer": { "type": "constant", "value": ${value} } }`),
        ),
        'spec/attribute',
        value,
        /value must be a number from -3\.4e\+38 to 3\.4e\+38, found -?1e\+39/,
      );
  });
  test('a tensor beyond all memory', () => {
    for (const units of ['100000000000', '9007199254740991'])
      check(
        network(image, flat, out.replace('3', units)),
        'spec/attribute',
        units,
        /^out: units must be an integer from 1 to 2147483647/,
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
      /a list of one or more integers from 1 to 2147483647/,
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
      /Name out instead/,
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

describe('of a layer with several mistakes each is reported at its own place:', () => {
  const checkBoth = (layer: string, ...expected: [code: string, underlined: string][]) => {
    const text = network(image, flat, layer);
    const reported = analyze(text).diagnostics.map(({ code, range }) => [
      code,
      text.slice(range.start, range.end),
    ]);
    expect(reported).toEqual(expected);
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
  test('but a "from" that cannot be read is not reported as missing, too', () =>
    checkBoth('"out": { "type": "dense", "from": 5, "units": 3 }', ['spec/from', '5']));
});

test('a broken layer is skipped: layers that do not read it keep their shapes, and those that read it are not reported', () => {
  const broken = '"broken": { "type": "dense", "from": "flat" }';
  const behind = '"behind": { "type": "relu", "from": "broken" }';
  const { graph, diagnostics } = analyze(network(image, flat, broken, behind, out));
  expect(diagnostics.map(({ layer }) => layer)).toEqual(['broken']);
  expect([...graph.byName.keys()]).toEqual(['image', 'flat', 'out']);
});

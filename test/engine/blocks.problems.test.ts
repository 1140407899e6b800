/** A problem of a block is reported once, at its place in the text, and fixes and edits change the definition. */
import { describe, expect, it } from 'vitest';
import { check } from '../../engine/api.ts';
import { diagnose } from '../../engine/diagnose/check.ts';
import { fixesOf } from '../../engine/diagnose/define.ts';
import type { TrainingLook } from '../../engine/diagnose/look.ts';
import { strongPenalty } from '../../engine/diagnose/rules/strongPenalty.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { image, type Layers, problems, residual, textOf, tiny, training, vector } from './blockTexts.ts';

describe('a mistake is reported once, at its place in the text:', () => {
  const uses = { in: vector, a: { type: 'tiny', from: 'in' }, b: { type: 'tiny', from: 'a' } };

  it('in a block, whatever its uses', () => {
    expect(problems(textOf(uses, { tiny: { ...tiny, d: { type: 'dense', from: 'x' } } }))).toMatchObject([
      {
        code: 'spec/missing-attribute',
        path: 'blocks tiny d units',
        message: expect.stringContaining('block tiny, d: '),
      },
    ]);
    expect(problems(textOf(uses, { tiny: { ...tiny, r: { type: 'relu', from: 'e' } } }))).toMatchObject([
      { code: 'graph/unknown-layer', path: 'blocks tiny r from', at: '"e"' },
    ]);
  });

  it('in one use, which the message names', () => {
    const text = textOf(
      {
        in: image,
        d: { type: 'conv2d', from: 'in', filters: 2, kernelSize: 3 },
        a: { type: 'residual', from: 'd' },
        c: { type: 'conv2d', from: 'a', filters: 3, kernelSize: 1 },
        b: { type: 'residual', from: 'c' },
      },
      { residual },
    );
    expect(problems(text)).toMatchObject([
      {
        code: 'shape/mismatch',
        path: 'blocks residual sum',
        message: expect.stringMatching(/^b\/sum: /),
        at: '"sum"',
      },
    ]);
  });

  it('a block that contains itself, at the use that closes the circle', () => {
    const one = (type: string): Layers => ({
      x: { type: 'blockInput' },
      u: { type, from: 'x' },
      y: { type: 'blockOutput', from: 'u' },
    });
    expect(
      problems(textOf({ in: vector, a: { type: 'p', from: 'in' } }, { p: one('q'), q: one('p') })),
    ).toMatchObject([
      { code: 'block/recursive', path: 'blocks q u type', message: expect.stringContaining('p → q → p') },
    ]);
  });

  it.each<[string, string, { [name: string]: Layers }, Layers]>([
    ['no input', 'block/ports', { tiny: { d: { type: 'relu', from: 'd' } } }, {}],
    ['a type that no block has', 'spec/unknown-type', { tiny }, { a: { type: 'tinny', from: 'in' } }],
    ['a name of a layer type', 'block/name', { relu: tiny }, {}],
    ['a name with a slash', 'block/name', { 'a/b': tiny }, {}],
    ['a port outside of blocks', 'block/misplaced', { tiny }, { a: { type: 'blockInput' } }],
    [
      'an input of the network within a block',
      'block/misplaced',
      { tiny: { ...tiny, i: { type: 'input', shape: [3] } } },
      {},
    ],
    [
      'a layer within a use that is read from outside',
      'block/inside',
      { tiny },
      { a: { type: 'tiny', from: 'in' }, b: { type: 'relu', from: 'a/d' } },
    ],
    [
      'no such output',
      'graph/unknown-output',
      { tiny },
      { a: { type: 'tiny', from: 'in' }, b: { type: 'relu', from: 'a.z' } },
    ],
    ['too many inputs', 'graph/too-many-inputs', { tiny }, { a: { type: 'tiny', from: ['in', 'in'] } }],
    [
      'parameters of another kind',
      'graph/shares',
      { tiny },
      { a: { type: 'tiny', from: 'in', shares: 'in' } },
    ],
    ['too many repeats', 'spec/attribute', { tiny }, { a: { type: 'tiny', from: 'in', repeat: 10_000 } }],
    [
      'a name that a dissolved layer would have',
      'block/clash',
      { tiny },
      { a: { type: 'tiny', from: 'in' }, a_d: { type: 'relu', from: 'a' } },
    ],
    ['no use at all', 'block/unused', { tiny }, {}],
  ])('%s', (_, code, blocks, layers) => {
    const found = problems(textOf({ in: vector, ...layers }, blocks));
    expect(found.map((one) => one.code)).toContain(code);
    for (const { message } of found) expect(message).not.toContain('internal');
  });

  it.each<[string, Layers | number, string]>([
    ['a wrong attribute', { ...tiny, d: { type: 'dense', from: 'x', units: 0 } }, 'b'],
    ['an unknown type', { ...tiny, d: { type: 'denes', from: 'x' } }, 'b'],
    ['an unknown source', { ...tiny, d: { type: 'dense', from: 'z', units: 4 } }, 'b'],
    ['a layer that reads itself', { ...tiny, r: { type: 'add', from: ['d', 'r'] } }, 'b'],
    ['no input', { d: { type: 'positionalEncoding' }, y: { type: 'blockOutput', from: 'd' } }, 'b'],
    ['no output', { x: { type: 'blockInput' } }, 'b'],
    ['a number in its place', 3, 'b'],
    ['a name with a slash', tiny, 'b/c'],
    ['itself inside', { ...tiny, d: { type: 'b', from: 'x' } }, 'b'],
    [
      'a layer that does not fit',
      { ...tiny, d: { type: 'conv2d', from: 'x', filters: 1, kernelSize: 1 } },
      'b',
    ],
  ])('of a block with %s are at the block, never at its uses', (_, body, name) => {
    const layers = { in: vector, a: { type: name, from: 'in' }, c: { type: name, from: 'a', repeat: 2 } };
    const text = textOf({ ...layers, o: { type: 'dense', from: 'c', units: 2 } }, { [name]: tiny }).replace(
      `${JSON.stringify(name)}: {\n`,
      `${JSON.stringify(name)}: ${JSON.stringify(body)}, "other": {\n`,
    );
    const errors = problems(text).filter(({ code }) => code !== 'block/unused');
    expect(errors.length).toBeGreaterThan(0);
    for (const { path } of errors) expect(path).toMatch(/^blocks /);
  });

  it('of a name that leads into a block say what to do', () => {
    const layers = {
      in: vector,
      a: { type: 'tiny', from: 'in' },
      b: { type: 'dense', from: 'a', units: 4, shares: 'a/d' },
    };
    const training = {
      data: { type: 'points' },
      loss: { type: 'softmaxCrossEntropy', from: 'a/d' },
      optimizer: 'adam',
    };
    expect(
      problems(textOf(layers, { tiny }, { training })).map(({ code, message }) => [code, message]),
    ).toEqual([
      ['graph/shares', expect.stringContaining('"a/d" is inside a block')],
      ['block/inside', expect.stringContaining('Give the block an output there')],
    ]);
  });

  it('names of prototypes', () => {
    const text = `{ "blocks": { "constructor": {}, "__proto__": { "x": { "type": "blockInput" } }, "t": { "toString": { "type": "hasOwnProperty" } } }, "layers": { "in": { "type": "valueOf" } } }`;
    const codes = problems(text).map(({ code }) => code);
    expect(codes.filter((code) => code === 'spec/reserved-name').length).toBe(2);
    expect(codes.filter((code) => code === 'spec/unknown-type').length).toBe(2);
  });

  it('more layers than a network may have, however they nest, without expanding them', () => {
    const nested: { [name: string]: Layers } = {};
    for (let level = 0; level < 20; level++) {
      const type = level === 0 ? 'relu' : `n${level - 1}`;
      nested[`n${level}`] = {
        x: { type: 'blockInput' },
        a: { type, from: 'x' },
        b: { type, from: 'a' },
        y: { type: 'blockOutput', from: 'b' },
      };
    }
    for (const level of [13, 19]) {
      const text = textOf({ in: vector, u: { type: `n${level}`, from: 'in' } }, nested);
      expect(analyze(text).graph.layers.length).toBe(1);
      expect(problems(text).filter(({ code }) => code === 'block/too-large')).toMatchObject([
        { path: 'layers u type' },
      ]);
    }
    const wide = textOf({ in: vector, u: { type: 'n9', from: 'in', repeat: 1000 } }, nested);
    expect(problems(wide)).toContainEqual(
      expect.objectContaining({ code: 'block/too-large', path: 'layers u repeat' }),
    );
  });
});

it('nothing is reported about blocks that were not read because there are too many', () => {
  const blocks = Object.fromEntries(Array.from({ length: 4000 }, (_, index) => [`b${index}`, tiny]));
  const found = problems(textOf({ in: vector, a: { type: 'b0', from: 'in' } }, blocks));
  expect(new Set(found.map(({ code }) => code))).toEqual(
    new Set(['block/unused', 'spec/too-large', 'spec/more']),
  );
});

describe('fixes and edits', () => {
  const apply = (text: string, edit: SpecEdit): string => {
    const outcome = applyEdit(text, edit);
    if ('problem' in outcome) throw new Error(outcome.problem);
    return applyChanges(text, outcome.changes);
  };

  it('of a problem in a block change the block', () => {
    const text = textOf(
      { in: vector, a: { type: 'tiny', from: 'in' } },
      { tiny: { ...tiny, r: { type: 'relu', from: 'dd' } } },
    );
    const [{ fix }] = analyze(text).diagnostics;
    expect(apply(text, fix!.edit)).toBe(text.replace('"dd"', '"d"'));
    const unused = textOf({ in: vector, a: { type: 'tiny', from: 'in' } }, { tiny, other: tiny });
    expect(apply(unused, analyze(unused).diagnostics[0].fix!.edit)).not.toContain('other');
  });

  it('give a block the input and the output that it lacks', () => {
    const bare: Layers = { d: { type: 'dense', units: 4 }, r: { type: 'relu', from: 'd' } };
    const text = textOf({ in: vector, a: { type: 'bare', from: 'in' } }, { bare });
    const { fix } = analyze(text).diagnostics.find(({ code }) => code === 'block/ports')!;
    expect(analyze(apply(text, fix!.edit)).diagnostics).toEqual([]);
  });

  it('inside a block concern its layers and nothing else of the same name', () => {
    const text = textOf(
      { d: vector, a: { type: 'tiny', from: 'd' } },
      { tiny },
      { layout: { d: [1, 2], 'tiny/d': [3, 4] } },
    );
    const inBlock = (edit: SpecEdit): SpecEdit => ({ kind: 'inBlock', block: 'tiny', edit });
    expect(apply(text, inBlock({ kind: 'renameLayer', name: 'd', newName: 'hidden' }))).toBe(
      text
        .replace('"d": {"type":"dense"', '"hidden": {"type":"dense"')
        .replace('{"type":"relu","from":"d"}', '{"type":"relu","from":"hidden"}')
        .replace('"tiny/d"', '"tiny/hidden"'),
    );
    expect(apply(text, inBlock({ kind: 'clearLayout' }))).toContain('"layout": {"d":[1,2]}');
    expect(apply(text, { kind: 'renameBlock', name: 'tiny', newName: 'small' })).toBe(
      text.replaceAll('tiny', 'small'),
    );
    // A layer inside a use is the layer of the block.
    expect(apply(text, { kind: 'setAttribute', layer: 'a/d', attribute: 'units', value: 5 })).toBe(
      text.replace('"units":4', '"units":5'),
    );
  });

  describe('of a finding inside a block', () => {
    const flatPart: Layers = {
      x: { type: 'blockInput' },
      d: { type: 'dense', from: 'x', units: 4 },
      y: { type: 'blockOutput', from: 'd' },
    };
    const learnt = { training: { ...training('out'), data: { type: 'points' } } };
    const point = { type: 'input', shape: [2] };
    const out = { type: 'dense', from: 'u', units: 2 };
    const fixed = (text: string, wanted: string): string => {
      const { fix } = check(text).findings.find(({ code }) => code === wanted)!;
      const after = apply(text, fix!.edit as SpecEdit);
      expect(check(after).problems).toEqual([]);
      return after;
    };

    it('adds a layer in the block', () => {
      const text = textOf(
        { in: point, u: { type: 'part', from: 'in', repeat: 2 }, out },
        { part: flatPart },
        learnt,
      );
      expect(fixed(text, 'structure/noNonlinearity')).toBe(
        text.replace(
          '"y": {"type":"blockOutput","from":"d"}',
          '"relu": { "type": "relu", "from": "d" },\n      "y": {"type":"blockOutput","from":"relu"}',
        ),
      );
    });

    it('adds a layer between a layer and the block that reads it', () => {
      const text = textOf(
        { in: point, d: { type: 'dense', from: 'in', units: 4 }, u: { type: 'tiny', from: 'd' }, out },
        { tiny },
        learnt,
      );
      expect(fixed(text, 'structure/noNonlinearity')).toContain('"u": {"type":"tiny","from":"relu"}');
    });

    it('removes a layer from the block', () => {
      const text = textOf(
        { in: point, out: { type: 'odds', from: 'in' } },
        { odds: { ...flatPart, s: { type: 'softmax', from: 'd' }, y: { type: 'blockOutput', from: 's' } } },
        learnt,
      );
      const after = fixed(text, 'output/lossMismatch');
      expect(after).not.toContain('softmax"');
      expect(after).toContain('"y": {"type":"blockOutput","from":"d"}');
    });

    it('changes the attributes that a use has for all layers inside at the use', () => {
      const frozen = textOf(
        { in: point, out: { type: 'part', from: 'in', trainable: false } },
        { part: flatPart },
        learnt,
      );
      expect(fixed(frozen, 'structure/nothingTrains')).toBe(frozen.replace(',"trainable":false', ''));
      const small = textOf(
        { in: point, out: { type: 'part', from: 'in', l2: 5 } },
        { part: flatPart },
        learnt,
      );
      const [{ edit }] = fixesOf(strongPenalty, undefined, { analysis: analyze(small) } as TrainingLook);
      expect(apply(small, edit)).toBe(small.replace('"l2":5', '"l2":0.005'));
    });
  });
});

describe('a finding in a block', () => {
  const stacked: Layers = {
    x: { type: 'blockInput' },
    d: { type: 'dense', from: 'x', units: 4 },
    d2: { type: 'dense', from: 'd', units: 4 },
    n: { type: 'batchNorm', from: 'd2' },
    y: { type: 'blockOutput', from: 'n' },
  };
  const text = textOf(
    {
      image,
      flat: { type: 'flatten', from: 'image' },
      a: { type: 'stacked', from: 'flat', repeat: 2 },
      out: { type: 'dense', from: 'a', units: 4 },
    },
    { stacked },
    { training: training('out') },
  );

  it('is reported once, at the definition, and its fix changes the block', () => {
    const { findings } = diagnose(text);
    const places = findings.map(({ code, path }) => `${code} ${path.join(' ')}`);
    expect(new Set(places).size).toBe(places.length);
    expect(places).toContain('structure/batchNormBias blocks stacked d2');
    expect(findings.filter(({ fix }) => fix).length).toBeGreaterThan(1);
    for (const { code, fix } of findings) {
      if (!fix) continue;
      const outcome = applyEdit(text, fix.edit);
      if ('problem' in outcome) throw new Error(`${code}: ${outcome.problem}`);
      const fixed = applyChanges(text, outcome.changes);
      expect(
        diagnose(fixed).diagnostics.filter(({ severity }) => severity === 'error'),
        code,
      ).toEqual([]);
    }
  });
});

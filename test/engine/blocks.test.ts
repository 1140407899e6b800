/** Blocks: what they expand to, what is refused and where, and that they train as the same network written flat. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { dissolvedName } from '../../engine/spec/reference.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { tensorsOf } from '../../engine/train/kept.ts';
import { train } from '../../engine/train/loop.ts';
import { assemble } from '../../engine/train/open.ts';
import { Training } from '../../engine/train/training.ts';
import { openShort } from './examples.ts';

type Layers = { readonly [name: string]: object };

const residual: Layers = {
  x: { type: 'blockInput' },
  conv: { type: 'conv2d', from: 'x', filters: 2, kernelSize: 3, padding: 'same' },
  norm: { type: 'batchNorm', from: 'conv' },
  drop: { type: 'dropout', from: 'norm', rate: 0.2 },
  sum: { type: 'add', from: ['drop', 'x'] },
  y: { type: 'blockOutput', from: 'sum' },
};

const image = { type: 'input', shape: [28, 28, 1] };

const training = (from: string) => ({
  data: { type: 'shapes', samples: 12, testSamples: 6 },
  loss: { type: 'softmaxCrossEntropy', from },
  optimizer: 'adam',
});

/** One line a layer, as people write it. */
const textOf = (layers: Layers, blocks?: { readonly [name: string]: Layers }, rest: object = {}): string => {
  const lines = (entries: Layers, indent: string) =>
    `{\n${Object.entries(entries)
      .map(([name, value]) => `${indent}  ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n')}\n${indent}}`;
  const sections = [
    ...(blocks
      ? [
          `  "blocks": {\n${Object.entries(blocks)
            .map(([name, body]) => `    ${JSON.stringify(name)}: ${lines(body, '    ')}`)
            .join(',\n')}\n  }`,
        ]
      : []),
    `  "layers": ${lines(layers, '  ')}`,
    ...Object.entries(rest).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`),
  ];
  return `{\n${sections.join(',\n')}\n}\n`;
};

const problems = (text: string) =>
  analyze(text).diagnostics.map(({ code, message, path, range }) => ({
    code,
    message,
    path: path.join(' '),
    at: text.slice(range.start, range.end),
  }));

const flat = (text: string) =>
  analyze(text).graph.layers.map(({ name, from, spec }) => {
    const shares = spec.common.shares === undefined ? '' : ` = ${spec.common.shares}`;
    return `${name}(${from.map(({ layer }) => layer).join()})${shares}`;
  });

const tiny: Layers = {
  x: { type: 'blockInput' },
  d: { type: 'dense', from: 'x', units: 4 },
  r: { type: 'relu', from: 'd' },
  y: { type: 'blockOutput', from: 'r' },
};
const vector = { type: 'input', shape: [4] };

describe('a use of a block', () => {
  it('stands for its layers, copy after copy, each with parameters of its own', () => {
    const text = textOf(
      { in: vector, a: { type: 'tiny', from: 'in', repeat: 2 }, out: { type: 'dense', from: 'a', units: 2 } },
      { tiny },
    );
    expect(problems(text)).toEqual([]);
    expect(flat(text)).toEqual([
      'in()',
      'a/1/d(in)',
      'a/1/r(a/1/d)',
      'a/2/d(a/1/r)',
      'a/2/r(a/2/d)',
      'out(a/2/r)',
    ]);
    expect(analyze(text).summaries.get('a')?.parameters).toBe(2 * 20);
  });

  it('shares parameters with another use copy by copy, or among its copies', () => {
    const uses = (a: object, b: object) =>
      textOf(
        { in: vector, a: { type: 'tiny', from: 'in', ...a }, b: { type: 'tiny', from: 'a', ...b } },
        { tiny },
      );
    expect(flat(uses({ repeat: 2 }, { repeat: 2, shares: 'a' }))).toEqual([
      'in()',
      'a/1/d(in)',
      'a/1/r(a/1/d)',
      'a/2/d(a/1/r)',
      'a/2/r(a/2/d)',
      'b/1/d(a/2/r) = a/1/d',
      'b/1/r(b/1/d)',
      'b/2/d(b/1/r) = a/2/d',
      'b/2/r(b/2/d)',
    ]);
    expect(
      flat(uses({ repeat: 2, tied: true }, { shares: 'a', repeat: 2 })).filter((one) => one.includes('=')),
    ).toEqual(['a/2/d(a/1/r) = a/1/d', 'b/1/d(a/2/r) = a/1/d', 'b/2/d(b/1/r) = a/1/d']);
    expect(problems(uses({ repeat: 2 }, { shares: 'a' }))).toMatchObject([
      { code: 'graph/shares', path: 'layers b shares' },
    ]);
  });

  it('may lie within a block, have several inputs and outputs, and be frozen as a whole', () => {
    const outer: Layers = {
      left: { type: 'blockInput' },
      right: { type: 'blockInput' },
      inner: { type: 'tiny', from: 'left' },
      twin: { type: 'tiny', from: 'right', shares: 'inner' },
      sum: { type: 'add', from: ['inner', 'twin'] },
      main: { type: 'blockOutput', from: 'sum' },
      side: { type: 'blockOutput', from: 'twin' },
    };
    const text = textOf(
      {
        in: vector,
        u: { type: 'outer', from: ['in', 'in'], trainable: false },
        out: { type: 'add', from: ['u', 'u.side'] },
      },
      { outer, tiny },
    );
    expect(problems(text)).toEqual([]);
    expect(flat(text)).toEqual([
      'in()',
      'u/inner/d(in)',
      'u/twin/d(in) = u/inner/d',
      'u/inner/r(u/inner/d)',
      'u/twin/r(u/twin/d)',
      'u/sum(u/inner/r,u/twin/r)',
      'out(u/sum,u/twin/r)',
    ]);
    expect(analyze(text).graph.byName.get('u/inner/d')?.spec.common.trainable).toBe(false);
    expect(analyze(text).graph.byName.get('u')?.inferred.extraOutputs).toEqual({ main: [4], side: [4] });
  });

  it('passes its first input on while it is bypassed', () => {
    const text = textOf(
      { in: vector, a: { type: 'tiny', from: 'in', bypass: true }, r: { type: 'relu', from: 'a' } },
      { tiny },
    );
    expect(flat(text)).toEqual(['in()', 'a(in)', 'r(a)']);
  });
});

describe('a mistake is reported once, where the text has it:', () => {
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

  it('a block within itself, at the use that closes the circle', () => {
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
});

describe('training', () => {
  async function weightsOf(text: string, saturated = false) {
    const opened = await openShort(text, 11, 5);
    const parts = assemble(
      { ...opened, training: { ...opened.training, batchSize: 4, epochs: 2 } },
      opened.dataset,
      {},
      referenceBackend,
    );
    const measured = new Set<string>();
    const host = { now: () => 0, yield: () => Promise.resolve(), probes: () => saturated };
    for await (const event of train(new Training(parts), host))
      if (event.event === 'stats') for (const name of Object.keys(event.layers)) measured.add(name);
    const tensors = tensorsOf(parts.runtime).map(
      ({ name, data }) => [dissolvedName(name), [...data]] as const,
    );
    return { weights: new Map(tensors), measured };
  }

  const head = {
    image,
    stem: { type: 'conv2d', from: 'image', filters: 2, kernelSize: 3, stride: 4 },
  };
  const tail = (from: string): Layers => ({
    mean: { type: 'globalAveragePool', from },
    out: { type: 'dense', from: 'mean', units: 4 },
  });
  const copyOf = (prefix: string, from: string, shared?: string): Layers => ({
    [`${prefix}_conv`]: { ...residual.conv, from, ...(shared ? { shares: `${shared}_conv` } : {}) },
    [`${prefix}_norm`]: {
      type: 'batchNorm',
      from: `${prefix}_conv`,
      ...(shared ? { shares: `${shared}_norm` } : {}),
    },
    [`${prefix}_drop`]: { type: 'dropout', from: `${prefix}_norm`, rate: 0.2 },
    [`${prefix}_sum`]: { type: 'add', from: [`${prefix}_drop`, from] },
  });

  it('gives the bits of the same network written flat, with own, tied and shared parameters', async () => {
    const blocks = textOf(
      {
        ...head,
        a: { type: 'residual', from: 'stem', repeat: 2, tied: true },
        b: { type: 'residual', from: 'a' },
        c: { type: 'residual', from: 'b', shares: 'b' },
        ...tail('c'),
      },
      { residual },
      { training: training('out') },
    );
    const written = textOf(
      {
        ...head,
        ...copyOf('a_1', 'stem'),
        ...copyOf('a_2', 'a_1_sum', 'a_1'),
        ...copyOf('b', 'a_2_sum'),
        ...copyOf('c', 'b_sum', 'b'),
        ...tail('c_sum'),
      },
      undefined,
      { training: training('out') },
    );
    const [one, other] = [await weightsOf(blocks, true), await weightsOf(written)];
    expect(one.weights).toEqual(other.weights);
    expect([...one.measured]).toContain('a/2/conv');
  });

  it('may judge a block: the loss is that of the layer that gives its output', async () => {
    const block: Layers = {
      x: { type: 'blockInput' },
      flat: { type: 'flatten', from: 'x' },
      d: { type: 'dense', from: 'flat', units: 4 },
      y: { type: 'blockOutput', from: 'd' },
    };
    const text = textOf(
      { image, h: { type: 'headOf', from: 'image' } },
      { headOf: block },
      { training: training('h') },
    );
    expect(analyze(text).spec.training?.losses[0].from).toEqual({ layer: 'h/d' });
    expect((await weightsOf(text)).weights.has('h_d.kernel')).toBe(true);
  });
});

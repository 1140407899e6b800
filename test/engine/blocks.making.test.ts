/** Making a block from layers, and dissolving one: each is one edit of the text, and training stays the same. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { dissolveBlock } from '../../engine/graph/dissolveBlock.ts';
import { type BlockEdit, judgedIn, makeBlock } from '../../engine/graph/makeBlock.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { specEdit } from '../../engine/spec/specEdit.ts';
import { type Layers, textOf, tiny, vector } from './blockTexts.ts';

const chain: Layers = {
  in: vector,
  a: { type: 'dense', from: 'in', units: 4 },
  b: { type: 'relu', from: 'a' },
  c: { type: 'add', from: ['b', 'in'] },
  d: { type: 'dense', from: 'c', units: 2 },
};
const training = {
  data: { type: 'points' },
  optimizer: 'adam',
};
const trained = (layers: Layers, blocks?: { readonly [name: string]: Layers }, judged = 'd') => {
  const loss = { type: 'softmaxCrossEntropy', from: judged };
  return textOf(layers, blocks, { training: { ...training, loss } }).replace('{', '{\n  "format": 1,');
};

const judgedBy = (text: string) => judgedIn(JSON.parse(text.replace(/\/\/.*|\/\*.*?\*\//g, '')).training);

function applied(text: string, outcome: BlockEdit): string {
  if ('problem' in outcome) throw new Error(outcome.problem);
  const edit = applyEdit(text, outcome.edit);
  if ('problem' in edit) throw new Error(edit.problem);
  return applyChanges(text, edit.changes);
}

const make = (text: string, names: readonly string[]): BlockEdit => {
  const analysis = analyze(text);
  return makeBlock({ ...analysis, text, whole: analysis }, names, judgedBy(text));
};
const dissolve = (text: string, name: string): BlockEdit => {
  const analysis = analyze(text);
  return dissolveBlock(analysis, { ...analysis, text }, name, judgedBy(text));
};

/** Layers that run, as if their blocks were dissolved. A layer of the use `plain` has its name in the block. */
const running = (text: string, plain?: string) => {
  const nameOf = (name: string) =>
    (plain !== undefined && name.startsWith(`${plain}/`) ? name.slice(plain.length + 1) : name).replaceAll(
      '/',
      '_',
    );
  return analyze(text).graph.layers.map(({ name, from, spec, inferred }) => ({
    name: nameOf(name),
    from: from.map(({ layer, output }) => [nameOf(layer), output]),
    attributes: spec.attributes,
    common: { ...spec.common, shares: spec.common.shares && nameOf(spec.common.shares) },
    inferred,
  }));
};

describe('making a block', () => {
  it('keeps a network on one line', () => {
    const text =
      '{ "layers": { "in": { "type": "input", "shape": [4] }, "a": { "type": "relu", "from": "in" } } }';
    const made = applied(text, make(text, ['a']));
    expect(made).toContain('"blocks": { "block1": { "input": { "type": "blockInput" }, "a": {');
    expect(made).not.toContain('\n');
    expect(applied(made, dissolve(made, 'block1'))).toBe(text);
  });

  it('moves the layers to "blocks", adds a use at their place, and changes nothing else', () => {
    const text = trained(chain);
    const made = applied(text, make(text, ['a', 'b', 'c']));
    expect(analyze(made).diagnostics).toEqual([]);
    expect(made).toContain(`  "blocks": {
    "block1": {
      "input": { "type": "blockInput" },
      "a": { "type": "dense", "from": "input", "units": 4 },
      "b": { "type": "relu", "from": "a" },
      "c": { "type": "add", "from": ["b", "input"] },
      "output": { "type": "blockOutput", "from": "c" }
    }
  },`);
    expect(made).toContain('"block1": { "type": "block1", "from": "in" }');
    expect(made).toContain('"d": {"type":"dense","from":"block1","units":2}');
  });

  it('gives an output to each layer that is read, and moves a loss to it', () => {
    const text = trained({ ...chain, e: { type: 'add', from: ['b', 'c'] } });
    const made = applied(text, make(text, ['a', 'b', 'c', 'd']));
    const { diagnostics, spec } = analyze(made);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(spec.layers.map(({ name, from }) => [name, from.map(({ output }) => output)])).toEqual([
      ['in', []],
      ['block1', [undefined]],
      ['e', [undefined, 'output2']],
    ]);
    expect(spec.training?.losses[0].from).toEqual({ layer: 'block1/d' });
  });

  it('keeps notes and attributes that every layer has', () => {
    const text = trained(chain)
      .replace('    "a":', '    // the first\n    "a":')
      .replace('"units":4', '"units":4,"trainable":false');
    const made = applied(text, make(text, ['a', 'b']));
    expect(analyze(made).notes.get('block1/a')).toBe('the first');
    expect(analyze(made).graph.byName.get('block1/a')?.spec.common.trainable).toBe(false);
  });

  it('moves the longest comment with its layer, too', () => {
    const long = 'word '.repeat(4000).trim();
    const text = trained(chain).replace('    "a":', `    // ${long}\n    "a":`);
    const outcome = make(text, ['a', 'b']);
    expect('edit' in outcome && specEdit(structuredClone(outcome.edit)), 'can be sent').toBeTruthy();
    expect(analyze(applied(text, outcome)).notes.get('block1/a')).toBe(long);
  });

  it('moves all comments of a layer with it, and dissolving moves them back', () => {
    const text = trained(chain)
      .replace('    "a":', '    // one\n    /* two */\n    "a":')
      .replace('"b": {', '"b": { // four\n     ')
      .replace('"from":"in","units":4},', '"from":"in","units":4}, // three');
    const made = applied(text, make(text, ['a', 'b']));
    expect([...analyze(made).notes]).toEqual([
      ['block1/a', 'one\ntwo\nthree'],
      ['block1/b', 'four'],
    ]);
    const noted = made.replace(
      '    "block1": { "type": "block1"',
      '    // five\n    "block1": { "type": "block1"',
    );
    const back = applied(noted, dissolve(noted, 'block1'));
    expect([...analyze(back).notes]).toEqual([
      ['a', 'five\none\ntwo\nthree'],
      ['b', 'four'],
    ]);
  });

  it.each<[string, readonly string[], Layers, RegExp]>([
    ['what would read its own output', ['a', 'c'], chain, /through b\. Select b too/],
    ['an input of the network', ['in', 'a'], chain, /^in is an input of the network/],
    ['nothing', [], chain, /^Select the layers/],
    [
      'half of what shares parameters',
      ['a'],
      { ...chain, e: { type: 'dense', from: 'in', units: 4, shares: 'a' } },
      /^e uses the parameters of a/,
    ],
  ])('refuses %s, and says why', (_, names, layers, reason) => {
    const outcome = make(trained(layers), names);
    expect('problem' in outcome && outcome.problem).toMatch(reason);
  });
});

describe('dissolving a block', () => {
  it('leaves a layer of another type that names a use as the owner of its parameters', () => {
    const text = `{
  "blocks": {
    "pair": { "x": { "type": "blockInput" }, "inner": { "type": "relu", "from": "x" }, "y": { "type": "blockOutput", "from": "inner" } }
  },
  "layers": {
    "in": { "type": "input", "shape": [2] },
    "use": { "type": "pair", "from": "in" },
    "other": { "type": "dense", "from": "use", "units": 2, "shares": "use" }
  }
}`;
    const flat = applied(text, dissolve(text, 'use'));
    expect(flat).toContain('"other": { "type": "dense", "from": "inner", "units": 2 }');
    const turned = text.replace('"pair", "from": "in"', '"pair", "from": "in", "shares": "other"');
    expect(dissolve(turned, 'use')).toEqual({ problem: 'Fix the problems of use and its block first.' });
  });

  it.each([
    ['a layer that it does not have', '"from": "nowhere"'],
    ['a parameter', '"from": "width"'],
    ['parameters that it does not have', '"from": "x", "shares": "nowhere"'],
  ])('is refused while a layer of the block reads %s', (_what, from) => {
    const text = `{
  "blocks": {
    "pair": {
      "width": { "type": "blockParameter", "default": 2 },
      "x": { "type": "blockInput" },
      "inner": { "type": "dense", ${from}, "units": 2 },
      "y": { "type": "blockOutput", "from": "inner" }
    }
  },
  "layers": { "in": { "type": "input", "shape": [2] }, "use": { "type": "pair", "from": "in" } }
}`;
    expect(dissolve(text, 'use')).toEqual({ problem: 'Fix the problems of use and its block first.' });
  });

  it('is refused while the use reads a layer that is not there, to which nothing else can be connected', () => {
    const text = `{
  "blocks": { "through": { "x": { "type": "blockInput" }, "y": { "type": "blockOutput", "from": "x" } } },
  "layers": {
    "in": { "type": "input", "shape": [2] },
    "use": { "type": "through", "from": "nowhere" },
    "after": { "type": "relu", "from": "use" }
  }
}`;
    expect(dissolve(text, 'use')).toEqual({ problem: 'Fix the problems of use and its block first.' });
  });

  it.each<[string, object, string?]>([
    ['once', {}, 'a'],
    ['three times', { repeat: 3 }],
    ['three times with the same parameters', { repeat: 3, tied: true }],
    ['frozen', { trainable: false, l2: 0.1 }, 'a'],
  ])('used %s keeps the same running layers, in the same order', (_, attributes, plain) => {
    const text = trained(
      {
        in: vector,
        a: { type: 'tiny', from: 'in', ...attributes },
        e: { type: 'dense', from: 'a', units: 2 },
      },
      { tiny },
      'e',
    );
    const flat = applied(text, dissolve(text, 'a'));
    expect(analyze(flat).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(running(flat)).toEqual(running(text, plain));
    expect(flat).not.toContain('blocks');
  });

  it('gives a layer the name of its use as well if another layer has its own', () => {
    const text = trained(
      { in: vector, r: { type: 'tiny', from: 'in' }, d: { type: 'dense', from: 'r', units: 2 } },
      { tiny },
    );
    const { layers } = analyze(applied(text, dissolve(text, 'r'))).spec;
    expect(layers.map(({ name }) => name)).toEqual(['in', 'r_d', 'r_r', 'd']);
  });

  it('is undone by making the block again', () => {
    const text = trained(chain);
    const made = applied(text, make(text, ['a', 'b', 'c']));
    const back = applied(made, dissolve(made, 'block1'));
    expect(running(back)).toEqual(running(text));
    expect(back).not.toContain('"blocks"');
  });

  it('keeps the block while another layer uses it', () => {
    const text = trained(
      {
        in: vector,
        a: { type: 'tiny', from: 'in' },
        b: { type: 'tiny', from: 'a' },
        e: { type: 'dense', from: 'b', units: 2 },
      },
      { tiny },
      'e',
    );
    const flat = applied(text, dissolve(text, 'a'));
    expect(analyze(flat).diagnostics).toEqual([]);
    expect(running(flat)).toEqual(running(text, 'a'));
  });

  it.each<[string, object, object]>([
    ['once', {}, {}],
    ['twice', { repeat: 2 }, { repeat: 2 }],
    ['twice with the same parameters', { repeat: 2, tied: true }, { repeat: 2 }],
    ['frozen', { trainable: false }, { l2: 0.1 }],
  ])('dissolves all uses that share parameters, used %s', (_, first, second) => {
    const text = trained(
      {
        in: vector,
        // In the text, it comes before the layer that it reads and the one whose parameters it shares.
        b: { type: 'tiny', from: 'between', shares: 'a', ...second },
        a: { type: 'tiny', from: 'in', ...first },
        between: { type: 'relu', from: 'a' },
        c: { type: 'tiny', from: 'b' },
        d: { type: 'dense', from: 'c', units: 2 },
      },
      { tiny },
    );
    const sorted = (one: string) => running(one).sort((x, y) => x.name.localeCompare(y.name));
    for (const name of ['a', 'b']) {
      const flat = applied(text, dissolve(text, name));
      expect(analyze(flat).diagnostics).toEqual([]);
      expect(sorted(flat)).toEqual(sorted(text));
      expect(
        analyze(flat)
          .spec.layers.map(({ type }) => type)
          .filter((type) => type === 'tiny'),
      ).toEqual(['tiny']);
    }
  });

  it('refuses a layer that is no block, and one with problems', () => {
    const text = trained(
      { in: vector, a: { type: 'tiny', from: 'in', repeat: 0 }, d: { type: 'dense', from: 'a', units: 2 } },
      { tiny },
    );
    for (const name of ['a', 'd', 'nobody']) expect(dissolve(text, name)).toHaveProperty('problem');
  });
});

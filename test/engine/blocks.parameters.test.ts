/** Parameters of blocks: one block can have different widths, as if each use had been written out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { dissolveBlock } from '../../engine/graph/dissolveBlock.ts';
import { makeBlock } from '../../engine/graph/makeBlock.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { completionsAt } from '../../engine/language/completion.ts';
import { explain } from '../../engine/language/explain.ts';
import { occurrenceAt, placesOf, renamingOf } from '../../engine/language/layerNames.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { dissolvedName, isName } from '../../engine/spec/reference.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { threadHost } from '../../engine/train/host.ts';
import { tensorsOf } from '../../engine/train/kept.ts';
import { train } from '../../engine/train/loop.ts';
import { assemble } from '../../engine/train/open.ts';
import { Training } from '../../engine/train/training.ts';
import { image, type Layers, problems, textOf, training, vector } from './blockTexts.ts';
import { openShort } from './examples.ts';
import { marked, networkOf, settled } from './languageSupport.ts';

const wide: Layers = {
  x: { type: 'blockInput' },
  width: { type: 'blockParameter', default: 4 },
  decay: { type: 'blockParameter', default: 0 },
  d: { type: 'dense', from: 'x', units: '$width', l2: '$decay' },
  r: { type: 'relu', from: 'd' },
  y: { type: 'blockOutput', from: 'r' },
};
const pair: Layers = {
  x: { type: 'blockInput' },
  first: { type: 'blockParameter', default: 3 },
  a: { type: 'wide', from: 'x', width: '$first' },
  b: { type: 'wide', from: 'a', width: 5, decay: 0.5 },
  y: { type: 'blockOutput', from: 'b' },
};
const blocks = { wide, pair };

interface Use {
  readonly type: string;
  readonly value?: number | undefined;
  readonly decay?: number | undefined;
  readonly repeat: number;
}

/** The layers of a use, written out by hand. */
function written(name: string, from: string, use: Use): { readonly layers: Layers; readonly output: string } {
  const dense = (prefix: string, input: string, units: number, l2: number): Layers => ({
    [`${prefix}_d`]: { type: 'dense', from: input, units, ...(l2 > 0 ? { l2 } : {}) },
    [`${prefix}_r`]: { type: 'relu', from: `${prefix}_d` },
  });
  let layers: Layers = {};
  let output = from;
  for (let copy = 1; copy <= use.repeat; copy++) {
    const prefix = use.repeat > 1 ? `${name}_${copy}` : name;
    if (use.type === 'wide') {
      layers = { ...layers, ...dense(prefix, output, use.value ?? 4, use.decay ?? 0) };
      output = `${prefix}_r`;
    } else {
      layers = { ...layers, ...dense(`${prefix}_a`, output, use.value ?? 3, 0) };
      layers = { ...layers, ...dense(`${prefix}_b`, `${prefix}_a_r`, 5, 0.5) };
      output = `${prefix}_b_r`;
    }
  }
  return { layers, output };
}

const uses: fc.Arbitrary<readonly Use[]> = fc.array(
  fc.record({
    type: fc.constantFrom('wide', 'pair'),
    value: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    decay: fc.option(fc.constantFrom(0, 0.25), { nil: undefined }),
    repeat: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** The same network with blocks, and written out. */
function both(
  all: readonly Use[],
  input: object,
  rest: object = {},
): { readonly text: string; readonly flat: string } {
  let [folded, flat]: [Layers, Layers] = [{ in: input }, { in: input }];
  let [read, readFlat] = ['in', 'in'];
  for (const [index, use] of all.entries()) {
    const name = `u${index}`;
    const parameter = use.type === 'wide' ? 'width' : 'first';
    const given = {
      ...(use.value === undefined ? {} : { [parameter]: use.value }),
      ...(use.decay === undefined || use.type !== 'wide' ? {} : { decay: use.decay }),
      ...(use.repeat > 1 ? { repeat: use.repeat } : {}),
    };
    folded = { ...folded, [name]: { type: use.type, from: read, ...given } };
    const out = written(name, readFlat, use);
    flat = { ...flat, ...out.layers };
    [read, readFlat] = [name, out.output];
  }
  const end = (from: string): Layers => ({ out: { type: 'dense', from, units: 2 } });
  return {
    text: textOf({ ...folded, ...end(read) }, blocks, rest),
    flat: textOf({ ...flat, ...end(readFlat) }, undefined, rest),
  };
}

/** Everything that the computation of a layer depends on. */
const running = (text: string) =>
  analyze(text).graph.layers.map(({ name, from, spec, inferred }) => ({
    name: dissolvedName(name),
    from: from.map(({ layer }) => dissolvedName(layer)),
    type: spec.type,
    attributes: spec.attributes,
    common: spec.common,
    inferred,
  }));

const errorsIn = (text: string) => analyze(text).diagnostics.filter(({ severity }) => severity === 'error');

function edited(text: string, edit: SpecEdit): string {
  const outcome = applyEdit(text, edit);
  if ('problem' in outcome) throw new Error(outcome.problem);
  return applyChanges(text, outcome.changes);
}

describe('a block with parameters', () => {
  it('expands to the same layers as written by hand, whatever its uses set', () => {
    fc.assert(
      fc.property(uses, (all) => {
        const { text, flat } = both(all, vector);
        expect(errorsIn(text)).toEqual([]);
        expect(running(text)).toEqual(running(flat));
      }),
      { numRuns: 100, seed: 21 },
    );
  });

  it('dissolves into the layers that it ran as', () => {
    fc.assert(
      fc.property(uses, (all) => {
        const { text } = both(all, vector);
        let dissolved = text;
        for (const name of all.map((_, index) => `u${index}`)) {
          const analysis = analyze(dissolved);
          const outcome = dissolveBlock(analysis, { ...analysis, text: dissolved }, name, []);
          if ('problem' in outcome) throw new Error(outcome.problem);
          dissolved = edited(dissolved, outcome.edit);
        }
        expect(running(dissolved).map(({ inferred, attributes }) => [inferred, attributes])).toEqual(
          running(text).map(({ inferred, attributes }) => [inferred, attributes]),
        );
      }),
      { numRuns: 25, seed: 22 },
    );
  });

  it('trains to the same bits as the network written out', async () => {
    const conv: Layers = {
      x: { type: 'blockInput' },
      filters: { type: 'blockParameter', default: 2 },
      rate: { type: 'blockParameter', default: 0.1 },
      c: { type: 'conv2d', from: 'x', filters: '$filters', kernelSize: 3, stride: 3 },
      p: { type: 'dropout', from: 'c', rate: '$rate' },
      y: { type: 'blockOutput', from: 'p' },
    };
    const tail = (from: string): Layers => ({
      mean: { type: 'globalAveragePool', from },
      out: { type: 'dense', from: 'mean', units: 4 },
    });
    const text = textOf(
      {
        image,
        a: { type: 'b', from: 'image' },
        c: { type: 'b', from: 'a', filters: 3, rate: 0.4 },
        ...tail('c'),
      },
      { b: conv },
      { training: training('out') },
    );
    const layer = (from: string, filters: number) => ({
      type: 'conv2d',
      from,
      filters,
      kernelSize: 3,
      stride: 3,
    });
    const flat = textOf(
      {
        image,
        a_c: layer('image', 2),
        a_p: { type: 'dropout', from: 'a_c', rate: 0.1 },
        c_c: layer('a_p', 3),
        c_p: { type: 'dropout', from: 'c_c', rate: 0.4 },
        ...tail('c_p'),
      },
      undefined,
      { training: training('out') },
    );
    const weightsOf = async (of: string) => {
      const opened = await openShort(of, 11, 5);
      const parts = assemble(
        { ...opened, training: { ...opened.training, batchSize: 4, epochs: 2 } },
        opened.dataset,
        {},
        referenceBackend,
      );
      for await (const _ of train(new Training(parts), { ...threadHost, now: () => 0 }));
      return tensorsOf(parts.runtime).map(({ name, data }) => [dissolvedName(name), [...data]]);
    };
    expect(await weightsOf(text)).toEqual(await weightsOf(flat));
  });

  const net = (block: Layers, attributes: object, from = 'u') =>
    textOf(
      { in: vector, u: { type: 'wide', from: 'in', ...attributes }, o: { type: 'relu', from } },
      { wide: block },
    );

  it.each<[string, string, Layers, object, string]>([
    ['a value of a use', 'spec/attribute', wide, { width: 0 }, 'layers u width'],
    [
      'a parameter that the block does not have',
      'spec/unknown-attribute',
      wide,
      { widht: 3 },
      'layers u widht',
    ],
    [
      'the name of a parameter outside of its block',
      'spec/attribute',
      wide,
      { width: '$width' },
      'layers u width',
    ],
    [
      'a default value',
      'spec/attribute',
      { ...wide, width: { type: 'blockParameter', default: 'x' } },
      {},
      'blocks wide width default',
    ],
    [
      'a default value that is not there',
      'spec/missing-attribute',
      { ...wide, width: { type: 'blockParameter' } },
      {},
      'blocks wide width default',
    ],
    [
      'a misspelt name',
      'block/parameter',
      { ...wide, d: { type: 'dense', from: 'x', units: '$widht', l2: '$decay' } },
      {},
      'blocks wide d units',
    ],
    [
      'a value that does not fit where it is used next',
      'block/parameter',
      { ...wide, r: { type: 'dropout', from: 'd', rate: '$decay' } },
      { decay: 7, repeat: 2 },
      'layers u decay',
    ],
    [
      'an output that it does not have',
      'graph/unknown-output',
      { ...wide, r: { type: 'relu', from: 'width' } },
      {},
      'blocks wide r from',
    ],
    [
      'what decides the size of the network',
      'spec/attribute',
      { ...wide, d: { type: 'other', from: 'x', repeat: '$width' } },
      {},
      'blocks wide d repeat',
    ],
  ])('reports %s once, where it is wrong', (_, code, block, attributes, path) => {
    const text = net(block, attributes).replace(
      '"blocks": {',
      `"blocks": {\n    "other": ${JSON.stringify(pair)
        .replaceAll('"wide"', '"relu"')
        .replace(/"width":"\$first"|"width":5,"decay":0.5/g, '"l2":0')},`,
    );
    const errors = problems(text).filter((one) =>
      errorsIn(text).some(({ message }) => message === one.message),
    );
    expect(errors.map((one) => [one.code, one.path])).toEqual([[code, path]]);
  });

  it.each<[string, object, string]>([
    ['is misspelt', { units: '$widht' }, '"units": "$width"'],
    [
      'is not declared',
      { units: '$width', useBias: '$biased' },
      '"biased": { "type": "blockParameter", "default": true }',
    ],
  ])('has a quick fix where its name %s', (_, attributes, fixed) => {
    const text = net({ ...wide, d: { type: 'dense', from: 'x', l2: '$decay', ...attributes } }, {});
    const fix = analyze(text).diagnostics.find(({ code }) => code === 'block/parameter')?.fix;
    const after = edited(text, fix!.edit);
    expect(errorsIn(after)).toEqual([]);
    expect(after.replaceAll('":"', '": "')).toContain(fixed);
  });

  it('warns of a parameter that nothing uses', () => {
    const block = { ...wide, d: { type: 'dense', from: 'x', units: '$width' } };
    const text = textOf(
      { in: vector, u: { type: 'wide', from: 'in' }, o: { type: 'dense', from: 'u', units: 2 } },
      { wide: block },
      {
        training: {
          data: { type: 'points' },
          loss: { type: 'softmaxCrossEntropy', from: 'o' },
          optimizer: 'adam',
        },
      },
    );
    expect(
      problems(text.replace('{', '{ "format": 1,')).filter(({ code }) => code === 'block/parameter'),
    ).toMatchObject([{ path: 'blocks wide decay' }]);
  });

  it('made from layers that name parameters of a block declares these parameters', () => {
    const text = net(wide, {});
    const analysis = analyze(text);
    const block = analysis.spec.blocks.get('wide')!;
    const scope = { ...analysis, spec: { ...analysis.spec, layers: block.layers } };
    const outcome = makeBlock({ ...scope, text, whole: analysis }, ['d', 'r'], []);
    if ('problem' in outcome) throw new Error(outcome.problem);
    const made = edited(text, { kind: 'inBlock', block: 'wide', edit: outcome.edit });
    expect(errorsIn(made)).toEqual([]);
    expect(made).toContain('"units": "$width"');
    expect(running(made).map(({ inferred }) => inferred)).toEqual(
      running(text).map(({ inferred }) => inferred),
    );
  });
});

describe('in the text, a parameter of a block', () => {
  const text = textOf(
    { in: vector, u: { type: 'wide', from: 'in', width: 8 }, v: { type: 'pair', from: 'u' } },
    blocks,
  );
  const network = networkOf(text);

  it('is found where it is declared, named and set', () => {
    const places = placesOf(network, { kind: 'layer', name: 'width', block: 'wide' });
    expect(places.map(({ role, range }) => [role, text.slice(range.start - 2, range.end + 1)])).toEqual([
      ['definition', ' "width"'],
      ['reference', '"$width"'],
      ['reference', ',"width"'],
      ['reference', ',"width"'],
      ['reference', ',"width"'],
    ]);
  });

  it('is renamed everywhere, and the network stays the same', () => {
    const named = occurrenceAt(network, text.indexOf('$width') + 2)!;
    const renamed = edited(text, renamingOf(named, 'units'));
    expect(renamed).not.toContain('width');
    expect(errorsIn(renamed)).toEqual([]);
    expect(running(renamed)).toEqual(running(text));
  });

  it.each(Object.getOwnPropertyNames(Object.prototype).filter(isName))('may be named %s', (name) => {
    const renamed = text.replaceAll('width', name).replaceAll('first', `${name}1`);
    expect(errorsIn(renamed)).toEqual([]);
    expect(running(renamed)).toEqual(running(text));
    expect(errorsIn(renamed.replace('"default":4', '"preset":4'))).not.toEqual([]);
  });

  it('is offered as a value in its block, and as an attribute of its uses with the documentation of the attribute that it sets', () => {
    const labels = (place: string, after: string) => {
      const at = marked(text.replace(place, after));
      return completionsAt(networkOf(at.text, text), at.offset).map(({ label }) => label);
    };
    expect(labels('"units":"$width"', '"units":‸')).toEqual(expect.arrayContaining(['$width', '$decay']));
    expect(labels('"width":8', '‸')).toContain('width');
    expect(settled(explain(network, text.indexOf('"width":8') + 3)!.doc)).toContain(
      'A parameter of the block.',
    );
  });
});

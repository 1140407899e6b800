/** A run keeps its statistics when its layers become a block, and when a block is dissolved. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { dissolveBlock } from '../../engine/graph/dissolveBlock.ts';
import { type BlockEdit, makeBlock } from '../../engine/graph/makeBlock.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { RunNames } from '../../extension/training/runNames.ts';
import { RunRecord } from '../../extension/training/runRecord.ts';
import { chain, judgedBy, scopeOf, textOf, vector } from './blockTexts.ts';
import { edited, Trained } from './trainedText.ts';

const editOf = (outcome: BlockEdit): SpecEdit => {
  if ('problem' in outcome) throw new Error(outcome.problem);
  return outcome.edit;
};

/** As the command of the graph editor does it: in the network, or in a block. */
function made(text: string, names: readonly string[], within?: string): string {
  const whole = analyze(text);
  const edit = editOf(makeBlock({ ...scopeOf(text, within), text, whole }, names, judgedBy(whole, within)));
  return edited(text, within === undefined ? edit : { kind: 'inBlock', block: within, edit });
}

function dissolved(text: string, name: string, within?: string): string {
  const whole = analyze(text);
  const edit = editOf(
    dissolveBlock(scopeOf(text, within), { ...whole, text }, name, judgedBy(whole, within)),
  );
  return edited(text, within === undefined ? edit : { kind: 'inBlock', block: within, edit });
}

const rename = (name: string, newName: string): SpecEdit => ({ kind: 'renameLayer', name, newName });

const part = {
  input: { type: 'blockInput' },
  a: { type: 'dense', from: 'input', units: 4 },
  b: { type: 'relu', from: 'a' },
  output: { type: 'blockOutput', from: 'b' },
};
const repeated = textOf(
  {
    in: vector,
    one: { type: 'part', from: 'in' },
    two: { type: 'part', from: 'one', repeat: 2 },
    last: { type: 'dense', from: 'two', units: 2 },
  },
  { part },
);

/** All names that a layer of the run has now, by the name with which it ran. */
const namesOf = (trained: Trained): { readonly [ran: string]: string | undefined } =>
  Object.fromEntries(
    analyze(trained.text).graph.layers.map(({ name }) => [trained.shown(name) ?? `?${name}`, name]),
  );

describe('statistics', () => {
  test('are in the block that is made of their layers, are not stale, and come back with an undo', () => {
    const trained = new Trained(chain);
    trained.change(made(chain, ['a', 'b']));
    expect(namesOf(trained)).toEqual({ in: 'in', a: 'block1/a', b: 'block1/b', c: 'c', d: 'd' });
    expect(trained.record.text).toBe(trained.text);
    expect(trained.record.names.renamedLayers).toEqual({ a: 'block1/a', b: 'block1/b' });
    expect(trained.change(chain).all).toEqual(trained.ran);
    expect(trained.record.text).toBe(chain);
  });

  test('follow renamings before and after that, and blocks within blocks', () => {
    const trained = new Trained(chain).edit(rename('a', 'x'));
    trained.change(made(trained.text, ['x', 'b']));
    trained.edit(
      { kind: 'renameBlock', name: 'block1', newName: 'stage' },
      { kind: 'inBlock', block: 'stage', edit: rename('b', 'bend') },
      rename('block1', 'first'),
    );
    expect(namesOf(trained)).toEqual({ in: 'in', a: 'first/x', b: 'first/bend', c: 'c', d: 'd' });
    trained.change(made(trained.text, ['first', 'c']));
    trained.change(made(trained.text, ['bend'], 'stage'));
    const [a, b] = ['block1/first/x', 'block1/first/block2/bend'];
    expect(namesOf(trained)).toEqual({ in: 'in', a, b, c: 'block1/c', d: 'd' });
    expect(trained.all).toEqual(trained.ran);
  });

  test('follow the layers of a block that is dissolved: all its copies, and within another block', () => {
    const trained = new Trained(repeated);
    trained.change(dissolved(repeated, 'two'));
    expect(namesOf(trained)).toMatchObject({ 'one/a': 'one/a', 'two/1/a': 'two_1_a', 'two/2/b': 'two_2_b' });
    trained.change(dissolved(trained.text, 'one'));
    expect(namesOf(trained)).toMatchObject({ 'one/a': 'a', 'two/1/a': 'two_1_a' });
    expect(trained.change(repeated).all).toEqual(trained.ran);
    const nested = made(repeated, ['b'], 'part');
    const inner = new Trained(nested);
    inner.change(dissolved(nested, 'block1', 'part'));
    expect(namesOf(inner)).toMatchObject({ 'two/2/block1/b': 'two/2/b', 'one/block1/b': 'one/b' });
  });

  test('stay with a use and with layers that have other names when new layers get the old ones', () => {
    const add = (name: string, type: string, from: string, attributes = {}): SpecEdit => ({
      ...{ kind: 'addLayer', name, type, attributes },
      from: [{ layer: from }],
    });
    const trained = new Trained(chain);
    trained.change(made(chain, ['a', 'b']));
    trained.edit(rename('block1', 'stem'), add('a', 'dense', 'in', { units: 4 }), add('b', 'relu', 'a'));
    expect(namesOf(trained)).toMatchObject({ a: 'stem/a', b: 'stem/b', '?a': 'a', '?b': 'b' });
    const parts = new Trained(repeated);
    parts.change(dissolved(repeated, 'one'));
    parts.edit(rename('a', 'x'), rename('b', 'y'), add('one', 'part', 'in'));
    expect(namesOf(parts)).toMatchObject({ 'one/a': 'x', 'one/b': 'y', '?one/a': 'one/a' });
  });

  test('follow layers of a block that exchange their names before it is dissolved, and an undo of both', () => {
    const trained = new Trained(chain);
    trained.change(made(chain, ['a', 'b']));
    const inside = (name: string, newName: string): SpecEdit => ({
      ...{ kind: 'inBlock', block: 'block1' },
      edit: rename(name, newName),
    });
    trained.edit(inside('a', 'x'), inside('b', 'a'), inside('x', 'b'));
    trained.change(dissolved(trained.text, 'block1'));
    expect(namesOf(trained)).toEqual({ in: 'in', a: 'b', b: 'a', c: 'c', d: 'd' });
    const undone = new Trained(chain);
    undone.change(made(chain, ['a', 'b'])).edit(inside('a', 'x'));
    expect(undone.change(chain).all).toEqual(undone.ran);
  });

  test('follow what was renamed elsewhere while layers were in a block', () => {
    // As the commands write it, so that nothing is stale only because its line looks different.
    const start = dissolved(made(chain, ['a', 'b']), 'block1');
    const trained = new Trained(start);
    trained.change(made(start, ['a', 'b'])).edit(rename('c', 'z'));
    trained.edit({ kind: 'setAttribute', layer: 'z', attribute: 'units', value: 9 });
    trained.change(dissolved(trained.text, 'block1'));
    expect(namesOf(trained)).toEqual({ in: 'in', a: 'a', b: 'b', 'c?': 'z', d: 'd' });
    // An undo of all of it at once.
    expect(namesOf(trained.change(start))).toEqual({ in: 'in', a: 'a', b: 'b', c: 'c', d: 'd' });
  });

  test('stay stale if the layer was edited before it came into the block, and fresh in the others', () => {
    const wider: SpecEdit = { kind: 'setAttribute', layer: 'a', attribute: 'units', value: 9 };
    const trained = new Trained(chain).edit(wider);
    trained.change(made(trained.text, ['a', 'b']));
    expect([trained.shown('block1/a'), trained.shown('block1/b')]).toEqual(['a?', 'b']);
  });

  test('are not those of layers that were copied into a block, or of a use that was deleted', () => {
    const copied = new Trained(chain).edit(
      { kind: 'addBlock', name: 'part', layers: part },
      { kind: 'addLayer', name: 'use', type: 'part', attributes: {}, from: [{ layer: 'd' }] },
    );
    expect([copied.shown('a'), copied.shown('use/a')]).toEqual(['a', undefined]);
    const removed = new Trained(repeated).edit({ kind: 'removeLayers', names: ['two'], heal: true });
    expect(namesOf(removed)).toEqual({ in: 'in', 'one/a': 'one/a', 'one/b': 'one/b', 'last?': 'last' });
  });

  test('stay in a block if its use, or another layer, gets the name of a layer in it', () => {
    const use = new Trained(chain).change(made(chain, ['a'])).edit(rename('block1', 'a'));
    expect(namesOf(use)).toMatchObject({ a: 'a/a', b: 'b' });
    const other = new Trained(chain).change(made(chain, ['b', 'c'])).edit(rename('d', 'b'));
    expect(namesOf(other)).toMatchObject({ b: 'block1/b', d: 'b' });
    other.change(made(other.text, ['block1', 'b']));
    expect(namesOf(other)).toMatchObject({ b: 'block2/block1/b', c: 'block2/block1/c', d: 'block2/b' });
  });

  test('stay with a layer that leaves its block under another name, because its own was taken', () => {
    const trained = new Trained(chain).change(made(chain, ['b'])).edit(rename('d', 'b'));
    trained.change(dissolved(trained.text, 'block1'));
    expect(namesOf(trained)).toEqual({ in: 'in', a: 'a', b: 'block1_b', c: 'c', d: 'b' });
  });

  test('follow into a block with the name of one that was dissolved', () => {
    const start = made(chain, ['a', 'b']);
    const trained = new Trained(start).change(dissolved(start, 'block1'));
    trained.change(made(trained.text, ['a', 'b', 'c']));
    expect(namesOf(trained)).toMatchObject({ 'block1/a': 'block1/a', 'block1/b': 'block1/b', c: 'block1/c' });
  });

  test('are not stale if only the comments and the space in a layer have changed', () => {
    const spread = chain.replace(
      '{"type":"dense","from":"in","units":4}',
      '{ // wide\n"type": "dense",\n"from":"in","units":4}',
    );
    const trained = new Trained(spread);
    trained.change(made(spread, ['a', 'b'])).change(dissolved(trained.text, 'block1'));
    expect(trained.all).toEqual(trained.ran);
    expect(trained.change(spread.replace('wide', 'narrow //')).all).toEqual(trained.ran);
  });

  test('follow many blocks that come at once only as long as the texts to read are not too long', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const from = (index: number, prefix = '') => (index === 0 ? 'in' : prefix + names[index - 1]);
    const relu = (source: string) => ({ type: 'relu', from: source });
    const block = (name: string) => ({
      x: { type: 'blockInput' },
      [name]: relu('x'),
      y: { type: 'blockOutput', from: name },
    });
    const layers = names.map((name, index) => [name, relu(from(index))]);
    const uses = names.map((name, index) => [`u${name}`, { type: `b${name}`, from: from(index, 'u') }]);
    const blocks = names.map((name) => [`b${name}`, block(name)]);
    const now = analyze(textOf({ in: vector, ...Object.fromEntries(uses) }, Object.fromEntries(blocks))).spec;
    const countFor = (comment: string) => {
      const ran = new RunNames(comment + textOf({ in: vector, ...Object.fromEntries(layers) }));
      let count = 0;
      while (ran.follow(now, now)) count++;
      return count;
    };
    expect(countFor('')).toBe(names.length);
    expect(countFor(`${'// A long text.\n'.repeat(6000)}`)).toBe(2);
  });

  test('are found again by the text alone after a reload', () => {
    const record = new RunRecord(chain);
    record.follow(undefined, analyze(made(chain, ['b', 'c'])).spec);
    expect(record.names.renamedLayers).toEqual({ b: 'block1/b', c: 'block1/c' });
  });
});

const finding = (layer: string, edit: SpecEdit): TrainingEvent => ({
  event: 'finding',
  code: 'relu/dead',
  layer,
  severity: 'warning',
  step: 1,
  evidence: { value: 1, limit: 0.5 },
  message: `${layer}: what b reads is too small.`,
  path: ['layers', layer, 'units'],
  fix: { title: `Change "${layer}"`, edit },
});

test('findings have the place, the fix and the name of their layer in the block, and out of it', () => {
  const edit: SpecEdit = { kind: 'setAttribute', layer: 'a', attribute: 'units', value: 7 };
  const trained = new Trained(chain);
  trained.record.add(finding('a', edit));
  trained.change(made(chain, ['a', 'b']));
  const inside = trained.record.last('finding')!;
  expect([inside.layer, inside.path, inside.fix?.title]).toEqual([
    'block1/a',
    ['blocks', 'block1', 'a', 'units'],
    'Change "block1/a"',
  ]);
  expect(inside.message).toBe('block1/a: what b reads is too small. "b" is now "block1/b".');
  expect(edited(trained.text, inside.fix!.edit)).toContain('"units": 7');

  const whole = new Trained(repeated);
  whole.record.add({
    ...finding('two/1/a', { kind: 'inBlock', block: 'part', edit }),
    path: ['blocks', 'part', 'a'],
  } as TrainingEvent);
  whole.change(dissolved(repeated, 'two'));
  expect(whole.record.last('finding')).toMatchObject({ layer: 'two_1_a', path: ['blocks', 'part', 'a'] });
  whole.change(dissolved(whole.text, 'one'));
  const outside = whole.record.last('finding')!;
  expect([outside.layer, outside.path]).toEqual(['two_1_a', ['layers', 'a']]);
  expect(edited(whole.text, outside.fix!.edit)).toMatch(/"a": .*"units":\s?7/);
});

test('a fix for which the text has no place any more is left out, and others stay', () => {
  const trained = new Trained(chain);
  const connect: SpecEdit = { kind: 'connect', from: { layer: 'in' }, to: 'b', index: 0 };
  const other: SpecEdit = { kind: 'setAttribute', layer: 'd', attribute: 'type', value: 'tanh' };
  for (const [layer, edit] of [
    ['b', connect],
    ['d', other],
  ] as const)
    trained.record.add(finding(layer, edit));
  trained.change(made(chain, ['a', 'b']));
  const found = trained.record.events.filter((event) => event.event === 'finding');
  expect(found.map(({ fix }) => fix?.edit)).toEqual([undefined, other]);
});

test('a name of more parts than any layer has stays as it is', () => {
  const name = 'a/'.repeat(200_000);
  const stats: TrainingEvent = { event: 'stats', step: 1, layers: { [name]: { mean: 1 } } };
  const [inBlock, renamed] = [new Trained(chain), new Trained(chain)];
  inBlock.change(made(chain, ['a', 'b']));
  renamed.edit(rename('a', 'x'));
  for (const { record } of [inBlock, renamed]) {
    record.add(stats);
    expect(Object.keys(record.stats!)).toEqual([name]);
  }
});

test('scores and messages have the names of now', () => {
  const { record } = new Trained(chain);
  const scores = { loss: 1, 'b.accuracy': 0.5, 'd 2.accuracy': 0.25 };
  const point = { step: 1, loss: 1, metrics: { 'b.accuracy': 0.5 } };
  record.add({ event: 'epoch', epoch: 1, step: 1, train: scores, test: scores, seconds: 1 });
  record.add({ event: 'step', epoch: 1, ...point, samplesPerSecond: 1, points: [point] });
  record.add({
    ...{ event: 'end', reason: 'failed', step: 1, path: ['layers', 'b', 'units'] },
    message: 'The input of "b" is not finite, see sub-b and bb.',
  });
  record.follow(analyze(chain).spec, analyze(edited(chain, rename('b', 'bend'))).spec);
  const renamed = { loss: 1, 'bend.accuracy': 0.5, 'd 2.accuracy': 0.25 };
  expect([record.last('epoch')!.train, record.last('epoch')!.test]).toEqual([renamed, renamed]);
  const steps = record.events.find((event) => event.event === 'step')!;
  expect(steps.points[0].metrics).toEqual({ 'bend.accuracy': 0.5 });
  expect(record.last('end')).toMatchObject({
    path: ['layers', 'bend', 'units'],
    message: 'The input of "b" is not finite, see sub-b and bb. "b" is now "bend".',
  });
});

test('layers that become a block are followed as long as the text is short enough, and it is known when it is not', () => {
  const names = (length: number) => {
    const line = `// ${'-'.repeat(76)}\n`;
    const long = `${line.repeat(length / line.length)}${chain}`;
    const followed = new RunNames(long);
    followed.follow(analyze(long).spec, analyze(made(chain, ['a', 'b'])).spec);
    return followed;
  };
  const short = names(120_000);
  expect([short.isFull, short.renamedLayers.a === undefined]).toEqual([false, false]);
  const long = names(260_000);
  expect([long.isFull, long.renamedLayers]).toEqual([true, {}]);
});

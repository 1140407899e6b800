/** Networks for generated data are checked while they are written: what a sample consists of is known without any. */
import { describe, expect, test } from 'vitest';
import { datasets } from '../../engine/data/registry.ts';
import { diagnose } from '../../engine/diagnose/check.ts';
import { isComplete } from '../../engine/graph/fixes/fittingData.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { open } from './dataFiles.ts';

const network = (data: object, shape: readonly number[], layers: string, loss: object) => `{
  "layers": { "in": { "type": "input", "shape": ${JSON.stringify(shape)} }, ${layers} },
  "training": { "data": ${JSON.stringify(data)}, "loss": ${JSON.stringify(loss)}, "optimizer": "adam" }
}`;
const shapes = { type: 'shapes', classes: 4 };
const classes = { type: 'softmaxCrossEntropy', from: 'out' };
const flat = '"flat": { "type": "flatten", "from": "in" }';
const dense = (units: number, from = 'flat') =>
  `"out": { "type": "dense", "from": "${from}", "units": ${units} }`;
const good = network(shapes, [28, 28, 1], `${flat}, ${dense(4)}`, classes);
const errorsOf = (text: string) => diagnose(text).diagnostics.filter(({ severity }) => severity === 'error');

test('a network that fits its data has no error', () => expect(errorsOf(good)).toEqual([]));

test.each([
  [
    'the shape of the input',
    network(shapes, [8, 8, 1], `${flat}, ${dense(4)}`, classes),
    'data/shape',
    'layers.in.shape',
  ],
  [
    'the number of classes',
    network(shapes, [28, 28, 1], `${flat}, ${dense(3)}`, classes),
    'loss/classes',
    'training.loss',
  ],
  ['classes of cells', network(shapes, [28, 28, 1], dense(4, 'in'), classes), 'loss/target', 'training.loss'],
  [
    'the name of a target',
    network(shapes, [28, 28, 1], `${flat}, ${dense(4)}`, [{ ...classes, target: 'colour' }]),
    'data/target',
    'training.loss.0.target',
  ],
  [
    'symbols beyond a table',
    network(
      { type: 'brackets', sequenceLength: 6 },
      [6],
      '"table": { "type": "embedding", "from": "in", "vocabularySize": 3, "units": 4 }, "flat": { "type": "flatten", "from": "table" }, ' +
        dense(2),
      classes,
    ),
    'data/id',
    'layers.table.vocabularySize',
  ],
])('%s is an error before any data are read', (_, text, code, path) => {
  const [error, ...more] = errorsOf(text);
  expect(more).toEqual([]);
  expect([error?.code, error?.path.join('.')]).toEqual([code, path]);
});

test('a shape, a number of classes and classes of cells that do not fit have a fix', () => {
  for (const text of [
    network(shapes, [8, 8, 1], `${flat}, ${dense(4)}`, classes),
    network(shapes, [28, 28, 1], `${flat}, ${dense(3)}`, classes),
    network(shapes, [28, 28, 1], dense(4, 'in'), classes),
    network(shapes, [28, 28, 1], `${dense(4, 'in')}, "bend": { "type": "tanh", "from": "out" }`, {
      ...classes,
      from: 'bend',
    }),
  ]) {
    const [{ fix }] = errorsOf(text);
    const outcome = applyEdit(text, fix?.edit as SpecEdit);
    if ('problem' in outcome) throw new Error(outcome.problem);
    expect(errorsOf(applyChanges(text, outcome.changes))).toEqual([]);
  }
});

describe('what is said of samples before they are generated is what they are', () => {
  const known = [...datasets].filter((kind) => kind.fields && isComplete(kind));
  test.each(known.map(({ type }) => [type]))('%s', async (type) => {
    const reading = datasets.read({ type });
    if ('problems' in reading) throw new Error(type);
    const fields = datasets.get(type).fields?.(reading.value.attributes);
    expect(await open({}, { type })).toMatchObject(fields ?? {});
  });
});

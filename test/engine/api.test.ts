/** The engine as functions of plain data: all arguments and results can be written as JSON, and mistakes are returned as values. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { check, edit, evaluate, explain, type TrainingEvent, train } from '../../engine/api.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { layers } from '../../engine/layers/registry.ts';
import { optimizers } from '../../engine/optimizers/registry.ts';
import { threadHost } from '../../engine/train/host.ts';

const folder = mkdtempSync(join(tmpdir(), 'netloom-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = `{
  // Kept by edits.
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "hidden": { "type": "dense", "from": "point", "units": 8 },
    "relu": { "type": "relu", "from": "hidden" },
    "out": { "type": "dense", "from": "relu", "units": 2 }
  },
  "training": {
    "data": { "type": "points", "pattern": "xor", "samples": 40, "testSamples": 20 },
    "loss": { "type": "softmaxCrossEntropy", "from": "out" }, "optimizer": "adam", "epochs": 2
  }
}`;

/** The value after it was written as JSON and read again. */
function plain<T>(value: T): T {
  expect(JSON.parse(JSON.stringify(value))).toEqual(value);
  return value;
}

const hostOf = (events: TrainingEvent[]) => ({
  ...threadHost,
  openBackend: () => referenceBackend,
  emit: (event: TrainingEvent) => events.push(event),
});

it('checks a text, and returns its problems with their places and its layers with their shapes', () => {
  const good = plain(check(text));
  expect(good).toMatchObject({ problems: [], trainable: true });
  expect(good.layers[1]).toEqual({
    name: 'hidden',
    type: 'dense',
    from: ['point'],
    output: [8],
    parameters: 24,
    flops: expect.any(Number),
  });
  const bad = plain(check(text.replace('"units": 8', '"units": -8')));
  expect(bad.trainable).toBe(false);
  expect(bad.problems[0]).toMatchObject({ severity: 'error', path: ['layers', 'hidden', 'units'] });
  expect(plain(check('\u0000{')).trainable).toBe(false);
});

it('edits a text and changes nothing that the edit does not concern, or returns the reason why it cannot', () => {
  const edited = plain(edit(text, { kind: 'setAttribute', layer: 'hidden', attribute: 'units', value: 9 }));
  expect(edited).toMatchObject({ text: text.replace('"units": 8', '"units": 9') });
  const impossible = plain(edit(text, { kind: 'renameLayer', name: 'hidden', newName: 'out' }));
  expect(impossible).toMatchObject({ problem: expect.stringContaining('out') });
});

it('trains and evaluates, and the evaluation has the scores of the last epoch', async () => {
  const events: TrainingEvent[] = [];
  const job = { text, folder, network: 'xor.nn.json' };
  expect(plain(await train(job, hostOf(events)))).toMatchObject({ reason: 'finished' });
  const scored: TrainingEvent[] = [];
  expect(plain(await evaluate(job, hostOf(scored)))).toMatchObject({ reason: 'finished' });
  const last = events.findLast(({ event }) => event === 'epoch');
  const evaluation = scored.find(({ event }) => event === 'evaluation');
  if (last?.event !== 'epoch' || evaluation?.event !== 'evaluation') throw new Error('events are missing');
  expect(evaluation.test).toEqual(last.test);
  for (const event of [...events, ...scored]) plain(event);
});

it('ends with the place of a mistake', async () => {
  const job = { text: text.replace('"from": "relu"', '"from": "nowhere"'), folder };
  expect(plain(await train(job, hostOf([])))).toMatchObject({
    reason: 'failed',
    path: ['layers', 'out', 'from'],
  });
});

it('explains every type as the reference does', () => {
  for (const { type, label } of [...layers, ...optimizers]) {
    const [explanation] = plain(explain(type));
    expect(explanation.text).toContain(`### ${type}\n\n*${label}*`);
  }
  expect(explain('constant').map(({ page }) => page)).toEqual(['Schedules', 'Initializers']);
  expect(explain('nothing')).toEqual([]);
});

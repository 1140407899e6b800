/** The record of a run takes bounded memory and work, even if a stranger wrote the log. */
import { expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { layerShapes, layerText } from '../../engine/graph/layerText.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { weightsToKeep } from '../../extension/training/keptWeights.ts';
import { RunRecord } from '../../extension/training/runRecord.ts';

const plan: TrainingEvent = {
  event: 'plan',
  parameters: 1,
  memoryBytes: 1,
  backend: 'reference',
  trainSamples: 1,
  testSamples: 0,
  batchSize: 1,
  stepsPerEpoch: 1,
  epochs: 1,
};
const step = (number: number): TrainingEvent => ({
  event: 'step',
  step: number,
  epoch: 1,
  loss: 1,
  metrics: {},
  samplesPerSecond: 1,
  points: [],
});
const others = (number: number): readonly TrainingEvent[] => [
  plan,
  { event: 'stats', step: number, layers: {} },
  { event: 'epoch', epoch: number, step: number, train: { loss: 1 }, seconds: 1 },
  { event: 'evaluation', test: { loss: 1 }, samples: 1, seconds: 1 },
  { event: 'warning', step: number, code: 'a/b', message: 'm' },
  { event: 'end', reason: 'finished', step: number },
];

test('of any number of events in a log, a limited number is kept, with the newest of each kind', () => {
  const record = new RunRecord('');
  const count = 20_000;
  for (let number = 1; number <= count; number++)
    for (const event of [...others(number), step(number)]) record.add(event);
  expect(record.events.length).toBeLessThan(2300);
  for (const event of [...others(count), step(count)])
    if (event.event !== 'epoch') expect(record.last(event.event)).toEqual(event);
  const epoch = record.last('epoch')?.epoch ?? 0;
  expect(epoch).toBeGreaterThan(count - 20);
});

test('events come back in the order in which they were reported', () => {
  const record = new RunRecord('');
  const reported = [plan, step(1), ...others(1).slice(1)];
  for (const event of reported) record.add(event);
  expect(record.events).toEqual(reported);
  record.add(step(2));
  expect(record.events).toEqual([plan, ...others(1).slice(1), step(2)]);
});

test('a new evaluation replaces the results of the one before, which had other names', () => {
  const text = (name: string) =>
    `{ "layers": { "in": { "type": "input", "shape": [3] }, "${name}": { "type": "relu", "from": "in" } } }`;
  const evaluation = (score: string): TrainingEvent => ({
    ...{ event: 'evaluation', samples: 1, seconds: 1 },
    test: { loss: 1, [score]: 0.5 },
  });
  const record = new RunRecord(text('a'));
  record.evaluate(text('a'));
  for (const event of [plan, evaluation('a.accuracy')]) record.add(event);
  record.add({ event: 'evaluationEnd', reason: 'finished' });
  record.follow(analyze(text('a')).spec, analyze(text('b')).spec);
  expect(record.last('evaluation')?.test).toEqual({ loss: 1, 'b.accuracy': 0.5 });
  record.evaluate(text('b'));
  expect(record.events).toEqual([plan]);
  record.add(evaluation('b.accuracy'));
  expect(record.events).toEqual([plan, evaluation('b.accuracy')]);
});

test('a moment of a run that was moved is in the folder where the run is now', async () => {
  const record = new RunRecord('', { earlier: new Date(), folder: '/before' });
  record.add({ event: 'stats', step: 1, layers: {} });
  const then = async () => record.at((await record.recording()).at(1)!).folder;
  expect(await then()).toBe('/before');
  record.moveTo('/after');
  expect(await then()).toBe('/after');
  // A run of this window has no folder before it ends, nor has any of its moments.
  const own = new RunRecord('');
  own.add({ event: 'stats', step: 1, layers: {} });
  own.moveTo('/after');
  expect(own.at((await own.recording()).at(1)!).folder).toBeUndefined();
});

test('a folder that the log of an earlier run names is not read for weights', () => {
  const text =
    '{ "layers": { "in": { "type": "input", "shape": [3] }, "a": { "type": "relu", "from": "in" } } }';
  const end: TrainingEvent = { event: 'end', reason: 'finished', step: 1, folder: '/elsewhere' };
  const [own, earlier] = [new RunRecord(text), new RunRecord(text, { earlier: new Date(), folder: '/here' })];
  for (const record of [own, earlier]) record.add(end);
  expect(weightsToKeep(own, text)?.folder).toBe('/elsewhere');
  expect(weightsToKeep(earlier, text)).toBeUndefined();
});

test('statistics are stale where the text of a layer or a shape that it reads or gives is another, and not while shapes are unknown', () => {
  const text = (units: string) => `{ "layers": {
    "in": { "type": "input", "shape": [3] },
    "hidden": { "type": "dense", "from": "in", "units": ${units} },
    "bend": { "type": "relu", "from": "hidden" },
    "out": { "type": "dense", "from": "bend", "units": 2 },
    "end": { "type": "softmax", "from": "out" }
  } }`;
  const record = new RunRecord(text('4'));
  const names = ['in', 'hidden', 'bend', 'out', 'end'];
  const none = { mean: 0 };
  record.add({ event: 'stats', step: 1, layers: Object.fromEntries(names.map((name) => [name, none])) });
  const stale = (now: string) => {
    const analysis = analyze(now);
    return names.filter(
      (name) => record.statsOf(name, layerText(now, analysis, name), layerShapes(analysis, name))?.stale,
    );
  };
  expect(stale(text('4'))).toEqual([]);
  expect(stale(text('5'))).toEqual(['hidden', 'bend', 'out']);
  expect(stale(text('-1'))).toEqual(['hidden']);
});

/** A warning is information where a fault that is more certain may cause what it reports. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { TrainingLook } from '../../engine/diagnose/look.ts';
import type { Reported } from '../../engine/diagnose/memory.ts';
import { explodingInTime } from '../../engine/diagnose/rules/explodingInTime.ts';
import { notCentred } from '../../engine/diagnose/rules/notCentred.ts';
import { plateau } from '../../engine/diagnose/rules/plateau.ts';
import { chain } from '../../engine/diagnose/samples.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { gradThroughTime } from '../../engine/layers/recurrent/statistics.ts';
import { updateRatio } from '../../engine/stats/updateRatio.ts';
import { train } from '../../engine/train/loop.ts';
import { openTraining } from '../../engine/train/open.ts';
import { findingsOf } from './diagnosed.ts';
import { load } from './wasmHarness.ts';

const folder = 'test/fixtures/faults/tenth';

it.each([
  [
    'information where a first update that is bounded has made the weights that amplify it',
    'rmsprop',
    38,
    'info',
  ],
  ['a warning after a usual first update', 'rmsprop', 0.01, 'warning'],
  ['a warning where the update follows the gradient', 'sgd', 38, 'warning'],
])('a gradient that grows through time is %s', (_, type, update, expected) => {
  const memory = { type: 'gru', hiddenSize: 4 };
  const network = chain([3, 2], { memory, sum: { type: 'dense', units: 1 } }, { optimizer: { type } });
  const analysis = analyze(JSON.stringify({ format: 1, ...network }));
  const check = (stats: object) => ({ step: 1, stats: { memory: stats }, loss: 1, penalty: 0 });
  const look = {
    analysis,
    training: analysis.spec.training,
    first: check({ [updateRatio.key]: update }),
    checks: [check({ [gradThroughTime.key]: [4000, 60, 1] })],
    baseline: { loss: 1 },
    floor: 0,
  } as unknown as TrainingLook;
  expect(explodingInTime.find(look, explodingInTime.limits).map(({ severity }) => severity)).toEqual([
    expected,
  ]);
});

it.each([
  ['in the text', 'state-thrown-to-its-ends', 'init/mismatch', 'time/exploding'],
  ['in a layer, for what only losses show', 'gradient-cut-after-four', 'time/vanishing', 'loss/diverging'],
])('a warning is information beside a fault %s', async (_, name, fault, effect) => {
  const found = await findingsOf(readFileSync(`${folder}/${name}.nn.json`, 'utf8'), { folder });
  const severities = (code: string) => [
    ...new Set(found.filter((one) => one.code === code).map(({ severity }) => severity)),
  ];
  expect(severities(fault)).toEqual(['warning']);
  expect(severities(effect)).toEqual(['info']);
});

it.each<[string, Reported, string]>([
  ['is information after a fault in a layer that is over', 'warning', 'info'],
  ['stays a warning after information that is over', 'info', 'warning'],
])('a warning that only losses show %s', async (_, reported, expected) => {
  const [sick] = plateau.samples().sick;
  const backend = load('plain');
  const { training } = await openTraining(JSON.stringify(sick), { folder: '.' }, backend);
  const { diagnosis } = training;
  diagnosis.state = { ...diagnosis.state, reported: { 'relu/dead act1': reported } };
  const severities: string[] = [];
  for await (const event of train(training, { now: () => 0, yield: () => Promise.resolve() }))
    if (event.event === 'finding' && event.code === plateau.code) severities.push(event.severity);
  backend.dispose?.();
  expect(severities).toEqual([expected, 'error']);
});

it.each<[string, Reported, string]>([
  ['is information after an error that is over', 'errorOver', 'info'],
  ['stays a warning after a warning that is over', 'over', 'warning'],
])('a warning of what is measured %s', async (_, reported, expected) => {
  const [sick] = notCentred.samples().sick;
  const backend = load('plain');
  const { training } = await openTraining(JSON.stringify({ format: 1, ...sick }), { folder: '.' }, backend);
  const { diagnosis } = training;
  diagnosis.state = { ...diagnosis.state, reported: { 'time/exploding ': reported } };
  const severities = new Set<string>();
  for await (const event of train(training, { now: () => 0, yield: () => Promise.resolve() }))
    if (event.event === 'finding' && event.code === notCentred.code) severities.add(event.severity);
  backend.dispose?.();
  expect([...severities]).toEqual([expected]);
});

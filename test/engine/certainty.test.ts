/** A warning is information where a fault that is more certain may cause what it reports. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Reported } from '../../engine/diagnose/diagnosis.ts';
import { plateau } from '../../engine/diagnose/rules/plateau.ts';
import { train } from '../../engine/train/loop.ts';
import { openTraining } from '../../engine/train/open.ts';
import { findingsOf } from './diagnosed.ts';
import { load } from './wasmHarness.ts';

const folder = 'test/fixtures/faults/tenth';

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

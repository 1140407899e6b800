/** A warning is information where a fault that is more certain may cause what it reports. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findingsOf } from './diagnosed.ts';

const folder = 'test/fixtures/faults/tenth';

it('a gradient that grows through time is information where a bounded update has made the weights that amplify it', async () => {
  const place = 'test/fixtures/faults/twelfth';
  const found = await findingsOf(readFileSync(`${place}/gru-at-one-half.nn.json`, 'utf8'), { folder: place });
  const severities = (code: string) =>
    found.filter((one) => one.code === code).map(({ severity }) => severity);
  expect(new Set(severities('time/exploding'))).toEqual(new Set(['info']));
  expect(severities('update/tooLarge')).toContain('warning');
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

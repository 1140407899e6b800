/** The layer that CONTRIBUTING prints compiles as printed, and passes the tests of every layer. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LayerDefinition } from '../../engine/layers/define.ts';
import { properties } from '../engine/layerHarness.ts';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
const printed = /```ts\n([\s\S]*?)```/.exec(page)?.[1].replaceAll(/^ {3}/gm, '') ?? '';

/** Beside this test, so that it is compiled like our sources. Its imports are changed accordingly. */
const file = path.join(import.meta.dirname, `printed.${process.pid}.ts`);

describe('the layer that CONTRIBUTING prints', () => {
  let layer: LayerDefinition;

  beforeAll(async () => {
    writeFileSync(file, printed.replaceAll("'./", "'../../engine/layers/"));
    layer = (await import(file)).gaussian;
  });
  afterAll(() => rmSync(file));

  test('is documented in full', () => {
    expect(layer.type).toBe('gaussian');
    expect(layer.doc).not.toContain('undefined');
  });

  for (const [sentence, check] of Object.entries(properties))
    test(sentence, () => {
      for (const sample of layer.samples) check(layer, sample);
    });
});

test('every script that CONTRIBUTING names exists', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const named = [...page.matchAll(/`npm run ([\w:]+)/g)].map(([, name]) => name);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

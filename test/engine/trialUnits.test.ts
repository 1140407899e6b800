/** A fix that changes the unit of the targets is judged in one unit. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { threadHost } from '../../engine/train/host.ts';
import { tryFix } from '../../engine/trials/trial.ts';
import { load } from './wasmHarness.ts';

const folder = 'test/fixtures/faults/sixth';

describe('a fix that keeps the target as it is in the file', () => {
  it('has errors in megapascals, with which those in standard deviations are not compared', async () => {
    const text = readFileSync(`${folder}/broken-specimens.nn.json`, 'utf8');
    const host = () => ({
      ...threadHost,
      folder,
      memoryLimit: 2 ** 28,
      openBackend: () => load('plain'),
    });
    const { helps, verdict } = await tryFix(text, { code: 'data/outliers', steps: 500 }, { host });
    // Without the fix, the network answers with the mean of all specimens, so its error is large in either unit.
    expect(verdict).toMatch(/the test score \(Mean absolute error\) is 1\d\.\d instead of [23]\d\.\d\.$/);
    expect(helps).toBe(true);
  });
});

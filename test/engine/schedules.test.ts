/** What schedules cost: the work of an update does not grow with the epochs before it. */

import { describe, expect, it, vi } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { Progress } from '../../engine/schedules/define.ts';
import { schedules } from '../../engine/schedules/registry.ts';
import { train } from '../../engine/train/loop.ts';
import { openTraining } from '../../engine/train/open.ts';

const plateau = schedules.get('reduceOnPlateau');

/** Ten updates for each epoch. */
const text = (epochs: number) => `{ "layers": {
  "point": { "type": "input", "shape": [2] },
  "out": { "type": "dense", "from": "point", "units": 2 } },
  "training": { "data": { "type": "points", "pattern": "xor", "samples": 40 },
    "loss": { "type": "softmaxCrossEntropy", "from": "out" }, "batchSize": 4, "epochs": ${epochs},
    "optimizer": { "type": "sgd", "learningRate": 0.1 },
    "schedule": { "type": "reduceOnPlateau", "patience": 0, "threshold": 0.5, "factor": 0.9 } } }`;

describe('reduceOnPlateau', () => {
  it('takes each loss once for the training and once for its diagnosis, however many updates there are', async () => {
    const taken = vi.spyOn(plateau, 'afterEpoch');
    for (const epochs of [5, 50]) {
      taken.mockClear();
      await trained(epochs);
      expect(taken).toHaveBeenCalledTimes(2 * epochs);
    }
  });

  it('is given as many numbers at the last update as at the second epoch', async () => {
    const asked = vi.spyOn(plateau, 'factor');
    await trained(50);
    const numbersIn = ({ memory, ...progress }: Progress) =>
      [...Object.values(progress), ...Object.values(memory ?? {})].map((value) => typeof value);
    const all = asked.mock.calls.map(([progress]) => numbersIn(progress)).filter(({ length }) => length > 3);
    expect(all.length).toBeGreaterThanOrEqual(490);
    for (const numbers of all) expect(numbers).toEqual(Array(7).fill('number'));
  });
});

async function trained(epochs: number): Promise<void> {
  const { training } = await openTraining(text(epochs), { folder: '.' }, referenceBackend);
  for await (const _ of train(training, { now: () => 0, yield: () => Promise.resolve() }));
}

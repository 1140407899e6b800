/** The targets that losses get, which the loss of a network that does not learn reveals. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { runJob } from '../../engine/train/job.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netloom-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const classes = '{ "type": "softmaxCrossEntropy", "from": "out" }';
const values = '{ "type": "meanSquaredError", "from": "out" }';

/** The loss of an epoch at learning rate 0, with these losses on one output and the data's one target. */
async function lossOf(...losses: readonly string[]): Promise<number> {
  const text = `{
    "layers": {
      "point": { "type": "input", "shape": [2] },
      "out": { "type": "dense", "from": "point", "units": 2, "biasInitializer": { "type": "uniform", "min": -1, "max": 1 } }
    },
    "training": {
      "data": { "type": "points", "samples": 100, "testSamples": 0 },
      "loss": [${losses.join()}],
      "optimizer": { "type": "sgd", "learningRate": 0 },
      "epochs": 1
    }
  }`;
  let loss = Number.NaN;
  const end = await runJob(
    { task: 'train', folder, output: join(folder, 'out'), text },
    {
      openBackend: () => referenceBackend,
      now: () => performance.now(),
      yield: async () => {},
      emit: (event) => {
        if (event.event === 'epoch') loss = event.train.loss;
      },
    },
  );
  expect(end).toMatchObject({ reason: 'finished' });
  return loss;
}

describe('a target that several losses judge by reaches each of them:', () => {
  const check = (name: string, ...losses: readonly string[]) =>
    test(name, async () => {
      let sum = 0;
      for (const loss of losses) sum += await lossOf(loss);
      expect(await lossOf(...losses)).toBeCloseTo(sum, 5);
    });

  check('twice as class indices', classes, classes);
  check('three times as one-hot vectors', values, values, values);
  check('as class indices and as one-hot vectors', classes, values, classes);
  check('as one-hot vectors and as class indices', values, classes);
});

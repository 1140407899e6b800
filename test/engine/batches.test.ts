/** Batches of one sample, which have no variance for layers that normalize over the batch. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { runJob } from '../../engine/train/job.ts';

const network = (batchSize: number, layer = '"type": "batchNorm"') => `{
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "norm": { ${layer}, "from": "point" },
    "out": { "type": "dense", "from": "norm", "units": 2 }
  },
  "training": {
    "data": { "type": "points", "samples": 33, "testSamples": 4 },
    "loss": { "type": "softmaxCrossEntropy", "from": "out" }, "optimizer": "sgd", "epochs": 2, "batchSize": ${batchSize}
  }
}`;

async function warningsOf(text: string) {
  const events: TrainingEvent[] = [];
  const end = await runJob(
    { task: 'train', folder: '.', text },
    {
      openBackend: () => referenceBackend,
      now: () => 0,
      yield: () => Promise.resolve(),
      emit: (event) => events.push(event),
    },
  );
  const plan = events.find(({ event }) => event === 'plan');
  return { end, warnings: plan?.event === 'plan' ? (plan.warnings ?? []) : [] };
}

describe('batch normalization of vectors', () => {
  it('is refused at "batchSize" 1, which is named', () => {
    const { diagnostics, trainable } = analyze(network(1));
    expect(trainable).toBe(false);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code: 'training/one-row', path: ['training', 'batchSize'] });
    expect(diagnostics[0].message).toMatch(/^norm: batchNorm measures the variance over a batch/);
  });

  it('trains on a last batch of one sample, and warns of it before the first step', async () => {
    const { warnings, end } = await warningsOf(network(32));
    expect(end.reason).toBe('finished');
    expect(warnings).toMatchObject([{ code: 'training/last-row', path: ['layers', 'norm'] }]);
    expect(warnings[0].message).toContain('33 samples, "batchSize" 32');
  });

  it('reports nothing for batches that end evenly, or for layers that look at one sample', async () => {
    expect((await warningsOf(network(11))).warnings).toEqual([]);
    expect((await warningsOf(network(32, '"type": "layerNorm"'))).warnings).toEqual([]);
    expect(analyze(network(1, '"type": "layerNorm"')).diagnostics).toEqual([]);
  });
});

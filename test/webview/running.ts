/** A run of the network in the page, with chosen statistics. */
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { page } from './driver.ts';

/** A run with these statistics of each layer, and events after them. */
export const report = (layers: { readonly [layer: string]: object }, after: readonly object[] = []) =>
  page.evaluate((events) => window.host.run({ state: 'running', task: 'train' }, events), [
    {
      event: 'plan',
      ...{ parameters: 10, memoryBytes: 10, backend: 'reference', trainSamples: 100, testSamples: 10 },
      ...{ batchSize: 10, stepsPerEpoch: 10, epochs: 2 },
    },
    {
      event: 'step',
      ...{ step: 1, epoch: 1, loss: 2, metrics: { accuracy: 0.1 }, samplesPerSecond: 1000 },
      points: [{ step: 1, loss: 2, metrics: { accuracy: 0.1 } }],
    },
    { event: 'stats', step: 1, layers },
    ...after,
  ] as unknown as TrainingEvent[]);

/** Statistics of a layer without a fault. */
export const well = { mean: 0, std: 0.3, min: -1, max: 1, zeroFraction: 0.5, gradNorm: 1.5, gradRms: 0.1 };

/** The first of two epochs, with a metric of one of several losses. */
export const epochOfRun: readonly TrainingEvent[] = [
  {
    event: 'plan',
    parameters: 10,
    memoryBytes: 10,
    backend: 'reference',
    trainSamples: 100,
    testSamples: 10,
    batchSize: 10,
    stepsPerEpoch: 10,
    epochs: 2,
  },
  {
    event: 'step',
    step: 10,
    epoch: 1,
    loss: 2.3,
    metrics: { accuracy: 0.1, 'logits.f1': 0.2 },
    samplesPerSecond: 1000,
    points: [
      { step: 5, loss: 3, metrics: { accuracy: 0.2, 'logits.f1': 0.1 } },
      { step: 10, loss: 2, metrics: { accuracy: 0.3, 'logits.f1': 0.2 } },
    ],
  },
  {
    event: 'epoch',
    epoch: 1,
    step: 10,
    train: { loss: 1, accuracy: 0.5, 'logits.f1': 0.3 },
    test: { loss: 0.9, accuracy: 0.625, 'logits.f1': 0.4 },
    penalty: 0.0625,
    seconds: 1,
  },
];

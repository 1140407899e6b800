/** The scores of predictions that ignore the input, compared with a plain computation from the targets. */
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { beatsBaseline } from '../../engine/stats/scores.ts';
import { leastLossOf, untrainedLossOf } from '../../engine/train/baseline.ts';
import { openTraining } from '../../engine/train/open.ts';

const network = (output: string, loss: string, data: string, shape = 2, units = 2) => `{ "layers": {
  "data": { "type": "input", "shape": [${shape}] },
  "hidden": { "type": "dense", "from": "data", "units": 8 }, "tanh": { "type": "tanh", "from": "hidden" },
  "${output}": { "type": "dense", "from": "tanh", "units": ${units} } },
  "training": { "data": ${data}, "loss": { "type": "${loss}", "from": "${output}" },
    "optimizer": { "type": "adam", "learningRate": 0.01 }, "epochs": 2, "batchSize": 16 } }`;

const table = (name: string) =>
  `{ "type": "csv", "file": "test/fixtures/faults/data/${name}", "testFraction": 0 }`;

const baselineOf = async (text: string) => {
  const { training } = await openTraining(text, { folder: '.' }, referenceBackend);
  return training.baseline;
};

describe('predictions that ignore the input', () => {
  it('guess the shares of the classes, and the most frequent class', async () => {
    const { loss, accuracy } = await baselineOf(
      network('out', 'softmaxCrossEntropy', table('unbalanced.csv')),
    );
    // 8 of 200 samples are of class b.
    const share = 8 / 200;
    expect(loss).toBeCloseTo(-share * Math.log(share) - (1 - share) * Math.log(1 - share), 5);
    expect(accuracy).toBe(1 - share);
  });

  it('guess the mean of values, which costs their variance', async () => {
    const text = network('out', 'meanSquaredError', table('regression.csv'), 3, 1);
    const { training } = await openTraining(text, { folder: '.' }, referenceBackend);
    const { dataset } = training.parts;
    const values = new Float32Array(dataset.train.size);
    const inputs = [new Float32Array(3 * values.length)];
    dataset.train.fill(Int32Array.from(values.keys()), values.length, { inputs, targets: [values] });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(training.baseline.loss).toBeCloseTo(variance, 3);
  });
});

describe('the losses that a loss is compared with', () => {
  it('of counts are those of a count of 1 and of exact predictions, which is not 0', async () => {
    const text = network('out', 'poisson', table('regression.csv'), 3, 1);
    const { training } = await openTraining(text, { folder: '.' }, referenceBackend);
    const { dataset } = training.parts;
    const values = new Float32Array(dataset.train.size);
    const inputs = [new Float32Array(3 * values.length)];
    dataset.train.fill(Int32Array.from(values.keys()), values.length, { inputs, targets: [values] });
    const mean = (of: (target: number) => number) =>
      values.reduce((sum, value) => sum + of(value), 0) / values.length;
    const { train } = dataset;
    expect(untrainedLossOf(training.parts, train)).toBeCloseTo(1, 5);
    const log = (target: number) => Math.log(Math.max(1e-6, target));
    expect(leastLossOf(training.parts, train)).toBeCloseTo(
      mean((target) => Math.exp(log(target)) - target * log(target)),
      3,
    );
  });

  it('of classes are those of even chances and of certainty', async () => {
    const text = network('out', 'softmaxCrossEntropy', table('unbalanced.csv'));
    const { training } = await openTraining(text, { folder: '.' }, referenceBackend);
    const { train } = training.parts.dataset;
    expect(untrainedLossOf(training.parts, train)).toBeCloseTo(Math.log(2), 5);
    expect(leastLossOf(training.parts, train)).toBe(0);
  });
});

describe('a result', () => {
  const baseline = { loss: 0.69, accuracy: 0.6, f1: 0 };

  it.each([
    ['is better by its accuracy, though its loss is not', { loss: 0.8, accuracy: 0.7, f1: 0.2 }, true],
    [
      'is no better with the accuracy of the most frequent class',
      { loss: 0.5, accuracy: 0.6, f1: 0.3 },
      false,
    ],
    ['is no better when it is not a number', { loss: Number.NaN, accuracy: Number.NaN, f1: 0 }, false],
  ])('%s', (_, scores, better) => {
    expect(beatsBaseline(scores, baseline)).toBe(better);
  });

  it('without a share is judged by its loss', () => {
    expect(beatsBaseline({ loss: 0.5 }, { loss: 0.69 })).toBe(true);
    expect(beatsBaseline({ loss: 0.689 }, { loss: 0.69 })).toBe(false);
    expect(beatsBaseline({ loss: -18.5 }, { loss: -18.47 })).toBe(false);
    expect(beatsBaseline({ loss: -20 }, { loss: -18.47 })).toBe(true);
  });

  it('of several losses is better when each of them is', () => {
    const two = { loss: 1.4, 'a.accuracy': 0.5, 'b.accuracy': 0.5 };
    expect(beatsBaseline({ loss: 0.9, 'a.accuracy': 0.9, 'b.accuracy': 0.5 }, two)).toBe(false);
    expect(beatsBaseline({ loss: 0.9, 'a.accuracy': 0.9, 'b.accuracy': 0.7 }, two)).toBe(true);
  });
});

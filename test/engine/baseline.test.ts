/** The scores of predictions that ignore the input, compared with a plain computation from the targets. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { finishedText, savedEpoch, verdictOf } from '../../engine/protocol/verdict.ts';
import { beatsBaseline, standingOf } from '../../engine/stats/scores.ts';
import { floorOf, untrainedLossOf } from '../../engine/train/baseline.ts';
import { openTraining } from '../../engine/train/open.ts';
import { predictionsIn } from '../../engine/train/targets.ts';

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
  it('are the shares of the classes, and the most frequent class', async () => {
    const { loss, accuracy } = await baselineOf(
      network('out', 'softmaxCrossEntropy', table('unbalanced.csv')),
    );
    // 8 of 200 samples are of class b.
    const share = 8 / 200;
    expect(loss).toBeCloseTo(-share * Math.log(share) - (1 - share) * Math.log(1 - share), 5);
    expect(accuracy).toBe(1 - share);
  });

  it('are the mean of the values, with their variance as the loss', async () => {
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

describe('guesses that are scored between two batches of an update', () => {
  it('leave its divisors as they are', async () => {
    const text = network('out', 'softmaxCrossEntropy', table('unbalanced.csv'));
    const { training } = await openTraining(text, { folder: '.' }, referenceBackend);
    const { runtime, dataset } = training.parts;
    const totals = Float64Array.of(64);
    runtime.divideBy(totals);
    floorOf(training.parts, dataset.train);
    expect(runtime.divisors).toBe(totals);
    runtime.divideBy(undefined);
    untrainedLossOf(training.parts, dataset.train);
    expect(runtime.divisors).toBe(runtime.totals);
  });
});

describe('of sequences that differ in length', () => {
  /** Key 0 of two always sounds, in a tune of four steps and in one of a single step. */
  const opened = async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'netloom-'));
    const tune = (steps: number) => new Array(steps + 1).fill([0]);
    writeFileSync(path.join(folder, 'p.json'), JSON.stringify({ keys: 2, train: [tune(4), tune(1)] }));
    const data = '{ "type": "pianoRoll", "file": "p.json", "sequenceLength": 4 }';
    const text = network('out', 'binaryCrossEntropy', data).replace('"shape": [2]', '"shape": [4, 2]');
    return (await openTraining(text, { folder }, referenceBackend)).training;
  };

  it('are computed from the real steps', async () => {
    const { baseline } = await opened();
    expect(baseline.loss).toBeCloseTo(0, 4);
    expect(baseline.binaryAccuracy).toBe(1);
  });

  it('only those of the real steps count', async () => {
    const { parts } = await opened();
    expect(predictionsIn(parts, parts.dataset.train)).toBe(5);
  });
});

describe('an untrained network', () => {
  const cost = async (text: string) => {
    const { training } = await openTraining(text, { folder: '.' }, referenceBackend);
    return untrainedLossOf(training.parts, training.parts.dataset.train);
  };

  it('has the loss of even chances, and of a count of 1', async () => {
    const classes = network('out', 'softmaxCrossEntropy', table('unbalanced.csv'));
    expect(await cost(classes)).toBeCloseTo(Math.log(2), 5);
    expect(await cost(network('out', 'poisson', table('regression.csv'), 3, 1))).toBeCloseTo(1, 5);
  });
});

describe('predictions that are right', () => {
  const floor = async (loss: string, data: string, units: number) => {
    const text = network('out', 'LOSS', data, 2, units).replace('"type": "LOSS"', loss);
    const { training } = await openTraining(text, { folder: '.' }, referenceBackend);
    return floorOf(training.parts, training.parts.dataset.train);
  };

  it('have a loss of 0 if targets are classes', async () => {
    expect(await floor('"type": "softmaxCrossEntropy"', table('unbalanced.csv'), 2)).toBeCloseTo(0, 4);
    expect(await floor('"type": "hinge"', table('unbalanced.csv'), 1)).toBe(0);
  });

  it('have the entropy of smoothed labels as their loss', async () => {
    const loss = '"type": "softmaxCrossEntropy", "labelSmoothing": 0.4';
    const cost = await floor(loss, table('unbalanced.csv'), 2);
    expect(cost).toBeCloseTo(-0.8 * Math.log(0.8) - 0.2 * Math.log(0.2), 4);
  });

  it('have a negative loss for the likelihood of counts', async () => {
    const lines = readFileSync('test/fixtures/faults/data/counts.csv', 'utf8').trim().split('\n').slice(1);
    const counts = lines.map((line) => Number(line.split(',')[2]));
    const best = counts.map((count) => (count === 0 ? 0 : count - count * Math.log(count)));
    const mean = best.reduce((sum, one) => sum + one, 0) / counts.length;
    const data = table('counts.csv').replace('{', '{ "task": "regression",');
    expect(await floor('"type": "poisson"', data, 1)).toBeCloseTo(mean, 4);
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

  it('is that of the weights that were saved, those of a restored epoch if there is one', () => {
    const epochs = [0.5, 0.9].map((loss, index) => ({ epoch: index + 1, train: { loss, accuracy: 0.8 } }));
    const texts = [undefined, 1].map((restored) =>
      finishedText(verdictOf(savedEpoch(epochs, restored)!, baseline).standing),
    );
    expect(texts).toEqual(['Finished, loss above that of guessing', 'Finished']);
  });

  it('that is better by its accuracy stands out if its loss is above that of guessing', () => {
    expect(standingOf({ loss: 1.93, accuracy: 0.7 }, baseline)).toBe('highLoss');
    expect(standingOf({ loss: 0.69, accuracy: 0.7 }, baseline)).toBe('better');
    expect(standingOf({ loss: 1.93, accuracy: 0.6 }, baseline)).toBe('guess');
  });

  it('that is right about every sample cannot be better, and is no guess where guessing is right, too', () => {
    const certain = { loss: 0, accuracy: 1 };
    expect(beatsBaseline({ loss: 0.01, accuracy: 1 }, certain)).toBe(true);
    expect(beatsBaseline({ loss: 0.9, accuracy: 0 }, certain)).toBe(false);
  });

  it('without a share is judged by its loss', () => {
    expect(beatsBaseline({ loss: 0.5 }, { loss: 0.69 })).toBe(true);
    expect(beatsBaseline({ loss: 0.689 }, { loss: 0.69 })).toBe(false);
    expect(beatsBaseline({ loss: -18.5 }, { loss: -18.47 })).toBe(false);
    expect(beatsBaseline({ loss: -20 }, { loss: -18.47 })).toBe(true);
  });

  it('of several losses is better if each of them is better', () => {
    const two = { loss: 1.4, 'a.accuracy': 0.5, 'b.accuracy': 0.5 };
    expect(beatsBaseline({ loss: 0.9, 'a.accuracy': 0.9, 'b.accuracy': 0.5 }, two)).toBe(false);
    expect(beatsBaseline({ loss: 0.9, 'a.accuracy': 0.9, 'b.accuracy': 0.7 }, two)).toBe(true);
  });
});

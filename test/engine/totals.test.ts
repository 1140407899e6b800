/** Losses are weighted by the samples that count: batches of any size add up to the same mean, whatever is ignored, weighted or padded. */
import { describe, expect, it } from 'vitest';
import type { Dataset, Split } from '../../engine/data/define.ts';
import { purposeOf, Random } from '../../engine/kernels/random.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { evaluateSplit } from '../../engine/train/evaluate.ts';
import type { LoopHost } from '../../engine/train/host.ts';
import { tensorsOf } from '../../engine/train/kept.ts';
import { train } from '../../engine/train/loop.ts';
import { assemble, readNetwork } from '../../engine/train/open.ts';
import { Training } from '../../engine/train/training.ts';

const [time, classes, samples] = [4, 3, 11];

/** Sequences of different lengths with a class at each step and three values; class 0 and class weights by the loss. */
function sequences(): Dataset {
  const split: Split = {
    size: samples,
    fill(indices, count, { inputs, targets, lengths }) {
      for (let row = 0; row < count; row++) {
        const random = new Random(3, purposeOf('sample'), indices[row]);
        if (lengths) lengths[row] = 1 + random.below(time);
        for (let i = 0; i < time * 2; i++) inputs[0][row * time * 2 + i] = random.normal();
        for (let i = 0; i < time; i++) targets[0][row * time + i] = random.below(classes);
        for (let i = 0; i < time * 2; i++) targets[1][row * time * 2 + i] = random.normal();
      }
    },
  };
  return {
    inputs: [{ name: 'steps', shape: [time, 2] }],
    targets: [
      { name: 'class', shape: [time], type: 'int', classes },
      { name: 'values', shape: [time, 2], type: 'float' },
    ],
    ragged: true,
    train: split,
    test: split,
  };
}

const losses = {
  'ignored classes': '{ "type": "softmaxCrossEntropy", "from": "classes", "ignoreIndex": 0 }',
  'class weights':
    '{ "type": "softmaxCrossEntropy", "from": "classes", "classWeights": [0.2, 1, 5], "labelSmoothing": 0.1 }',
  'log-likelihood':
    '{ "type": "negativeLogLikelihood", "from": "logs", "classWeights": [0.2, 1, 5], "ignoreIndex": 1 }',
  values: '{ "type": "huber", "from": "values", "target": "values", "delta": 0.5 }',
  'several losses': `[
    { "type": "softmaxCrossEntropy", "from": "classes", "ignoreIndex": 0, "classWeights": [1, 0.1, 4] },
    { "type": "meanSquaredError", "from": "values", "target": "values", "weight": 0.3 },
    { "type": "meanAbsoluteError", "from": "values", "target": "values", "weight": 2 },
    { "type": "hinge", "from": "classes", "target": "class", "weight": 0 }]`,
};

const text = (loss: string, settings: string) => `{ "layers": {
  "steps": { "type": "input", "shape": [${time}, 2] },
  "hidden": { "type": "lstm", "from": "steps", "hiddenSize": 5, "returnSequences": true, "l2": 0.01 },
  "classes": { "type": "dense", "from": "hidden", "units": ${classes} },
  "logs": { "type": "logSoftmax", "from": "classes" },
  "values": { "type": "dense", "from": "hidden", "units": 2 } },
  "training": { "data": { "type": "adding" }, "loss": ${loss},
    "optimizer": { "type": "sgd", "learningRate": 0.1, "momentum": 0.9 }, ${settings} } }`;

const host: LoopHost = { now: () => 0, yield: () => Promise.resolve() };

const open = (loss: string, settings: string) =>
  assemble(readNetwork(text(loss, settings)), sequences(), { float: 'float64' }, referenceBackend);

async function trained(loss: string, settings: string) {
  const run = open(loss, settings);
  const events: TrainingEvent[] = [];
  for await (const event of train(new Training(run), host)) events.push(event);
  const weights = tensorsOf(run.runtime).flatMap(({ data }) => [...data]);
  const scores = events.flatMap((event) => (event.event === 'epoch' ? [event.train, event.test] : []));
  return { weights, scores };
}

function expectClose(found: readonly number[], expected: readonly number[]) {
  expect(found.length).toBe(expected.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(1e-12);
  });
}

describe.each(Object.entries(losses))('with %s', (_, loss) => {
  it('accumulated batches, the last ones fewer and shorter, train as one larger batch does', async () => {
    const whole = await trained(loss, '"epochs": 3, "batchSize": 8');
    for (const [batchSize, accumulate] of [
      [4, 2],
      [2, 4],
      [1, 8],
    ]) {
      const parts = await trained(
        loss,
        `"epochs": 3, "batchSize": ${batchSize}, "accumulate": ${accumulate}`,
      );
      expectClose(parts.weights, whole.weights);
      parts.scores.forEach((scores, i) => {
        expect(scores?.loss).toBeCloseTo(whole.scores[i]?.loss ?? Number.NaN, 12);
      });
    }
    const unlike = await trained(loss, '"epochs": 3, "batchSize": 4');
    expect(Math.max(...unlike.weights.map((value, i) => Math.abs(value - whole.weights[i])))).toBeGreaterThan(
      1e-3,
    );
  });

  it('the scores of a split do not depend on the batch size', async () => {
    const scoresOf = async (batchSize: number) => {
      const run = open(loss, `"batchSize": ${batchSize}`);
      const scores = await evaluateSplit(run, run.dataset.train, host);
      return scores;
    };
    const all = await scoresOf(samples);
    for (const batchSize of [1, 3, 7]) {
      const scores = await scoresOf(batchSize);
      expect(Object.keys(scores)).toEqual(Object.keys(all));
      expectClose(Object.values(scores), Object.values(all));
    }
  });
});

it('a loss of weight 0 is computed and has no influence on the training', async () => {
  const one = '{ "type": "meanSquaredError", "from": "values", "target": "values" }';
  const other = '{ "type": "softmaxCrossEntropy", "from": "classes", "target": "class", "weight": 0 }';
  const alone = await trained(one, '"epochs": 1');
  const both = await trained(`[${one}, ${other}]`, '"epochs": 1');
  expectClose(both.weights, alone.weights);
});

it.each(['warmup', 'oneCycle', 'cosine', 'step'])(
  'the schedule %s counts updates, not batches',
  async (type) => {
    const schedule = `"epochs": 4, "schedule": { "type": "${type}"${type === 'step' ? ', "every": 1' : ''} }`;
    const loss = losses['class weights'];
    const whole = await trained(loss, `${schedule}, "batchSize": 8`);
    expectClose((await trained(loss, `${schedule}, "batchSize": 2, "accumulate": 4`)).weights, whole.weights);
  },
);

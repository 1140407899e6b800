/** Metrics of several losses: which samples count, the threshold for yes, metrics that cannot be computed, and names. */

import { describe, expect, it } from 'vitest';
import type { Dataset, Field, Split } from '../../engine/data/define.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { sizeOf } from '../../engine/layers/define.ts';
import type { TargetSpec } from '../../engine/losses/define.ts';
import type { Scores } from '../../engine/protocol/events.ts';
import { ProblemError } from '../../engine/schema/problem.ts';
import { evaluateSplit } from '../../engine/train/evaluate.ts';
import { threadHost } from '../../engine/train/host.ts';
import { assemble, readNetwork } from '../../engine/train/open.ts';

/** A dataset with these inputs and targets. */
function table(
  inputs: readonly number[],
  shape: readonly number[],
  targets: readonly (TargetSpec & { readonly values: readonly number[] })[],
): Dataset {
  const fields = targets.map((target, i): Field & TargetSpec => ({ ...target, name: `target ${i + 1}` }));
  const split: Split = {
    size: inputs.length / sizeOf(shape),
    fill(indices, count, buffers) {
      const copy = (from: readonly number[], to: { [index: number]: number }, size: number) => {
        for (let row = 0; row < count; row++)
          for (let i = 0; i < size; i++) to[row * size + i] = from[indices[row] * size + i];
      };
      copy(inputs, buffers.inputs[0], sizeOf(shape));
      targets.forEach(({ values }, i) => {
        copy(values, buffers.targets[i], sizeOf(fields[i].shape));
      });
    },
  };
  return { inputs: [{ name: 'x', shape }], targets: fields, train: split };
}

/** Scores of inputs that are judged directly, or after `layer`. */
async function scoresOf(
  dataset: Dataset,
  loss: string,
  { metrics, layer = '"type": "linear"' }: { metrics?: string; layer?: string } = {},
): Promise<Scores> {
  const text = `{ "layers": {
    "x": { "type": "input", "shape": [${dataset.inputs[0].shape.join(', ')}] },
    "y": { ${layer}, "from": "x" } },
    "training": { "data": { "type": "adding" }, "loss": ${loss}, "batchSize": 2, "optimizer": { "type": "adam" }
      ${metrics === undefined ? '' : `, "metrics": ${metrics}`} } }`;
  const parts = assemble(readNetwork(text), dataset, { float: 'float64' }, referenceBackend);
  return evaluateSplit(parts, dataset.train, threadHost);
}

/** The target is 1 if the score is above 0. */
const signs = table(
  [-3, 2, -1, 4, -0.5],
  [1],
  [{ type: 'int', shape: [], classes: 2, values: [0, 1, 0, 1, 0] }],
);

describe('yes or no', () => {
  const raw = '{ "type": "binaryCrossEntropy", "from": "y" }';
  const probabilities = '{ "type": "binaryCrossEntropy", "from": "y", "predictions": "probabilities" }';
  const sigmoid = '"type": "sigmoid"';

  it('is above 0 for raw scores and above a half for probabilities, unless a threshold is given', async () => {
    expect((await scoresOf(signs, raw)).binaryAccuracy).toBe(1);
    expect((await scoresOf(signs, probabilities, { layer: sigmoid })).binaryAccuracy).toBe(1);
    const metrics = '["binaryAccuracy"]';
    expect((await scoresOf(signs, probabilities, { layer: sigmoid, metrics })).binaryAccuracy).toBe(1);
    const given = '[{ "type": "binaryAccuracy", "threshold": 0 }]';
    expect((await scoresOf(signs, probabilities, { layer: sigmoid, metrics: given })).binaryAccuracy).toBe(
      0.4,
    );
  });

  it('has precision, recall and F1 with one output, raw or probability', async () => {
    const metrics = '["f1", "precision", "recall"]';
    for (const scores of [
      await scoresOf(signs, raw, { metrics }),
      await scoresOf(signs, probabilities, { metrics, layer: sigmoid }),
      await scoresOf(signs, '{ "type": "hinge", "from": "y" }', { metrics }),
    ])
      expect(scores).toMatchObject({ f1: 1, precision: 1, recall: 1 });
  });
});

describe('what a loss ignores', () => {
  // Scores of three classes for four samples; the first two are of class 0.
  const scores = [5, 0, 0, 0, 5, 0, 0, 5, 0, 0, 0, 5];
  const data = table(scores, [3], [{ type: 'int', shape: [], classes: 3, values: [0, 0, 1, 1] }]);
  const metrics = '["accuracy", { "type": "topK", "k": 2 }, "precision", "recall", "f1", "perplexity"]';

  it('counts in none of the metrics', async () => {
    const rest = table(scores.slice(6), [3], [{ type: 'int', shape: [], classes: 3, values: [1, 1] }]);
    const ignoring = '{ "type": "softmaxCrossEntropy", "from": "y", "ignoreIndex": 0 }';
    const found = await scoresOf(data, ignoring, { metrics });
    expect(found).toEqual(await scoresOf(rest, ignoring, { metrics }));
    expect(found.accuracy).toBe(0.5);
    // The loss is the mean of −log softmax over the samples that count, and perplexity is its exponential.
    expect(found.perplexity).toBeCloseTo(Math.exp(found.loss), 9);
    expect(found).not.toEqual(
      await scoresOf(data, '{ "type": "softmaxCrossEntropy", "from": "y" }', { metrics }),
    );
  });
});

describe('a metric that cannot be computed', () => {
  const network = (loss: string, metrics: string) => `{ "layers": {
    "x": { "type": "input", "shape": [4] }, "y": { "type": "dense", "from": "x", "units": 3 }, "z": { "type": "dense", "from": "x", "units": 1 } },
    "training": { "data": { "type": "adding" }, "loss": ${loss}, "optimizer": { "type": "adam" }, "metrics": ${metrics} } }`;
  const problems = (loss: string, metrics: string) =>
    analyze(network(loss, metrics)).diagnostics.filter(({ code }) => code === 'metric/misfit');

  it.each([
    ['softmaxCrossEntropy', 'y', 'r2'],
    ['softmaxCrossEntropy', 'y', 'meanAbsoluteError'],
    ['softmaxCrossEntropy', 'y', 'binaryAccuracy'],
    ['binaryCrossEntropy', 'z', 'accuracy'],
    ['binaryCrossEntropy', 'y', 'perplexity'],
    ['meanSquaredError', 'z', 'topK'],
    ['poisson', 'z', 'rootMeanSquaredError'],
    ['kullbackLeibler', 'y', 'r2'],
  ])('for %s on %s is refused by the check: %s', (loss, from, metric) => {
    const [problem, ...others] = problems(`{ "type": "${loss}", "from": "${from}" }`, `["${metric}"]`);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ severity: 'error', path: ['training', 'metrics', 0] });
    expect(problem.message).toMatch(
      new RegExp(`^${metric} cannot be computed for ${loss} on ${from}: it needs`),
    );
  });

  it('for one of several losses is measured on the others', () => {
    const both =
      '[{ "type": "softmaxCrossEntropy", "from": "y" }, { "type": "meanSquaredError", "from": "z" }]';
    expect(problems(both, '["r2", "accuracy"]')).toEqual([]);
    expect(problems(both, '["binaryAccuracy"]')).toEqual([]);
    const neither = '[{ "type": "softmaxCrossEntropy", "from": "y" }, { "type": "poisson", "from": "z" }]';
    expect(problems(neither, '["accuracy", "r2"]')).toMatchObject([{ path: ['training', 'metrics', 1] }]);
  });

  it('for the data is refused before the first step', async () => {
    const loss = '{ "type": "meanSquaredError", "from": "y" }';
    const refused = await scoresOf(signs, loss, { metrics: '["meanAbsoluteError"]' }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(ProblemError);
    expect(refused).toMatchObject({ code: 'metric/misfit', place: ['training', 'metrics', 0] });
    expect((refused as ProblemError).message).toMatch(/^meanAbsoluteError cannot be computed.*found classes/);
  });
});

describe('every metric has its own name', () => {
  const data = table(
    [1, 2, 3, 3, 2, 1],
    [3],
    [
      { type: 'int', shape: [], classes: 3, values: [2, 2] },
      { type: 'int', shape: [], classes: 3, values: [0, 1] },
    ],
  );
  const loss = (target: number) =>
    `{ "type": "softmaxCrossEntropy", "from": "y", "target": "target ${target}" }`;

  it('if several losses judge one layer', async () => {
    const scores = await scoresOf(data, `[${loss(1)}, ${loss(2)}]`);
    expect(scores).toMatchObject({ 'y 1.accuracy': 0.5, 'y 2.accuracy': 0 });
  });

  it('if one metric is requested with several settings, or twice', async () => {
    const metrics = '[{ "type": "topK", "k": 1 }, { "type": "topK", "k": 3 }, "accuracy", "accuracy"]';
    const scores = await scoresOf(data, loss(1), { metrics });
    expect(Object.keys(scores)).toEqual(['loss', 'k=1.topK', 'k=3.topK', 'accuracy']);
  });

  it('which is that of the layer named by the loss, where it shares memory with the one before', async () => {
    const layers = `"x": { "type": "input", "shape": [3] }, "dense": { "type": "dense", "from": "x", "units": 3 }, "relu": { "type": "relu", "from": "dense" }, "other": { "type": "dense", "from": "x", "units": 3 }`;
    const text = `{ "layers": { ${layers} }, "training": { "data": { "type": "adding" }, "optimizer": { "type": "adam" }, "batchSize": 2,
      "loss": [{ "type": "softmaxCrossEntropy", "from": "relu" }, { "type": "softmaxCrossEntropy", "from": "other" }] } }`;
    const parts = assemble(readNetwork(text), data, { float: 'float64' }, referenceBackend);
    const scores = await evaluateSplit(parts, data.train, threadHost);
    expect(Object.keys(scores)).toEqual(['loss', 'relu.accuracy', 'other.accuracy']);
  });
});

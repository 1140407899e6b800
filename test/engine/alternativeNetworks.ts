/** Networks on which alternatives prove themselves, each with and without a fault. */
import { chain } from '../../engine/diagnose/samples.ts';
import type { Json } from '../../engine/schema/attributes.ts';

type Settings = { readonly [setting: string]: Json };

export const adam = (learningRate: number): Settings => ({ optimizer: { type: 'adam', learningRate } });
export const points = (pattern: string): Settings => ({
  data: { type: 'points', pattern, samples: 400, testSamples: 200 },
});
export const dropped = (rate: number) =>
  chain(
    [2],
    {
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'relu' },
      drop: { type: 'dropout', rate },
      logits: { type: 'dense', units: 2 },
    },
    { ...adam(0.003), epochs: 5 },
  );
export const frozen = (trainable: boolean) =>
  chain(
    [2],
    {
      dense1: { type: 'dense', units: 16, trainable },
      act1: { type: 'relu' },
      dense2: { type: 'dense', units: 2, trainable },
      act2: { type: 'relu' },
      logits: { type: 'dense', units: 2 },
    },
    { ...adam(0.01), epochs: 20 },
  );
export const prices = {
  type: 'csv',
  file: 'test/fixtures/faults/data/prices.csv',
  task: 'regression',
  scaleTarget: true,
};
export const sizes = (normalize: string) =>
  chain(
    [4],
    { dense1: { type: 'dense', units: 16 }, act1: { type: 'tanh' }, price: { type: 'dense', units: 1 } },
    {
      data: { ...prices, normalize },
      loss: { type: 'meanSquaredError', from: 'price' },
      ...adam(0.01),
      epochs: 10,
    },
  );
export const price = (
  output: { readonly [name: string]: { readonly type: string } },
  data: Settings = {},
  delta?: number,
) =>
  chain(
    [4],
    {
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'relu' },
      price: { type: 'dense', units: 1 },
      ...output,
    },
    {
      data: { ...prices, ...data },
      loss: {
        from: Object.keys(output)[0] ?? 'price',
        ...(delta === undefined ? { type: 'meanSquaredError' } : { type: 'huber', delta }),
      },
      ...(delta === undefined ? adam(0.01) : { optimizer: { type: 'sgd', learningRate: 0.05 } }),
      epochs: 10,
    },
  );
export const picture = (
  stride: number,
  pool: { readonly [name: string]: { readonly type: string } },
  window: Settings = {},
) =>
  chain(
    [8, 8, 1],
    {
      conv1: { type: 'conv2d', filters: 16, kernelSize: 3, ...(stride > 1 ? { stride } : {}), ...window },
      act1: { type: 'relu' },
      ...pool,
      scores: { type: 'dense', units: 4 },
    },
    {
      data: { type: 'shapes', size: 8, samples: 800, testSamples: 400, noise: 0.05 },
      ...adam(0.01),
      epochs: 10,
    },
  );
export const tagger = (bidirectional: boolean, more: Settings = {}) =>
  chain(
    [8],
    {
      letters: { type: 'embedding', vocabularySize: 8, units: 8 },
      memory: { type: 'gru', hiddenSize: 16, returnSequences: true, bidirectional, ...more },
      logits: { type: 'dense', units: 3 },
    },
    {
      data: { type: 'brackets', target: 'matched', samples: 400, testSamples: 200, sequenceLength: 8 },
      ...adam(0.02),
      epochs: 10,
    },
  );
export const adding = (
  memory: { readonly type: string; readonly truncate?: number },
  steps: number,
  training: Settings,
) =>
  chain(
    [steps, 2],
    { memory: { hiddenSize: 16, ...memory }, sum: { type: 'dense', units: 1 } },
    {
      data: { type: 'adding', sequenceLength: steps, samples: 1500, testSamples: 200 },
      loss: { type: 'meanSquaredError', from: 'sum' },
      epochs: 6,
      ...training,
    },
  );

/** A layer after a hidden one. */
export const bent = (type: string, attributes: Settings, pattern = 'moons') =>
  chain(
    [2],
    {
      hidden: { type: 'dense', units: 16 },
      bend: { type, ...attributes },
      ...(type === 'batchNorm' ? { act: { type: 'relu' } } : {}),
      logits: { type: 'dense', units: 2 },
    },
    { ...points(pattern), ...adam(0.02), epochs: 20 },
  );
/** Without biases, twice the input has twice the scores, so that no distance from the middle divides the classes. */
export const withoutBias = (useBias: boolean) =>
  chain(
    [2],
    {
      hidden: { type: 'dense', units: 16, useBias },
      bend: { type: 'relu' },
      logits: { type: 'dense', units: 2, useBias },
    },
    { ...points('circles'), ...adam(0.02), epochs: 20 },
  );
/** In two groups, no unit sees both coordinates. */
export const grouped = (groups: number) =>
  chain(
    [2],
    {
      line: { type: 'reshape', shape: [1, 2] },
      conv: { type: 'conv1d', filters: 16, kernelSize: 1, groups },
      bend: { type: 'relu' },
      flat: { type: 'flatten' },
      logits: { type: 'dense', units: 2 },
    },
    { ...points('xor'), ...adam(0.02), epochs: 20 },
  );
export const few = (samples: number) => ({
  type: 'points',
  pattern: 'moons',
  samples,
  testSamples: 200,
  noise: 0.15,
});

/** Six blocks, each joined with its input by a layer of this type. */
export const joined = (type: string) => ({
  layers: {
    data: { type: 'input', shape: [2] },
    join0: { type: 'dense', from: 'data', units: 16 },
    ...Object.fromEntries(
      [1, 2, 3, 4, 5, 6].flatMap((block) => [
        [`up${block}`, { type: 'dense', from: `join${block - 1}`, units: 16 }],
        [`bend${block}`, { type: 'relu', from: `up${block}` }],
        [`down${block}`, { type: 'dense', from: `bend${block}`, units: 16 }],
        [`join${block}`, { type, from: [`join${block - 1}`, `down${block}`] }],
      ]),
    ),
    logits: { type: 'dense', from: 'join6', units: 2 },
  },
  training: {
    ...points('moons'),
    loss: { type: 'softmaxCrossEntropy', from: 'logits' },
    ...adam(0.003),
    batchSize: 20,
    epochs: 3,
  },
});

/** Pulses that come every 20 steps, seen through a window of this many. */
export const history = (window: number) =>
  chain(
    [window, 1],
    {
      flat: { type: 'flatten' },
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'relu' },
      next: { type: 'dense', units: 1 },
    },
    {
      data: { type: 'series', file: 'test/fixtures/faults/data/pulses.csv', window },
      loss: { type: 'meanSquaredError', from: 'next' },
      ...adam(0.01),
      epochs: 15,
    },
  );

/** A branch for each coordinate of points; the second one can use the parameters of the first one. */
export const branches = (shares?: string) => ({
  layers: {
    data: { type: 'input', shape: [2] },
    left: { type: 'slice', from: 'data', start: 0, size: 1 },
    right: { type: 'slice', from: 'data', start: 1, size: 1 },
    left1: { type: 'dense', from: 'left', units: 16 },
    right1: { type: 'dense', from: 'right', units: 16, ...(shares === undefined ? {} : { shares }) },
    left2: { type: 'tanh', from: 'left1' },
    right2: { type: 'tanh', from: 'right1' },
    both: { type: 'add', from: ['left2', 'right2'] },
    logits: { type: 'dense', from: 'both', units: 2 },
  },
  training: {
    ...points('moons'),
    loss: { type: 'softmaxCrossEntropy', from: 'logits' },
    ...adam(0.02),
    batchSize: 20,
    epochs: 20,
  },
});

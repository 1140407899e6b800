/**
 * Who notices a wrong value of each attribute of the language: a comparison that restores it, or a rule. A new attribute needs a line here.
 * A comparison removes a schedule and resets an initializer as a whole.
 */
import { expect, it } from 'vitest';
import { datasets } from '../../engine/data/registry.ts';
import { findings } from '../../engine/diagnose/registry.ts';
import { layers } from '../../engine/layers/registry.ts';
import { losses } from '../../engine/losses/registry.ts';
import { optimizers } from '../../engine/optimizers/registry.ts';
import { commonLayerAttributes } from '../../engine/spec/layerAttributes.ts';
import { commonLossAttributes, trainingAttributes } from '../../engine/spec/training.ts';

/** It decides what is learned, or how the data are read, so that no value is wrong as such; or hardly any value harms. */
const [task, form, harmless] = ['what is learned', 'how data are read', 'harmless'];
/** Nobody notices it yet. */
const open = 'open';

type Table = { readonly [attribute: string]: string };

const byLayer: Table = {
  shape: form,
  units: 'structure/bottleneck',
  filters: 'structure/bottleneck',
  hiddenSize: 'structure/bottleneck',
  heads: 'structure/bottleneck',
  keySize: 'structure/bottleneck',
  groups: 'structure/bottleneck',
  multiplier: harmless,
  useBias: 'fit/underfitting',
  scale: 'fit/underfitting',
  center: 'fit/underfitting',
  epsilon: 'fit/underfitting',
  axes: 'fit/underfitting',
  mergeMode: 'fit/underfitting',
  stateful: 'fit/underfitting',
  kernelInitializer: 'init/mismatch',
  biasInitializer: 'init/mismatch',
  recurrentInitializer: 'init/mismatch',
  gammaInitializer: 'init/mismatch',
  betaInitializer: 'init/mismatch',
  kernelSize: 'structure/bottleneck',
  stride: 'structure/skipsInputs',
  dilation: 'structure/skipsInputs',
  poolSize: 'structure/bottleneck',
  padding: 'structure/seesFuture',
  outputPadding: harmless,
  interpolation: harmless,
  ceilMode: harmless,
  countPadding: harmless,
  activation: 'time/exploding',
  returnSequences: form,
  bidirectional: 'fit/underfitting',
  causal: 'structure/seesFuture',
  goBackwards: 'time/vanishing',
  unitForgetBias: 'time/vanishing',
  memorySteps: 'time/vanishing',
  truncate: 'time/vanishing',
  inputDropout: 'structure/dropoutTooHigh',
  recurrentDropout: 'structure/dropoutTooHigh',
  rate: 'structure/dropoutTooHigh',
  std: 'regularization/tooStrong',
  peepholes: harmless,
  resetAfter: harmless,
  vocabularySize: form,
  paddingId: open,
  slope: 'structure/noNonlinearity',
  initialSlope: 'structure/noNonlinearity',
  lower: 'structure/noNonlinearity',
  upper: 'structure/noNonlinearity',
  perChannel: harmless,
  threshold: 'relu/dead',
  alpha: 'activation/saturated',
  beta: 'activation/saturated',
  low: 'activation/saturated',
  high: 'activation/saturated',
  approximation: harmless,
  axis: 'output/lossMismatch',
  momentum: 'batch/slowStatistics',
  unbiased: harmless,
  start: open,
  size: open,
  period: 'structure/noOrder',
  bypass: 'structure/noNonlinearity',
  trainable: 'structure/frozen',
  l1: 'regularization/tooStrong',
  l2: 'regularization/tooStrong',
  shares: open,
};

const byTraining: Table = {
  data: form,
  loss: 'output/lossMismatch',
  optimizer: 'update/tooSmall',
  schedule: 'update/slowing',
  metrics: harmless,
  batchSize: 'fit/underfitting',
  epochs: 'fit/stoppedEarly',
  seed: harmless,
  clipNorm: 'update/tooSmall',
  clipValue: 'update/tooSmall',
  accumulate: 'fit/underfitting',
  earlyStopping: 'fit/stoppedEarly',
};

const byLoss: Table = {
  from: task,
  weight: 'output/unused',
  target: task,
  classWeights: 'data/imbalanced',
  positiveWeights: 'data/imbalanced',
  ignoreIndex: open,
  labelSmoothing: 'output/lossMismatch',
  predictions: 'output/lossMismatch',
  delta: 'output/lossMismatch',
  beta: 'output/lossMismatch',
};

const byOptimizer: Table = {
  learningRate: 'update/tooLarge',
  beta1: 'update/tooLarge',
  beta2: 'update/tooLarge',
  rho: 'update/tooLarge',
  momentum: 'update/tooLarge',
  dampening: 'update/tooSmall',
  epsilon: 'update/tooSmall',
  initialSum: 'update/tooSmall',
  momentumDecay: 'update/tooSmall',
  learningRateDecay: 'update/tooSmall',
  weightDecay: 'regularization/tooStrong',
  amsgrad: harmless,
  nesterov: harmless,
  centered: harmless,
  torch1: harmless,
};

const byData: Table = {
  samples: 'fit/overfitting',
  testFraction: 'fit/overfitting',
  testSamples: harmless,
  normalize: 'data/notScaled',
  scaleTarget: 'data/notScaled',
  missing: 'data/outliers',
  exclude: 'data/leak',
  testFile: 'data/otherScale',
  testImages: 'data/otherScale',
  testLabels: open,
  classes: 'output/unused',
  window: open,
  sequenceLength: open,
  stride: harmless,
  ...Object.fromEntries(
    ['size', 'target', 'noise', 'pattern', 'column', 'horizon'].map((name) => [name, task]),
  ),
  ...Object.fromEntries(
    ['images', 'labels', 'source', 'file', 'task', 'shape', 'header', 'delimiter', 'decimal'].map((name) => [
      name,
      form,
    ]),
  ),
};

interface Kinds {
  readonly types: readonly string[];
  get(type: string): { readonly attributes: object };
}

const namesIn = (registry: Kinds): string[] => [
  ...new Set(registry.types.flatMap((type) => Object.keys(registry.get(type).attributes))),
];

it.each<[string, Table, readonly string[]]>([
  ['a layer', byLayer, [...namesIn(layers), ...Object.keys(commonLayerAttributes)]],
  ['a training', byTraining, Object.keys(trainingAttributes)],
  ['a loss', byLoss, [...namesIn(losses), ...Object.keys(commonLossAttributes)]],
  ['an optimizer', byOptimizer, namesIn(optimizers)],
  ['data', byData, namesIn(datasets)],
])('somebody notices a wrong value of each attribute of %s, or it is listed why not', (_, table, names) => {
  expect(Object.keys(table).toSorted()).toEqual([...new Set(names)].toSorted());
  const codes = new Set<string>(findings.map(({ code }) => code));
  const reasons = [task, form, harmless, open];
  expect(Object.values(table).filter((who) => !codes.has(who) && !reasons.includes(who))).toEqual([]);
});

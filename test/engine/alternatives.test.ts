/** Alternatives: each proves itself on a network that lacks it, and changes nothing, or proves nothing, on a similar one that does not. */
import { describe, expect, it } from 'vitest';
import type { NetworkSample } from '../../engine/diagnose/define.ts';
import { findings } from '../../engine/diagnose/registry.ts';
import { chain, deep, small } from '../../engine/diagnose/samples.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import { biasInitializers } from '../../engine/trials/alternatives/biasInitializers.ts';
import { bothDirections } from '../../engine/trials/alternatives/bothDirections.ts';
import { constantRate } from '../../engine/trials/alternatives/constantRate.ts';
import type { Alternative } from '../../engine/trials/alternatives/define.ts';
import { gatedRecurrence } from '../../engine/trials/alternatives/gatedRecurrence.ts';
import { hiddenLayer } from '../../engine/trials/alternatives/hiddenLayer.ts';
import { higherRate } from '../../engine/trials/alternatives/higherRate.ts';
import { lessPooling } from '../../engine/trials/alternatives/lessPooling.ts';
import { looserPenalties } from '../../engine/trials/alternatives/looserPenalties.ts';
import { lowerRate } from '../../engine/trials/alternatives/lowerRate.ts';
import { moreEpochs } from '../../engine/trials/alternatives/moreEpochs.ts';
import { noNoise } from '../../engine/trials/alternatives/noNoise.ts';
import { nothingBypassed } from '../../engine/trials/alternatives/nothingBypassed.ts';
import { nothingFrozen } from '../../engine/trials/alternatives/nothingFrozen.ts';
import { optimizerDefaults } from '../../engine/trials/alternatives/optimizerDefaults.ts';
import { patience } from '../../engine/trials/alternatives/patience.ts';
import { plainOutput } from '../../engine/trials/alternatives/plainOutput.ts';
import { alternatives } from '../../engine/trials/alternatives/registry.ts';
import { reluActivations } from '../../engine/trials/alternatives/reluActivations.ts';
import { shorterStrides } from '../../engine/trials/alternatives/shorterStrides.ts';
import { smallerBatches } from '../../engine/trials/alternatives/smallerBatches.ts';
import { standardizedInputs } from '../../engine/trials/alternatives/standardizedInputs.ts';
import { unclippedGradients } from '../../engine/trials/alternatives/unclippedGradients.ts';
import { usualInitializers } from '../../engine/trials/alternatives/usualInitializers.ts';
import { usualOptimizer } from '../../engine/trials/alternatives/usualOptimizer.ts';
import { wholeGradient } from '../../engine/trials/alternatives/wholeGradient.ts';
import { widerLayers } from '../../engine/trials/alternatives/widerLayers.ts';
import { Courses } from '../../engine/trials/courses.ts';
import { gainOf, isClear } from '../../engine/trials/gain.ts';
import { setting } from './courseSetting.ts';

interface Case {
  readonly alternative: Alternative;
  readonly code: string;
  readonly sick: NetworkSample;
  /** The same network without the fault. */
  readonly healthy: NetworkSample;
}

type Settings = { readonly [setting: string]: Json };

const adam = (learningRate: number): Settings => ({ optimizer: { type: 'adam', learningRate } });
const points = (pattern: string): Settings => ({
  data: { type: 'points', pattern, samples: 400, testSamples: 200 },
});
const dropped = (rate: number) =>
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
const frozen = (trainable: boolean) =>
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
const prices = {
  type: 'csv',
  file: 'test/fixtures/faults/data/prices.csv',
  task: 'regression',
  scaleTarget: true,
};
const sizes = (normalize: string) =>
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
const price = (output: { readonly [name: string]: { readonly type: string } }) =>
  chain(
    [4],
    {
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'relu' },
      price: { type: 'dense', units: 1 },
      ...output,
    },
    {
      data: prices,
      loss: { type: 'meanSquaredError', from: Object.keys(output)[0] ?? 'price' },
      ...adam(0.01),
      epochs: 10,
    },
  );
const picture = (stride: number, pool: { readonly [name: string]: { readonly type: string } }) =>
  chain(
    [8, 8, 1],
    {
      conv1: { type: 'conv2d', filters: 16, kernelSize: 3, ...(stride > 1 ? { stride } : {}) },
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
const tagger = (bidirectional: boolean) =>
  chain(
    [8],
    {
      letters: { type: 'embedding', vocabularySize: 8, units: 8 },
      memory: { type: 'gru', hiddenSize: 16, returnSequences: true, bidirectional },
      logits: { type: 'dense', units: 3 },
    },
    {
      data: { type: 'brackets', target: 'matched', samples: 400, testSamples: 200, sequenceLength: 8 },
      ...adam(0.02),
      epochs: 10,
    },
  );
const adding = (
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

const cases: readonly Case[] = [
  {
    alternative: biasInitializers,
    code: 'init/mismatch',
    sick: small('relu', {}, { biasInitializer: { type: 'constant', value: -10 } }),
    healthy: small('relu', {}, { biasInitializer: { type: 'constant', value: 0.01 } }),
  },
  {
    alternative: usualInitializers,
    code: 'init/mismatch',
    sick: small('tanh', {}, { kernelInitializer: 'zeros' }),
    healthy: small('tanh', {}, { kernelInitializer: 'glorotNormal' }),
  },
  {
    alternative: constantRate,
    code: 'update/slowing',
    sick: small('relu', { schedule: { type: 'exponential', decay: 0.01 } }),
    healthy: small('relu', { schedule: { type: 'exponential', decay: 0.9 } }),
  },
  {
    alternative: patience,
    code: 'fit/stoppedEarly',
    sick: small('relu', { ...adam(0.005), epochs: 20, earlyStopping: { patience: 1, minDelta: 0.3 } }),
    healthy: small('relu', { ...adam(0.005), epochs: 20, earlyStopping: { patience: 10 } }),
  },
  { alternative: noNoise, code: 'structure/dropoutTooHigh', sick: dropped(0.97), healthy: dropped(0.2) },
  {
    alternative: looserPenalties,
    code: 'regularization/tooStrong',
    sick: small('relu', { epochs: 10 }, { l2: 3 }),
    healthy: small('relu', { epochs: 10 }, { l2: 0.0001 }),
  },
  {
    alternative: unclippedGradients,
    code: 'update/tooSmall',
    sick: small('relu', { clipNorm: 0.001, optimizer: { type: 'sgd', learningRate: 0.1 } }),
    healthy: small('relu', { clipNorm: 5, optimizer: { type: 'sgd', learningRate: 0.1 } }),
  },
  {
    alternative: optimizerDefaults,
    code: 'update/tooSmall',
    sick: small('relu', { optimizer: { type: 'adam', learningRate: 0.003, epsilon: 10 } }),
    healthy: small('relu', { optimizer: { type: 'adam', learningRate: 0.003, epsilon: 1e-7 } }),
  },
  {
    alternative: nothingFrozen,
    code: 'structure/frozen',
    sick: frozen(false),
    healthy: frozen(true),
  },
  {
    alternative: nothingBypassed,
    code: 'structure/noNonlinearity',
    sick: chain(
      [2],
      {
        hidden: { type: 'dense', units: 16 },
        bend: { type: 'relu', bypass: true },
        logits: { type: 'dense', units: 2 },
      },
      { ...points('xor'), ...adam(0.02), epochs: 20 },
    ),
    healthy: small('relu', { ...points('xor'), ...adam(0.02), epochs: 20 }),
  },
  {
    alternative: higherRate,
    code: 'update/tooSmall',
    sick: small('relu', adam(0.00001)),
    healthy: small('relu', { ...adam(0.01), epochs: 20 }),
  },
  {
    alternative: lowerRate,
    code: 'update/tooLarge',
    sick: small('tanh', adam(1)),
    healthy: small('tanh', adam(0.01)),
  },
  {
    alternative: standardizedInputs,
    code: 'data/notScaled',
    sick: sizes('none'),
    healthy: sizes('standardize'),
  },
  {
    alternative: plainOutput,
    code: 'output/lossMismatch',
    sick: price({ positive: { type: 'relu' } }),
    healthy: price({}),
  },
  {
    alternative: shorterStrides,
    code: 'structure/skipsInputs',
    sick: picture(5, { flat: { type: 'flatten' } }),
    healthy: picture(1, { flat: { type: 'flatten' } }),
  },
  {
    alternative: lessPooling,
    code: 'structure/bottleneck',
    sick: picture(1, { mean: { type: 'globalAveragePool' } }),
    healthy: picture(1, { flat: { type: 'flatten' } }),
  },
  {
    alternative: wholeGradient,
    code: 'time/vanishing',
    sick: adding({ type: 'gru', truncate: 1 }, 8, { ...adam(0.005), batchSize: 50 }),
    healthy: adding({ type: 'gru' }, 8, { ...adam(0.005), batchSize: 50 }),
  },
  {
    alternative: reluActivations,
    code: 'gradient/vanishing',
    sick: deep(6, 'sigmoid', { epochs: 10 }),
    healthy: small('tanh', { ...adam(0.01), epochs: 20 }),
  },
  {
    alternative: bothDirections,
    code: 'fit/underfitting',
    sick: tagger(false),
    healthy: tagger(true),
  },
  {
    alternative: widerLayers,
    code: 'structure/bottleneck',
    sick: small('relu', { ...points('spiral'), ...adam(0.02), epochs: 30 }, { units: 2 }),
    healthy: small('relu', { ...points('moons'), ...adam(0.02), epochs: 20 }),
  },
  {
    alternative: hiddenLayer,
    code: 'structure/noNonlinearity',
    sick: chain(
      [2],
      { logits: { type: 'dense', units: 2 } },
      { ...points('xor'), ...adam(0.02), epochs: 20 },
    ),
    healthy: small('relu', { ...points('xor'), ...adam(0.02), epochs: 20 }),
  },
  {
    alternative: gatedRecurrence,
    code: 'time/vanishing',
    sick: adding({ type: 'simpleRnn' }, 25, { ...adam(0.01), batchSize: 25 }),
    healthy: adding({ type: 'gru' }, 25, { ...adam(0.01), batchSize: 25 }),
  },
  {
    alternative: usualOptimizer,
    code: 'update/slowing',
    sick: small('relu', { optimizer: { type: 'adagrad', learningRate: 0.0001 }, epochs: 10 }),
    healthy: small('relu', { optimizer: { type: 'adagrad', learningRate: 0.1 }, epochs: 10 }),
  },
  {
    alternative: smallerBatches,
    code: 'fit/underfitting',
    sick: small('relu', { batchSize: 400, epochs: 10 }),
    healthy: small('relu', { batchSize: 20, epochs: 10 }),
  },
  {
    alternative: moreEpochs,
    code: 'fit/stoppedEarly',
    sick: small('relu', { ...points('moons'), epochs: 1 }),
    healthy: small('relu', { ...adam(0.01), epochs: 20 }),
  },
];

const nameOf = ({ alternative, code }: Case): string =>
  `${cases.findIndex((one) => one.alternative === alternative) + 1} (${code})`;

/** The codes that it proves for a network, with one seed. */
async function provenBy({ code, changes }: Alternative, sample: NetworkSample) {
  const courses = new Courses(JSON.stringify({ format: 1, ...sample }), setting);
  const plain = await courses.plain();
  const proven = new Set<string>();
  for (const fix of changes(plain.look)) {
    const course = await courses.with(fix);
    const gain = course && gainOf(plain, course);
    if (gain && isClear(gain)) proven.add(code(plain.look));
  }
  return [...proven];
}

describe('an alternative', () => {
  it('has a case here, and proves a finding that has a page', () => {
    expect(cases.map(({ alternative }) => alternative)).toEqual(alternatives);
    const codes: readonly string[] = findings.map(({ code }) => code);
    expect(cases.filter(({ code }) => !codes.includes(code))).toEqual([]);
  });

  it.each(cases.map((one) => [nameOf(one), one] as const))(
    '%s proves its finding where it is missing',
    async (_, { alternative, sick, code }) => {
      expect(await provenBy(alternative, sick)).toEqual([code]);
    },
  );

  it.each(cases.map((one) => [nameOf(one), one] as const))(
    '%s proves nothing where it is not',
    async (_, { alternative, healthy }) => {
      expect(await provenBy(alternative, healthy)).toEqual([]);
    },
  );
});

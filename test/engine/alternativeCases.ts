/** For each alternative a network that it improves, and the same network without the fault. */
import type { NetworkSample } from '../../engine/diagnose/define.ts';
import { chain, deep, small } from '../../engine/diagnose/samples.ts';
import { biasInitializers } from '../../engine/trials/alternatives/biasInitializers.ts';
import { bothDirections } from '../../engine/trials/alternatives/bothDirections.ts';
import { constantRate } from '../../engine/trials/alternatives/constantRate.ts';
import type { Alternative } from '../../engine/trials/alternatives/define.ts';
import { gatedRecurrence } from '../../engine/trials/alternatives/gatedRecurrence.ts';
import { hiddenLayer } from '../../engine/trials/alternatives/hiddenLayer.ts';
import { higherRate } from '../../engine/trials/alternatives/higherRate.ts';
import { largerBatches } from '../../engine/trials/alternatives/largerBatches.ts';
import { lessPooling } from '../../engine/trials/alternatives/lessPooling.ts';
import { longerHistory } from '../../engine/trials/alternatives/longerHistory.ts';
import { looserPenalties } from '../../engine/trials/alternatives/looserPenalties.ts';
import { lowerRate } from '../../engine/trials/alternatives/lowerRate.ts';
import { moreEpochs } from '../../engine/trials/alternatives/moreEpochs.ts';
import { moreSamples } from '../../engine/trials/alternatives/moreSamples.ts';
import { noNoise } from '../../engine/trials/alternatives/noNoise.ts';
import { noThresholds } from '../../engine/trials/alternatives/noThresholds.ts';
import { nothingBypassed } from '../../engine/trials/alternatives/nothingBypassed.ts';
import { nothingFrozen } from '../../engine/trials/alternatives/nothingFrozen.ts';
import { optimizerDefaults } from '../../engine/trials/alternatives/optimizerDefaults.ts';
import { ownParameters } from '../../engine/trials/alternatives/ownParameters.ts';
import { patience } from '../../engine/trials/alternatives/patience.ts';
import { plainLoss } from '../../engine/trials/alternatives/plainLoss.ts';
import { plainOutput } from '../../engine/trials/alternatives/plainOutput.ts';
import { reluActivations } from '../../engine/trials/alternatives/reluActivations.ts';
import { scaledTargets } from '../../engine/trials/alternatives/scaledTargets.ts';
import { shorterStrides } from '../../engine/trials/alternatives/shorterStrides.ts';
import { skipConnections } from '../../engine/trials/alternatives/skipConnections.ts';
import { smallerBatches } from '../../engine/trials/alternatives/smallerBatches.ts';
import { standardizedInputs } from '../../engine/trials/alternatives/standardizedInputs.ts';
import { sums } from '../../engine/trials/alternatives/sums.ts';
import { unclippedGradients } from '../../engine/trials/alternatives/unclippedGradients.ts';
import {
  usualGroups,
  usualMemory,
  usualParameters,
  usualRanges,
  usualSlopes,
  usualStatistics,
  usualWindows,
} from '../../engine/trials/alternatives/usualAttributes.ts';
import { usualInitializers } from '../../engine/trials/alternatives/usualInitializers.ts';
import { usualOptimizer } from '../../engine/trials/alternatives/usualOptimizer.ts';
import { wholeGradient } from '../../engine/trials/alternatives/wholeGradient.ts';
import { widerLayers } from '../../engine/trials/alternatives/widerLayers.ts';
import { widerWindows } from '../../engine/trials/alternatives/widerWindows.ts';
import {
  adam,
  adding,
  bent,
  branches,
  dropped,
  few,
  frozen,
  grouped,
  history,
  joined,
  picture,
  points,
  price,
  sizes,
  tagger,
  withoutBias,
} from './alternativeNetworks.ts';

export interface Case {
  readonly alternative: Alternative;
  readonly code: string;
  readonly sick: NetworkSample;
  /** The same network without the fault. */
  readonly healthy: NetworkSample;
}

export const cases: readonly Case[] = [
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
    alternative: plainLoss,
    code: 'output/lossMismatch',
    sick: price({}, {}, 0.0001),
    healthy: price({}, {}, 2),
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
    alternative: usualStatistics,
    code: 'batch/slowStatistics',
    sick: bent('batchNorm', { momentum: 0.9999 }),
    healthy: bent('batchNorm', { momentum: 0.8 }),
  },
  {
    alternative: usualParameters,
    code: 'fit/underfitting',
    sick: withoutBias(false),
    healthy: withoutBias(true),
  },
  {
    alternative: noThresholds,
    code: 'relu/dead',
    sick: bent('thresholdedRelu', { threshold: 8 }),
    healthy: bent('relu', {}),
  },
  {
    alternative: usualSlopes,
    code: 'structure/noNonlinearity',
    sick: bent('leakyRelu', { slope: 1 }, 'xor'),
    healthy: bent('leakyRelu', { slope: 0.2 }, 'xor'),
  },
  {
    alternative: usualRanges,
    code: 'activation/saturated',
    sick: bent('hardTanh', { low: -0.001, high: 0.001 }, 'xor'),
    healthy: bent('hardTanh', {}, 'xor'),
  },
  {
    alternative: usualMemory,
    code: 'time/vanishing',
    sick: tagger(false, { goBackwards: true }),
    healthy: tagger(false),
  },
  {
    alternative: usualWindows,
    code: 'structure/skipsInputs',
    sick: picture(1, { flat: { type: 'flatten' } }, { dilation: 3 }),
    healthy: picture(1, { flat: { type: 'flatten' } }),
  },
  {
    alternative: usualGroups,
    code: 'structure/bottleneck',
    sick: grouped(2),
    healthy: grouped(1),
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
    alternative: scaledTargets,
    code: 'data/notScaled',
    sick: price({}, { scaleTarget: false }),
    healthy: price({}),
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
    alternative: widerWindows,
    code: 'structure/bottleneck',
    sick: picture(1, { mean: { type: 'globalMaxPool' } }, { kernelSize: 1 }),
    healthy: picture(1, { mean: { type: 'globalMaxPool' } }),
  },
  {
    alternative: longerHistory,
    code: 'fit/underfitting',
    sick: history(6),
    healthy: history(24),
  },
  {
    alternative: ownParameters,
    code: 'structure/bottleneck',
    sick: branches('left1'),
    healthy: branches(),
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
    alternative: skipConnections,
    code: 'gradient/vanishing',
    sick: deep(40, 'relu', { ...adam(0.003), epochs: 4 }),
    healthy: deep(5, 'relu', { ...adam(0.01), epochs: 20 }),
  },
  {
    alternative: sums,
    code: 'gradient/vanishing',
    sick: joined('multiply'),
    healthy: joined('add'),
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
    alternative: largerBatches,
    code: 'update/tooLarge',
    sick: small('relu', { ...adam(0.1), batchSize: 1, epochs: 6 }),
    healthy: small('relu', { ...adam(0.003), batchSize: 4, epochs: 6 }),
  },
  {
    alternative: moreSamples,
    code: 'fit/overfitting',
    sick: small('relu', { data: few(6), ...adam(0.02), epochs: 50 }),
    healthy: small('relu', { data: few(400), ...adam(0.02), epochs: 10 }),
  },
  {
    alternative: moreEpochs,
    code: 'fit/stoppedEarly',
    sick: small('relu', { ...points('moons'), epochs: 1 }),
    healthy: small('relu', { ...adam(0.01), epochs: 20 }),
  },
];

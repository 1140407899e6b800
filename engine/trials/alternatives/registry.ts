/**
 * Every alternative: one import and one line each, the smallest change first. Of several that help about as much, the first one is what
 * holds a network back.
 */
import { biasInitializers } from './biasInitializers.ts';
import { bothDirections } from './bothDirections.ts';
import { constantRate } from './constantRate.ts';
import type { Alternative } from './define.ts';
import { gatedRecurrence } from './gatedRecurrence.ts';
import { hiddenLayer } from './hiddenLayer.ts';
import { higherRate } from './higherRate.ts';
import { largerBatches } from './largerBatches.ts';
import { lessPooling } from './lessPooling.ts';
import { longerHistory } from './longerHistory.ts';
import { looserPenalties } from './looserPenalties.ts';
import { lowerRate } from './lowerRate.ts';
import { moreEpochs } from './moreEpochs.ts';
import { moreSamples } from './moreSamples.ts';
import { noNoise } from './noNoise.ts';
import { noThresholds } from './noThresholds.ts';
import { nothingBypassed } from './nothingBypassed.ts';
import { nothingFrozen } from './nothingFrozen.ts';
import { optimizerDefaults } from './optimizerDefaults.ts';
import { ownParameters } from './ownParameters.ts';
import { patience } from './patience.ts';
import { plainLoss } from './plainLoss.ts';
import { plainOutput } from './plainOutput.ts';
import { reluActivations } from './reluActivations.ts';
import { scaledTargets } from './scaledTargets.ts';
import { shorterStrides } from './shorterStrides.ts';
import { skipConnections } from './skipConnections.ts';
import { smallerBatches } from './smallerBatches.ts';
import { standardizedInputs } from './standardizedInputs.ts';
import { sums } from './sums.ts';
import { unclippedGradients } from './unclippedGradients.ts';
import {
  usualGroups,
  usualMemory,
  usualParameters,
  usualRanges,
  usualSlopes,
  usualStatistics,
  usualWindows,
} from './usualAttributes.ts';
import { usualInitializers } from './usualInitializers.ts';
import { usualOptimizer } from './usualOptimizer.ts';
import { wholeGradient } from './wholeGradient.ts';
import { widerLayers } from './widerLayers.ts';
import { widerWindows } from './widerWindows.ts';

export const alternatives: readonly Alternative[] = [
  biasInitializers,
  usualInitializers,
  constantRate,
  patience,
  noNoise,
  looserPenalties,
  unclippedGradients,
  optimizerDefaults,
  plainLoss,
  nothingFrozen,
  nothingBypassed,
  usualStatistics,
  usualParameters,
  noThresholds,
  usualSlopes,
  usualRanges,
  usualMemory,
  usualWindows,
  usualGroups,
  higherRate,
  lowerRate,
  standardizedInputs,
  scaledTargets,
  plainOutput,
  shorterStrides,
  lessPooling,
  wholeGradient,
  reluActivations,
  bothDirections,
  widerWindows,
  longerHistory,
  ownParameters,
  widerLayers,
  hiddenLayer,
  skipConnections,
  sums,
  gatedRecurrence,
  usualOptimizer,
  smallerBatches,
  largerBatches,
  moreSamples,
  moreEpochs,
];

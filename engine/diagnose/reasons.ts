/** What explains that a network learns nothing, or too little. */
import { deadFraction } from '../stats/deadFraction.ts';
import { valueIn } from '../stats/define.ts';
import { limitsOf } from './limits.ts';
import { lastCheck, type TrainingLook } from './look.ts';
import { classesOf, outputOf, widthOf } from './network.ts';
import { deadRelu } from './rules/deadRelu.ts';

/** Findings that explain it: if one of them is seen, it is reported instead of the effect. Dead units are counted below. */
export const whyNothingIsLearned = [
  'numbers/notFinite',
  'gradient/vanishing',
  'gradient/exploding',
  'time/vanishing',
  'time/exploding',
  'activation/saturated',
  'activation/notCentred',
  'update/tooLarge',
  'update/tooSmall',
  'update/lost',
  'update/slowing',
  'output/lossMismatch',
  'init/symmetric',
  'init/mismatch',
  'data/notScaled',
  'data/outliers',
  'data/labelNoise',
  'structure/nothingTrains',
  'structure/hiddenSoftmax',
  'structure/dropoutTooHigh',
  'regularization/tooStrong',
  'structure/frozen',
  'loss/diverging',
  'fit/stoppedEarly',
  'structure/noNonlinearity',
  'structure/bottleneck',
  'batch/tooSmallForBatchNorm',
];

/** Whether so many units of a layer are dead that they explain it, too. A few dead units do not. */
export const hasDeadLayer = (look: TrainingLook): boolean =>
  Object.values(lastCheck(look).stats).some(
    (own) => (valueIn(deadFraction, own) ?? 0) >= limitsOf(deadRelu, look).error,
  );

/**
 * Whether the loss is still on its way from that of an untrained network to that of guessing, because outputs that no class uses get a part of
 * every prediction. An extra output does not explain a loss that stays at that of guessing.
 */
export const suppressesOutputs = (look: TrainingLook, loss: number): boolean =>
  loss < look.untrainedLoss &&
  (look.analysis.spec.training?.losses ?? []).some((one, index) => {
    const [output, classes] = [outputOf(look, one), classesOf(look, one, index)];
    return output !== undefined && classes !== undefined && widthOf(output) > classes;
  });

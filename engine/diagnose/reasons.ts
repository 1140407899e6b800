/**
 * Findings that explain why a network learns nothing, or too little: if one of them is seen, it is reported instead of
 * the effect.
 */
export const whyNothingIsLearned = [
  'numbers/notFinite',
  'relu/dead',
  'gradient/vanishing',
  'gradient/exploding',
  'time/vanishing',
  'activation/saturated',
  'update/tooLarge',
  'update/tooSmall',
  'update/lost',
  'output/lossMismatch',
  'init/symmetric',
  'init/mismatch',
  'data/notScaled',
  'data/labelNoise',
  'structure/nothingTrains',
  'structure/hiddenSoftmax',
  'structure/dropoutTooHigh',
  'regularization/tooStrong',
  'regularization/noise',
  'structure/frozen',
  'loss/diverging',
  'loss/initial',
  'structure/noNonlinearity',
  'structure/bottleneck',
  'batch/tooSmallForBatchNorm',
];

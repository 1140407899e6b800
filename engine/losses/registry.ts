/** All losses, one line each. */
import { Registry } from '../schema/kind.ts';
import { binaryCrossEntropy } from './binaryCrossEntropy.ts';
import type { LossDefinition } from './define.ts';
import { hinge } from './hinge.ts';
import { huber, smoothL1 } from './huber.ts';
import { kullbackLeibler } from './kullbackLeibler.ts';
import { meanAbsoluteError } from './meanAbsoluteError.ts';
import { meanSquaredError } from './meanSquaredError.ts';
import { negativeLogLikelihood } from './negativeLogLikelihood.ts';
import { poisson } from './poisson.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';

export const losses = new Registry<LossDefinition>('loss', [
  softmaxCrossEntropy,
  binaryCrossEntropy,
  negativeLogLikelihood,
  kullbackLeibler,
  hinge,
  meanSquaredError,
  meanAbsoluteError,
  huber,
  smoothL1,
  poisson,
]);

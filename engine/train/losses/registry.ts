/** All losses, one line each. */
import { Registry } from '../../spec/kind.ts';
import type { LossDefinition } from './define.ts';
import { meanSquaredError } from './meanSquaredError.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';

export const losses = new Registry<LossDefinition>('loss', [softmaxCrossEntropy, meanSquaredError]);

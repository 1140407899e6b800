/** All optimizers, one line each. */
import { Registry } from '../../spec/kind.ts';
import { adam } from './adam.ts';
import type { OptimizerDefinition } from './define.ts';
import { sgd } from './sgd.ts';

export const optimizers = new Registry<OptimizerDefinition>('optimizer', [adam, sgd]);

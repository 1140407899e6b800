/** All optimizers, one line each. */
import { Registry } from '../schema/kind.ts';
import { adadelta } from './adadelta.ts';
import { adagrad } from './adagrad.ts';
import { adam, adamW } from './adam.ts';
import { adamax } from './adamax.ts';
import type { OptimizerDefinition } from './define.ts';
import { lion } from './lion.ts';
import { nadam } from './nadam.ts';
import { radam } from './radam.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

export const optimizers = new Registry<OptimizerDefinition>('optimizer', [
  adam,
  adamW,
  sgd,
  rmsprop,
  nadam,
  radam,
  adamax,
  adagrad,
  adadelta,
  lion,
]);

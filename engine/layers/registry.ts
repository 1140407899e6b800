/** All layers, one line each, grouped by category. */
import { Registry } from '../spec/kind.ts';
import type { LayerDefinition } from './define.ts';
import { dense } from './dense.ts';
import { flatten } from './flatten.ts';
import { input } from './input.ts';
import { relu } from './relu.ts';
import { sigmoid } from './sigmoid.ts';
import { softmax } from './softmax.ts';
import { tanh } from './tanh.ts';

export const layers = new Registry<LayerDefinition>('layer', [
  // input
  input,
  // core
  dense,
  // activation
  relu,
  sigmoid,
  softmax,
  tanh,
  // shape
  flatten,
]);

/** Attributes that optimizers share. */
import { type Attribute, number } from '../schema/attributes.ts';
import { pairOf } from '../schema/frameworks.ts';

export const learningRate = (preset: number): Attribute<number> =>
  number({
    default: preset,
    min: 0,
    doc: 'Size of a step. The most important setting: if it is too large, training diverges; if it is too small, training is slow.',
  });

/** Coupled weight decay: the gradient of the penalty is added to that of the loss, before any scaling. */
export const weightDecay = (): Attribute<number> =>
  number({
    default: 0,
    min: 0,
    doc: 'Adds this share of each weight to its gradient (L2 penalty), which keeps weights small.',
  });

export const epsilon = (preset: number): Attribute<number> =>
  number({
    default: preset,
    above: 0,
    doc: 'Added to the divisor, outside the root, so that it is never zero.',
  });

export const beta1 = (preset: number): Attribute<number> =>
  number({
    default: preset,
    min: 0,
    below: 1,
    doc: 'Weight of the old value in the running mean of gradients.',
  });

export const beta2 = (preset: number): Attribute<number> =>
  number({
    default: preset,
    min: 0,
    below: 1,
    doc: 'Weight of the old value in the running mean of squared gradients.',
  });

/** PyTorch has both betas in one list. */
export const betas = (presets: readonly [number, number] = [0.9, 0.999]) =>
  pairOf('betas', 'beta1', 'beta2', presets);

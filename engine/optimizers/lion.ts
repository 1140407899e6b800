/** Lion: steps of equal size, in the direction of the sign of a running mean. */
import { number } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { beta1, betas, learningRate } from './common.ts';
import { defineOptimizer } from './define.ts';

export const lion = defineOptimizer({
  type: 'lion',
  label: 'Lion',
  decouplesDecay: true,
  doc: `Every weight moves by the same amount, in the direction of a running mean: **w ← w − learningRate · (sign(β1·m + (1 − β1)·g) + weightDecay · w)**, then
m ← β2·m + (1 − β2)·g. It needs half the memory of Adam. Use a learning rate 3 to 10 times smaller than for Adam, and a weight decay larger by the same factor.

[Chen et al., 2023](https://arxiv.org/abs/2302.06675)`,
  attributes: {
    learningRate: learningRate(0.0001),
    beta1: beta1(0.9),
    beta2: number({
      default: 0.99,
      min: 0,
      below: 1,
      doc: 'Weight of the old value in the running mean that is kept between steps.',
    }),
    weightDecay: number({
      default: 0,
      min: 0,
      doc: 'Share by which each weight shrinks at each step, multiplied by the learning rate.',
    }),
  },
  frameworks: {
    pytorch: {
      name: 'lion_pytorch.Lion',
      functional: 'Lion',
      attributes: {
        learningRate: as('lr', 0.0001),
        ...betas([0.9, 0.99]),
        weightDecay: as('weight_decay', 0),
      },
    },
  },
  slots: () => ['m'],

  update({ attributes, kernels, learningRate, count, parameters: w, gradients: g, slots }) {
    const { beta1, beta2, weightDecay } = attributes;
    const [m] = slots;
    kernels.lionStep(count, learningRate, beta1, beta2, weightDecay, w, g, m);
  },
});

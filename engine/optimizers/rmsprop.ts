/** RMSprop: steps scaled by the recent size of each gradient. */
import { boolean, number } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { epsilon, learningRate, weightDecay } from './common.ts';
import { defineOptimizer } from './define.ts';

export const rmsprop = defineOptimizer({
  type: 'rmsprop',
  label: 'RMSprop',
  doc: `Divides each gradient by the root of the running mean of its square: s ← ρ·s + (1 − ρ)·g², **w ← w − learningRate · g / (√s + ε)**. Unlike
Adagrad, it forgets old gradients. With *centered* it divides by the standard deviation, √(s − mean²). With momentum the scaled
gradients are summed as in SGD. It is common for recurrent networks.

[Hinton, 2012, lecture 6e](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf),
[PyTorch: RMSprop](https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html)`,
  attributes: {
    learningRate: learningRate(0.01),
    rho: number({ default: 0.99, min: 0, below: 1, doc: 'Weight of the old value in the running means.' }),
    momentum: number({ default: 0, min: 0, below: 1, doc: 'Share of the last step that is kept.' }),
    centered: boolean({
      default: false,
      doc: 'Divide by the standard deviation instead of the root mean square.',
    }),
    epsilon: epsilon(1e-8),
    weightDecay: weightDecay(),
  },
  frameworks: {
    pytorch: {
      name: 'RMSprop',
      attributes: {
        learningRate: as('lr', 0.01),
        rho: as('alpha', 0.99),
        momentum: as('momentum', 0),
        centered: as('centered', false),
        epsilon: as('eps', 1e-8),
        weightDecay: as('weight_decay', 0),
      },
    },
  },
  slots: ({ momentum, centered }) => [
    'meanSquare',
    ...(centered ? ['mean'] : []),
    ...(momentum > 0 ? ['velocity'] : []),
  ],

  update({ attributes, kernels, learningRate, count, parameters: w, gradients: g, slots }) {
    const { rho, momentum, centered, epsilon, weightDecay } = attributes;
    const square = slots[0];
    const mean = centered ? slots[1] : undefined;
    const velocity = momentum > 0 ? slots[slots.length - 1] : undefined;
    if (weightDecay > 0) kernels.addScaled(count, weightDecay, w, 0, g, 0);
    kernels.rmspropStep(count, learningRate, rho, momentum, epsilon, w, g, square, mean, velocity);
  },
});

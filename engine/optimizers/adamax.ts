/** Adamax: Adam with the largest recent gradient instead of the mean square. */

import { as } from '../schema/frameworks.ts';
import { beta1, beta2, betas, epsilon, learningRate, weightDecay } from './common.ts';
import { defineOptimizer } from './define.ts';

export const adamax = defineOptimizer({
  type: 'adamax',
  label: 'Adamax',
  doc: `*adam* scaled by the largest recent gradient: m ← β1·m + (1 − β1)·g, u ← max(β2·u, |g| + ε),
**w ← w − learningRate / (1 − β1ᵗ) · m / u**. Steps hardly exceed the learning rate, which suits rare large gradients.

[Kingma and Ba, 2015, section 7](https://arxiv.org/abs/1412.6980),
[PyTorch: Adamax](https://pytorch.org/docs/stable/generated/torch.optim.Adamax.html)`,
  attributes: {
    learningRate: learningRate(0.002),
    beta1: beta1(0.9),
    beta2: beta2(0.999),
    epsilon: epsilon(1e-8),
    weightDecay: weightDecay(),
  },
  frameworks: {
    pytorch: {
      name: 'Adamax',
      attributes: {
        learningRate: as('lr', 0.002),
        ...betas(),
        epsilon: as('eps', 1e-8),
        weightDecay: as('weight_decay', 0),
      },
    },
  },
  slots: () => ['m', 'largest'],

  update({ attributes, kernels, step, learningRate, count, parameters: w, gradients: g, slots }) {
    const { beta1, weightDecay } = attributes;
    const [m, largest] = slots;
    const rate = learningRate / (1 - beta1 ** step);
    if (weightDecay > 0) kernels.addScaled(count, weightDecay, w, 0, g, 0);
    kernels.adamaxStep(count, rate, attributes, w, g, m, largest);
  },
});

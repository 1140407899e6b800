/** RAdam: Adam whose scaling begins when its variance can be estimated. */

import { as } from '../schema/frameworks.ts';
import { beta1, beta2, betas, epsilon, learningRate, weightDecay } from './common.ts';
import { defineOptimizer } from './define.ts';

/** Below this length of the running mean the variance of its scaling cannot be estimated. */
const shortestMean = 5;

export const radam = defineOptimizer({
  type: 'radam',
  label: 'RAdam',
  doc: `*adam* that needs no warm-up. The length of the running mean so far is ρ = ρ∞ − 2t·β2ᵗ/(1 − β2ᵗ), with ρ∞ = 2/(1 − β2) − 1. The first steps (ρ ≤ 5)
are plain momentum, **w ← w − learningRate · m̂**. Later steps are those of Adam times √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ)), which grows to 1.

[Liu et al., 2020](https://arxiv.org/abs/1908.03265),
[PyTorch: RAdam](https://pytorch.org/docs/stable/generated/torch.optim.RAdam.html)`,
  attributes: {
    learningRate: learningRate(0.001),
    beta1: beta1(0.9),
    beta2: beta2(0.999),
    epsilon: epsilon(1e-8),
    weightDecay: weightDecay(),
  },
  frameworks: {
    pytorch: {
      name: 'RAdam',
      attributes: {
        learningRate: as('lr', 0.001),
        ...betas(),
        epsilon: as('eps', 1e-8),
        weightDecay: as('weight_decay', 0),
      },
    },
  },
  slots: () => ['m', 'v'],

  update({ attributes, kernels, step, learningRate, count, parameters: w, gradients: g, slots }) {
    const { beta1, beta2, weightDecay } = attributes;
    const [m, v] = slots;
    const correction2 = 1 - beta2 ** step;
    const longest = 2 / (1 - beta2) - 1;
    const length = longest - (2 * step * beta2 ** step) / correction2;
    const rate = learningRate / (1 - beta1 ** step);
    const rectified = length > shortestMean;
    const scale = rectified
      ? rate *
        Math.sqrt(
          (correction2 * ((length - 4) * (length - 2) * longest)) / ((longest - 4) * (longest - 2) * length),
        )
      : rate;
    if (weightDecay > 0) kernels.addScaled(count, weightDecay, w, 0, g, 0);
    if (rectified) {
      // Adam's update, whose corrections are in the scale.
      kernels.adamStep(count, scale, attributes, 1, 1, w, g, m, v);
      return;
    }
    for (let i = 0; i < count; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
      w[i] -= scale * m[i];
    }
  },
});

/** Adadelta: steps in proportion to the size of past steps. */
import { number } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { learningRate, weightDecay } from './common.ts';
import { defineOptimizer } from './define.ts';

export const adadelta = defineOptimizer({
  type: 'adadelta',
  label: 'Adadelta',
  doc: `Determines its own step size: s ← ρ·s + (1 − ρ)·g², d = √(u + ε) / √(s + ε) · g, u ← ρ·u + (1 − ρ)·d², **w ← w − learningRate · d**. The learning rate is
usually left at 1. Its first steps are tiny, so it starts slowly.

[Zeiler, 2012](https://arxiv.org/abs/1212.5701),
[PyTorch: Adadelta](https://pytorch.org/docs/stable/generated/torch.optim.Adadelta.html)`,
  attributes: {
    learningRate: learningRate(1),
    rho: number({ default: 0.9, min: 0, below: 1, doc: 'Weight of the old value in the running means.' }),
    epsilon: number({
      default: 1e-6,
      above: 0,
      doc: 'Added within both roots. It determines the size of the first steps.',
    }),
    weightDecay: weightDecay(),
  },
  frameworks: {
    pytorch: {
      name: 'Adadelta',
      attributes: {
        learningRate: as('lr', 1),
        rho: as('rho', 0.9),
        epsilon: as('eps', 1e-6),
        weightDecay: as('weight_decay', 0),
      },
    },
  },
  slots: () => ['meanSquare', 'meanSquareStep'],

  update({ attributes, kernels, learningRate, count, parameters: w, gradients: g, slots }) {
    const { rho, epsilon, weightDecay } = attributes;
    const [square, stepSquare] = slots;
    if (weightDecay > 0) kernels.addScaled(count, weightDecay, w, 0, g, 0);
    kernels.adadeltaStep(count, learningRate, rho, epsilon, w, g, square, stepSquare);
  },
});

/** Adagrad: steps shrink with all squared gradients so far. */
import { number } from '../schema/attributes.ts';
import { as, only, statedByCall } from '../schema/frameworks.ts';
import { epsilon, learningRate, weightDecay } from './common.ts';
import { defineOptimizer } from './define.ts';

export const adagrad = defineOptimizer({
  type: 'adagrad',
  label: 'Adagrad',
  doc: `The step of each weight shrinks with the sum of its squared gradients: s ← s + g², **w ← w − learningRate · g / (√s + ε)**. Suits sparse inputs,
because rare features keep large steps. In long trainings the steps become very small.

[Duchi et al., 2011](https://jmlr.org/papers/v12/duchi11a.html),
[PyTorch: Adagrad](https://pytorch.org/docs/stable/generated/torch.optim.Adagrad.html)`,
  attributes: {
    learningRate: learningRate(0.01),
    learningRateDecay: number({
      default: 0,
      min: 0,
      doc: 'Divides the learning rate by 1 + learningRateDecay · steps so far.',
    }),
    initialSum: number({ default: 0, min: 0, doc: 'Initial value of the sum of squares.' }),
    epsilon: epsilon(1e-10),
    weightDecay: weightDecay(),
  },
  frameworks: {
    pytorch: {
      name: 'Adagrad',
      attributes: {
        learningRate: as('lr', 0.01),
        learningRateDecay: as('lr_decay', 0),
        initialSum: as('initial_accumulator_value', 0),
        epsilon: as('eps', 1e-10),
        weightDecay: as('weight_decay', 0),
      },
    },
    onnx: {
      name: 'Adagrad',
      attributes: {
        learningRate: statedByCall(0.01),
        learningRateDecay: as('decay_factor', 0),
        initialSum: only(0),
        epsilon: as('epsilon', 1e-6),
        weightDecay: as('norm_coefficient', 0),
      },
    },
  },
  slowsDown: true,
  slots: () => ['sumOfSquares'],

  update({ attributes, kernels, step, learningRate, count, parameters: w, gradients: g, slots }) {
    const { learningRateDecay, initialSum, epsilon, weightDecay } = attributes;
    const [sum] = slots;
    const rate = learningRate / (1 + (step - 1) * learningRateDecay);
    if (weightDecay > 0) kernels.addScaled(count, weightDecay, w, 0, g, 0);
    kernels.adagradStep(count, rate, initialSum, epsilon, w, g, sum);
  },
});

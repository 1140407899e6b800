/** Stochastic gradient descent, with momentum. */
import { boolean, number } from '../schema/attributes.ts';
import { as, choice, complement, statedByCall } from '../schema/frameworks.ts';
import { learningRate, weightDecay } from './common.ts';
import { defineOptimizer } from './define.ts';

export const sgd = defineOptimizer({
  type: 'sgd',
  label: 'SGD',
  followsGradient: true,
  doc: `Stochastic gradient descent: **w ← w − learningRate · g**.

With momentum m, a running sum v ← m·v + (1 − dampening)·g replaces g. It averages noise and speeds up along valleys. With
*nesterov* the step is g + m·v, which looks ahead. SGD starts more slowly than Adam and often ends better on image networks. The
first step uses v = g, without dampening.

[PyTorch: SGD](https://pytorch.org/docs/stable/generated/torch.optim.SGD.html),
[Sutskever et al., 2013](https://proceedings.mlr.press/v28/sutskever13.html)`,
  attributes: {
    learningRate: learningRate(0.01),
    momentum: number({
      default: 0,
      min: 0,
      below: 1,
      doc: 'Share of the last step that is kept; 0.9 is usual.',
    }),
    nesterov: boolean({
      default: false,
      doc: 'Look ahead along the momentum. Has no effect without momentum.',
    }),
    dampening: number({
      default: 0,
      min: 0,
      max: 1,
      doc: 'Share of each gradient kept out of the momentum.',
    }),
    weightDecay: weightDecay(),
  },
  frameworks: {
    pytorch: {
      name: 'SGD',
      attributes: {
        learningRate: as('lr', 0.001),
        momentum: as('momentum', 0),
        nesterov: as('nesterov', false),
        dampening: as('dampening', 0),
        weightDecay: as('weight_decay', 0),
      },
    },
    onnx: {
      name: 'Momentum',
      attributes: {
        learningRate: statedByCall(0.01),
        momentum: as('alpha', 0),
        nesterov: choice(
          'mode',
          [
            [true, 'nesterov'],
            [false, 'standard'],
          ],
          'standard',
        ),
        dampening: complement('beta', 1),
        weightDecay: as('norm_coefficient', 0),
      },
    },
  },
  slots: ({ momentum }) => (momentum > 0 ? ['velocity'] : []),

  update({ attributes, kernels, step, learningRate, count, parameters: w, gradients: g, slots }) {
    const { momentum, nesterov, dampening, weightDecay } = attributes;
    if (weightDecay > 0) kernels.addScaled(count, weightDecay, w, 0, g, 0);
    if (momentum === 0 || dampening === 0) {
      kernels.sgdStep(count, learningRate, momentum, nesterov, w, g, slots[0] ?? g);
      return;
    }
    const v = slots[0];
    const fresh = step === 1 ? 1 : 1 - dampening;
    for (let i = 0; i < count; i++) {
      v[i] = momentum * v[i] + fresh * g[i];
      w[i] -= learningRate * (nesterov ? g[i] + momentum * v[i] : v[i]);
    }
  },
});

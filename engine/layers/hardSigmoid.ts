/** Hard sigmoid: three straight lines instead of the sigmoid. */
import { number } from '../schema/attributes.ts';
import { as, only } from '../schema/frameworks.ts';
import { defineActivation, zigZag } from './activation.ts';

export const hardSigmoid = defineActivation({
  type: 'hardSigmoid',
  label: 'Hard sigmoid',
  reach: () => ({ least: 0, most: 1 }),
  produces: 'probabilities',
  facts: {
    summary: 'Three straight lines instead of the sigmoid: a cheap gate.',
    formula:
      'f(x) = min(max(0, alpha·x + beta), 1). The preset is PyTorch’s and Keras 3’s, relu6(x + 3) / 6; ONNX and older Keras preset alpha 0.2',
    derivative:
      'alpha where 0 < alpha·x + beta < 1, 0 outside; not differentiable at the two corners, where 0 is used',
    range: '[0, 1]',
    zeroCentred: `no: outputs are never negative, so ${zigZag}`,
    saturates: 'exactly, at both ends: for |x| ≥ 3 with the preset',
    failure: 'dying units: beyond the corners the gradient is 0, not merely small',
    remedy: 'sigmoid, a smaller alpha, normalization of the inputs',
    source: '[PyTorch: Hardsigmoid](https://pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html)',
  },
  attributes: {
    alpha: number({ default: 1 / 6, above: 0, doc: 'Slope of the middle line.' }),
    beta: number({ default: 0.5, doc: 'Output at x = 0, when between 0 and 1.' }),
  },
  saturationBounds: () => ({ low: 1e-6, high: 1 - 1e-6 }),
  canDie: true,
  kinks: true,
  fused: ({ alpha, beta }) => ({ kernel: 'hardSigmoid', parameter: alpha, second: beta }),
  frameworks: {
    pytorch: {
      name: 'Hardsigmoid',
      functional: 'hardsigmoid',
      attributes: { alpha: only(1 / 6), beta: only(0.5) },
    },
    keras: {
      name: 'Activation',
      functional: 'hard_sigmoid',
      fixed: { activation: 'hard_sigmoid' },
      attributes: { alpha: only(1 / 6), beta: only(0.5) },
    },
    onnx: { name: 'HardSigmoid', attributes: { alpha: as('alpha', 0.2), beta: as('beta', 0.5) } },
  },
  flops: 4,
  variants: [
    { name: 'as ONNX presets', attributes: { alpha: 0.2, beta: 0.5 } },
    { name: 'not in the middle', attributes: { alpha: 0.3, beta: 0.25 } },
  ],

  forward(count, x, y, { alpha, beta }) {
    for (let i = 0; i < count; i++) y[i] = Math.min(Math.max(0, alpha * x[i] + beta), 1);
  },

  backward(count, _x, y, dy, dx, { alpha }) {
    for (let i = 0; i < count; i++) dx[i] += dy[i] * alpha * Number(y[i] > 0 && y[i] < 1);
  },
});

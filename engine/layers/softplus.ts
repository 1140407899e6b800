/** Softplus: a smooth ReLU that is always positive. */
import { number } from '../schema/attributes.ts';
import { as, only } from '../schema/frameworks.ts';
import { defineActivation, zigZag } from './activation.ts';

export const softplus = defineActivation({
  type: 'softplus',
  label: 'Softplus',
  facts: {
    summary: 'A smooth ReLU, positive everywhere: for outputs that must be positive, e.g. a variance.',
    formula: 'f(x) = ln(1 + e^(beta·x)) / beta',
    derivative: 'σ(beta·x), between 0 and 1',
    range: '(0, ∞)',
    zeroCentred: `no: outputs are all positive, so ${zigZag}`,
    saturates: 'below: for beta·x < −4 output and derivative are nearly 0',
    failure: 'vanishing gradient of units far below zero; as a hidden activation usually worse than relu',
    remedy: 'relu, gelu or elu in hidden layers; a larger beta comes closer to relu',
    source: '[PyTorch: Softplus](https://pytorch.org/docs/stable/generated/torch.nn.Softplus.html)',
  },
  attributes: {
    beta: number({ default: 1, min: 1e-30, max: 1e30, doc: 'Sharpness of the bend.' }),
  },
  fused: ({ beta }) => ({ kernel: 'softplus', parameter: beta }),
  frameworks: {
    // Above its threshold, PyTorch's softplus is linear. At 20, this makes a difference of rounding only.
    pytorch: {
      name: 'Softplus',
      functional: 'softplus',
      fixed: { threshold: 20 },
      attributes: { beta: as('beta', 1) },
    },
    keras: {
      name: 'Activation',
      functional: 'softplus',
      fixed: { activation: 'softplus' },
      attributes: { beta: only(1) },
    },
    onnx: { name: 'Softplus', attributes: { beta: only(1) } },
  },
  reach: () => ({ least: 0 }),
  flops: 5,
  variants: [{ name: 'sharp', attributes: { beta: 3 } }],

  /** Written as max(0, x) + ln(1 + e^(−beta·|x|)) / beta, which cannot overflow. */
  forward(count, x, y, { beta }) {
    for (let i = 0; i < count; i++)
      y[i] = Math.max(0, x[i]) + Math.log1p(Math.exp(-beta * Math.abs(x[i]))) / beta;
  },

  backward(count, x, _y, dy, dx, { beta }) {
    for (let i = 0; i < count; i++) dx[i] += dy[i] / (1 + Math.exp(-beta * x[i]));
  },
});

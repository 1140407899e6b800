/** CELU: ELU with a tail that joins smoothly at any alpha. */
import { number } from '../schema/attributes.ts';
import { as, only } from '../schema/frameworks.ts';
import { defineActivation } from './activation.ts';

export const celu = defineActivation({
  type: 'celu',
  label: 'CELU',
  facts: {
    summary: 'ELU in a form that is smooth at 0 for every alpha.',
    formula: 'f(x) = max(0, x) + min(0, alpha·(e^(x/alpha) − 1))',
    derivative: '1 for x ≥ 0, e^(x/alpha) for x < 0; continuous everywhere',
    range: '(−alpha, ∞)',
    zeroCentred: 'nearly: negative outputs pull the mean towards 0',
    saturates: 'below: for x < −4·alpha the derivative is under 0.02',
    failure: 'vanishing gradient of units far below zero',
    remedy: 'a larger alpha, normalization of the inputs, or leakyRelu',
    source: '[Barron 2017](https://arxiv.org/abs/1704.07483)',
  },
  attributes: {
    alpha: number({ default: 1, min: 1e-30, max: 1e30, doc: 'The tail ends at −alpha.' }),
  },
  fused: ({ alpha }) => ({ kernel: 'celu', parameter: alpha }),
  frameworks: {
    pytorch: { name: 'CELU', functional: 'celu', attributes: { alpha: as('alpha', 1) } },
    keras: {
      name: 'Activation',
      functional: 'celu',
      fixed: { activation: 'celu' },
      attributes: { alpha: only(1) },
    },
    onnx: { name: 'Celu', attributes: { alpha: as('alpha', 1) } },
  },
  reach: ({ alpha }) => ({ least: -alpha }),
  flops: 4,
  variants: [{ name: 'long tail', attributes: { alpha: 2.5 } }],

  forward(count, x, y, { alpha }) {
    for (let i = 0; i < count; i++) y[i] = x[i] > 0 ? x[i] : alpha * Math.expm1(x[i] / alpha);
  },

  /** Below zero f′ = e^(x/alpha). */
  backward(count, x, _y, dy, dx, { alpha }) {
    for (let i = 0; i < count; i++) dx[i] += x[i] > 0 ? dy[i] : dy[i] * Math.exp(x[i] / alpha);
  },
});

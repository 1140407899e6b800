/** ELU: ReLU with an exponential tail below zero. */
import { number } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { defineActivation } from './activation.ts';

export const elu = defineActivation({
  type: 'elu',
  label: 'ELU',
  synonyms: ['exponential linear'],
  facts: {
    summary:
      'Like ReLU above zero, with a smooth negative tail that keeps the mean near zero and units alive.',
    formula: 'f(x) = x for x > 0, alpha·(eˣ − 1) otherwise',
    derivative: '1 for x > 0, alpha·eˣ for x < 0; continuous at 0 only when alpha = 1',
    range: '(−alpha, ∞)',
    zeroCentred: 'nearly: negative outputs pull the mean towards 0',
    saturates: 'below: for x < −4 the derivative is under 0.02·alpha',
    failure: 'vanishing gradient of units far below zero; an exponential is slower than relu',
    remedy: 'normalized inputs, or leakyRelu',
    source: '[Clevert, Unterthiner and Hochreiter 2016](https://arxiv.org/abs/1511.07289)',
  },
  attributes: {
    alpha: number({ default: 1, min: 0, max: 1e30, doc: 'The tail ends at −alpha.' }),
  },
  kinks: true,
  fused: ({ alpha }) => ({ kernel: 'elu', parameter: alpha }),
  frameworks: {
    pytorch: { name: 'ELU', functional: 'elu', attributes: { alpha: as('alpha', 1) } },
    keras: { name: 'ELU', functional: 'elu', attributes: { alpha: as('alpha', 1) } },
    onnx: { name: 'Elu', attributes: { alpha: as('alpha', 1) } },
  },
  reach: ({ alpha }) => ({ least: -alpha }),
  flops: 3,
  variants: [{ name: 'half tail', attributes: { alpha: 0.5 } }],

  forward(count, x, y, { alpha }) {
    for (let i = 0; i < count; i++) y[i] = x[i] > 0 ? x[i] : alpha * Math.expm1(x[i]);
  },

  /** Below zero f′ = alpha·eˣ. */
  backward(count, x, _y, dy, dx, { alpha }) {
    for (let i = 0; i < count; i++) dx[i] += x[i] > 0 ? dy[i] : dy[i] * alpha * Math.exp(x[i]);
  },
});

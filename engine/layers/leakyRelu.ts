/** Leaky ReLU: a small slope where ReLU has none. */
import { number } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { defineActivation } from './activation.ts';

export const leakyRelu = defineActivation({
  type: 'leakyRelu',
  label: 'Leaky ReLU',
  synonyms: ['lrelu'],
  facts: {
    summary: 'ReLU with a small slope below zero, so that no unit can die.',
    formula: 'f(x) = x for x > 0, slope·x otherwise',
    derivative: '1 for x > 0, slope for x < 0; not differentiable at 0, where slope is used',
    range: '(−∞, ∞) for a positive slope',
    zeroCentred: 'hardly: the mean of the outputs stays above 0 while the slope is small',
    saturates: 'nowhere',
    failure:
      'almost ReLU: with a very small slope a unit below zero learns very slowly; outputs are not bounded',
    remedy: 'a larger slope (0.1 to 0.3), a learned one (pRelu), or elu',
    source:
      '[Maas, Hannun and Ng 2013](https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf)',
  },
  attributes: {
    slope: number({ default: 0.01, min: 0, doc: 'Slope below zero.' }),
  },
  kinks: true,
  fused: ({ slope }) => ({ kernel: 'leakyRelu', parameter: slope }),
  frameworks: {
    pytorch: {
      name: 'LeakyReLU',
      functional: 'leaky_relu',
      attributes: { slope: as('negative_slope', 0.01) },
    },
    keras: { name: 'LeakyReLU', functional: 'leaky_relu', attributes: { slope: as('negative_slope', 0.3) } },
    onnx: { name: 'LeakyRelu', attributes: { slope: as('alpha', 0.01) } },
  },
  reach: ({ slope }) => (slope > 0 ? {} : { least: 0 }),
  flops: 2,
  variants: [{ name: 'steep', attributes: { slope: 0.3 } }],

  // Without branches, which would be mispredicted at random signs: p is the positive part, x − p the negative one.
  forward(count, x, y, { slope }) {
    for (let i = 0; i < count; i++) {
      const p = 0.5 * (x[i] + Math.abs(x[i]));
      y[i] = p + slope * (x[i] - p);
    }
  },

  backward(count, x, _y, dy, dx, { slope }) {
    for (let i = 0; i < count; i++) {
      const positive = Number(x[i] > 0);
      dx[i] += dy[i] * (positive + slope * (1 - positive));
    }
  },
});

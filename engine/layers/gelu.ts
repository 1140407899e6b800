/** GELU: multiplies each input by the probability that a normal variable is below it. */
import { normalCdf, normalDensity } from '../kernels/normalCdf.ts';
import { choice } from '../schema/attributes.ts';
import { as, only } from '../schema/frameworks.ts';
import { defineActivation } from './activation.ts';

/** √(2/π) and the cubic coefficient of the tanh form; there 0.5·(1 + tanh(u)) is computed as σ(2u). */
const slope = 0.7978845608028654;
const cubic = 0.044715;

export const gelu = defineActivation({
  type: 'gelu',
  label: 'GELU',
  synonyms: ['gaussian error'],
  facts: {
    summary: 'A smooth ReLU that dips below zero: the usual activation of transformers.',
    formula:
      'f(x) = x·Φ(x), Φ the normal distribution function; with "tanh" 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), which differs by less than 0.0005',
    derivative: 'Φ(x) + x·φ(x), φ the normal density; between −0.13 and 1.13',
    range: '[−0.17, ∞)',
    zeroCentred: 'no: outputs lie above −0.17, and their mean is positive',
    saturates: 'below: for x < −4 output and derivative are nearly 0',
    failure: 'vanishing gradient of units far below zero; slower to compute than relu',
    remedy: 'normalization before it keeps inputs near zero; the "tanh" form is faster',
    source: '[Hendrycks and Gimpel 2016](https://arxiv.org/abs/1606.08415)',
  },
  attributes: {
    approximation: choice(['none', 'tanh'], {
      default: 'none',
      doc: 'The exact form, or a faster one with tanh.',
    }),
  },
  fused: ({ approximation }) => ({ kernel: approximation === 'tanh' ? 'geluTanh' : 'gelu' }),
  frameworks: {
    pytorch: { name: 'GELU', functional: 'gelu', attributes: { approximation: as('approximate', 'none') } },
    keras: {
      name: 'Activation',
      functional: 'gelu',
      fixed: { activation: 'gelu' },
      attributes: { approximation: only('none') },
    },
    onnx: { name: 'Gelu', attributes: { approximation: as('approximate', 'none') } },
  },
  reach: () => ({ least: -0.17005 }),
  flops: 8,
  variants: [{ name: 'tanh form', attributes: { approximation: 'tanh' } }],

  forward(count, x, y, { approximation }) {
    if (approximation === 'tanh')
      for (let i = 0; i < count; i++)
        y[i] = x[i] / (1 + Math.exp(-2 * slope * x[i] * (1 + cubic * x[i] * x[i])));
    else for (let i = 0; i < count; i++) y[i] = x[i] * normalCdf(x[i]);
  },

  backward(count, x, _y, dy, dx, { approximation }) {
    if (approximation === 'tanh')
      for (let i = 0; i < count; i++) {
        const square = x[i] * x[i];
        const gate = 1 / (1 + Math.exp(-2 * slope * x[i] * (1 + cubic * square)));
        dx[i] += dy[i] * gate * (1 + 2 * slope * x[i] * (1 - gate) * (1 + 3 * cubic * square));
      }
    else for (let i = 0; i < count; i++) dx[i] += dy[i] * (normalCdf(x[i]) + x[i] * normalDensity(x[i]));
  },
});

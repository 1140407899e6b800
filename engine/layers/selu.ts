/** SELU: ELU scaled so that activations normalize themselves. */
import { defineActivation } from './activation.ts';

/** With these two, mean 0 and variance 1 are a fixed point (Klambauer et al. 2017, equation 14). */
const scale = 1.0507009873554805;
const tail = scale * 1.6732632423543772;

export const selu = defineActivation({
  type: 'selu',
  label: 'SELU',
  synonyms: ['self-normalizing'],
  facts: {
    summary: 'ELU with the scale at which the outputs of deep dense networks approach mean 0 and variance 1.',
    formula: 'f(x) = 1.0507·x for x > 0, 1.7581·(eˣ − 1) otherwise',
    derivative: '1.0507 for x > 0, 1.7581·eˣ for x < 0; it jumps at 0, where the lower branch is used',
    range: '(−1.7581, ∞)',
    zeroCentred:
      'yes, in the mean, if inputs are standardized and weights start with variance 1 / inputs (LeCun)',
    saturates: 'below: for x < −4 the derivative is under 0.04',
    failure:
      'the normalization is lost with other initializers, with ordinary dropout and with skip connections',
    remedy: 'LeCun normal initialization and standardized inputs; otherwise batch or layer normalization',
    source: '[Klambauer et al. 2017](https://arxiv.org/abs/1706.02515)',
  },
  attributes: {},
  kinks: true,
  frameworks: {
    pytorch: { name: 'SELU', functional: 'selu' },
    keras: { name: 'Activation', functional: 'selu', fixed: { activation: 'selu' } },
    onnx: { name: 'Selu', fixed: { alpha: 1.6732631921768188, gamma: 1.0507010221481323 } },
  },
  reach: () => ({ least: -1.7581 }),
  flops: 3,

  forward(count, x, y) {
    for (let i = 0; i < count; i++) y[i] = x[i] > 0 ? scale * x[i] : tail * Math.expm1(x[i]);
  },

  /** Below zero f′ = tail·eˣ. */
  backward(count, x, _y, dy, dx) {
    for (let i = 0; i < count; i++) dx[i] += dy[i] * (x[i] > 0 ? scale : tail * Math.exp(x[i]));
  },
});

/** Softsign: maps any number to one between −1 and 1, without exponentials. */
import { defineActivation } from './activation.ts';

export const softsign = defineActivation({
  type: 'softsign',
  label: 'Softsign',
  facts: {
    summary: 'Squeezes any number between −1 and 1 like tanh, but approaches the ends far more slowly.',
    formula: 'f(x) = x / (1 + |x|)',
    derivative: '1 / (1 + |x|)², at most 1 (at x = 0)',
    range: '(−1, 1)',
    zeroCentred: 'yes: it is odd',
    saturates: 'slowly, at both ends: the derivative falls as 1/x², not exponentially; it is 0.01 at |x| = 9',
    failure: 'vanishing gradient over many layers, milder than with tanh',
    remedy: 'Glorot initialization, normalization, or relu and gelu in deep networks',
    source: '[Glorot and Bengio 2010](https://proceedings.mlr.press/v9/glorot10a.html)',
  },
  attributes: {},
  frameworks: {
    pytorch: { name: 'Softsign', functional: 'softsign' },
    keras: { name: 'Activation', functional: 'softsign', fixed: { activation: 'softsign' } },
    onnx: { name: 'Softsign' },
  },
  reach: () => ({ least: -1, most: 1 }),
  // There the derivative is 0.06, as at the bounds of tanh.
  saturationBounds: () => ({ low: -0.757, high: 0.757 }),
  flops: 2,

  forward(count, x, y) {
    for (let i = 0; i < count; i++) y[i] = x[i] / (1 + Math.abs(x[i]));
  },

  backward(count, x, _y, dy, dx) {
    for (let i = 0; i < count; i++) {
      const root = 1 / (1 + Math.abs(x[i]));
      dx[i] += dy[i] * root * root;
    }
  },
});

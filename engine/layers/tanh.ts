/** Tanh: maps any number to one between −1 and 1. */
import { defineActivation } from './activation.ts';

export const tanh = defineActivation({
  type: 'tanh',
  label: 'Tanh',
  synonyms: ['hyperbolic tangent'],
  facts: {
    summary: 'Squeezes any number between −1 and 1; the classic activation of recurrent networks.',
    formula: 'tanh(x) = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ) = 2·sigmoid(2x) − 1',
    derivative: '1 − tanh²(x), at most 1 (at x = 0)',
    range: '(−1, 1)',
    zeroCentred: 'yes: it is odd, so inputs around 0 give outputs around 0',
    saturates: 'at both ends: for |x| > 2.1 the output is beyond ±0.97 and the derivative below 0.06',
    failure: 'vanishing gradient, in saturated units and over many layers or time steps',
    remedy:
      'Glorot initialization, normalization of the inputs, relu or gelu in deep networks, lstm or gru over time',
    source: '[PyTorch: Tanh](https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html)',
  },
  attributes: {},
  reach: () => ({ least: -1, most: 1 }),
  fusible: 'tanh',
  saturationBounds: () => ({ low: -0.97, high: 0.97 }),
  frameworks: {
    pytorch: { name: 'Tanh', functional: 'tanh' },
    keras: { name: 'Activation', functional: 'tanh', fixed: { activation: 'tanh' } },
    onnx: { name: 'Tanh' },
  },
  flops: 3,

  forward(count, x, y) {
    for (let i = 0; i < count; i++) y[i] = Math.tanh(x[i]);
  },

  backward(count, _x, y, dy, dx) {
    for (let i = 0; i < count; i++) dx[i] += dy[i] * (1 - y[i] * y[i]);
  },

  backwardFromOutput(count, y, dy, dx) {
    for (let i = 0; i < count; i++) dx[i] = dy[i] * (1 - y[i] * y[i]);
  },
});

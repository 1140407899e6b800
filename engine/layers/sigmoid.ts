/** Sigmoid: maps any number to one between 0 and 1. */
import { defineActivation, zigZag } from './activation.ts';

export const sigmoid = defineActivation({
  type: 'sigmoid',
  label: 'Sigmoid',
  synonyms: ['logistic'],
  reach: () => ({ least: 0, most: 1 }),
  produces: 'probabilities',
  facts: {
    summary: 'Squeezes any number between 0 and 1: a gate, or the probability of a yes.',
    formula: 'σ(x) = 1 / (1 + e⁻ˣ)',
    derivative: 'σ′ = σ·(1 − σ), at most 1/4 (at x = 0)',
    range: '(0, 1)',
    zeroCentred: `no: outputs are all positive, so ${zigZag}`,
    saturates:
      'at both ends: for |x| > 4.2 the output lies within 0.015 of 0 or 1 and the derivative is below 0.015',
    failure: 'vanishing gradient: each layer multiplies the gradient by 1/4 at most, besides the weights',
    remedy:
      'in hidden layers, tanh (zero-centred) or relu; at the output, logits for binaryCrossEntropy, which is numerically stable',
    source: '[PyTorch: Sigmoid](https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html)',
  },
  attributes: {},
  fusible: 'sigmoid',
  saturationBounds: () => ({ low: 0.015, high: 0.985 }),
  frameworks: {
    pytorch: { name: 'Sigmoid', functional: 'sigmoid' },
    keras: { name: 'Activation', functional: 'sigmoid', fixed: { activation: 'sigmoid' } },
    onnx: { name: 'Sigmoid' },
  },
  flops: 3,

  forward(count, x, y) {
    for (let i = 0; i < count; i++) y[i] = 1 / (1 + Math.exp(-x[i]));
  },

  backward(count, _x, y, dy, dx) {
    for (let i = 0; i < count; i++) dx[i] += dy[i] * y[i] * (1 - y[i]);
  },

  backwardFromOutput(count, y, dy, dx) {
    for (let i = 0; i < count; i++) dx[i] = dy[i] * y[i] * (1 - y[i]);
  },
});

/** ReLU: the positive part. */
import { defineActivation, zigZag } from './activation.ts';

export const relu = defineActivation({
  type: 'relu',
  label: 'ReLU',
  synonyms: ['rectifier'],
  facts: {
    summary:
      'Keeps positive values and sets all others to 0. The usual choice after convolutions and dense layers.',
    formula: 'f(x) = max(0, x)',
    derivative: '1 for x > 0, 0 for x < 0. At x = 0, and only there, it is not differentiable; 0 is used.',
    range: '[0, ∞)',
    zeroCentred: `no: outputs are never negative, so ${zigZag}`,
    saturates: 'exactly, for every x < 0; never for x > 0',
    failure:
      'dying units: when a large step makes the input negative for every sample, the gradient is 0 and the unit cannot come back',
    remedy:
      'a smaller learning rate, He initialization, batch normalization before it, or leakyRelu, elu or gelu',
    source: '[Nair and Hinton 2010](https://icml.cc/Conferences/2010/papers/432.pdf)',
  },
  attributes: {},
  reach: () => ({ least: 0 }),
  fusible: 'relu',
  isPositivePart: true,
  canDie: true,
  kinks: true,
  frameworks: {
    pytorch: { name: 'ReLU', functional: 'relu' },
    keras: { name: 'Activation', functional: 'relu', fixed: { activation: 'relu' } },
    onnx: { name: 'Relu' },
  },
  flops: 1,

  // Without a branch: signs are practically random, and a mispredicted branch costs four times as much as the arithmetic.
  forward(count, x, y) {
    for (let i = 0; i < count; i++) y[i] = Math.max(0, x[i]);
  },

  backward(count, x, _y, dy, dx) {
    for (let i = 0; i < count; i++) dx[i] += dy[i] * Number(x[i] > 0);
  },

  backwardFromOutput(count, y, dy, dx) {
    for (let i = 0; i < count; i++) dx[i] = dy[i] * Number(y[i] > 0);
  },
});

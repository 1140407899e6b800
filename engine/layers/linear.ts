/** Linear: the identity, where an activation is expected but not wanted. */
import { defineActivation } from './activation.ts';

export const linear = defineActivation({
  type: 'linear',
  label: 'Linear',
  synonyms: ['identity', 'no activation', 'pass through'],
  linear: true,
  facts: {
    summary: 'Passes its input on unchanged: for a named output, or for comparison with another activation.',
    formula: 'f(x) = x',
    derivative: '1 everywhere',
    range: '(−∞, ∞)',
    zeroCentred: 'yes',
    saturates: 'nowhere',
    failure:
      'no expressive power: consecutive linear layers are equivalent to one; outputs and gradients are not bounded, so both may explode',
    remedy:
      'a nonlinear activation in hidden layers; linear at the output of a regression and before losses that take logits',
    source: '[PyTorch: Identity](https://pytorch.org/docs/stable/generated/torch.nn.Identity.html)',
  },
  attributes: {},
  frameworks: {
    pytorch: { name: 'Identity' },
    keras: { name: 'Activation', functional: 'linear', fixed: { activation: 'linear' } },
    onnx: { name: 'Identity' },
  },
  flops: 0,

  forward(count, x, y) {
    for (let i = 0; i < count; i++) y[i] = x[i];
  },

  backward(count, _x, _y, dy, dx) {
    for (let i = 0; i < count; i++) dx[i] += dy[i];
  },
});

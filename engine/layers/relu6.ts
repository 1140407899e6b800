/** ReLU6: ReLU cut off at six. */
import { defineActivation, zigZag } from './activation.ts';

export const relu6 = defineActivation({
  type: 'relu6',
  label: 'ReLU6',
  facts: {
    summary: 'ReLU cut off at 6, for networks that are later quantized to few bits.',
    formula: 'f(x) = min(max(0, x), 6)',
    derivative: '1 for 0 < x < 6, 0 outside; not differentiable at 0 and at 6, where 0 is used',
    range: '[0, 6]',
    zeroCentred: `no: outputs are never negative, so ${zigZag}`,
    saturates: 'exactly, for every x < 0 and every x > 6',
    failure: 'dying units below 0, and units stuck at 6 above: both have gradient 0',
    remedy: 'a smaller learning rate, He initialization, batch normalization before it; relu or hardSwish',
    source: '[PyTorch: ReLU6](https://pytorch.org/docs/stable/generated/torch.nn.ReLU6.html)',
  },
  attributes: {},
  reach: () => ({ least: 0, most: 6 }),
  saturationBounds: () => ({ high: 5.999999 }),
  canDie: true,
  kinks: true,
  frameworks: {
    pytorch: { name: 'ReLU6', functional: 'relu6' },
    keras: { name: 'Activation', functional: 'relu6', fixed: { activation: 'relu6' } },
  },
  flops: 2,

  forward(count, x, y) {
    for (let i = 0; i < count; i++) y[i] = Math.min(Math.max(0, x[i]), 6);
  },

  backward(count, x, _y, dy, dx) {
    for (let i = 0; i < count; i++) dx[i] += dy[i] * Number(x[i] > 0 && x[i] < 6);
  },
});

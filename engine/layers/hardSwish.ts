/** Hard swish: silu with the hard sigmoid as its gate. */
import { defineActivation } from './activation.ts';

export const hardSwish = defineActivation({
  type: 'hardSwish',
  label: 'Hard swish',
  facts: {
    summary: 'SiLU with a gate of straight lines, for small, fast networks.',
    formula: 'f(x) = x·relu6(x + 3) / 6',
    derivative: '0 for x < −3, (2x + 3) / 6 between, 1 for x > 3; it jumps at ±3, by 0.5 each',
    range: '[−0.375, ∞)',
    zeroCentred: 'no: outputs lie above −0.375, and their mean is positive',
    saturates: 'exactly, for every x < −3',
    failure: 'dying units: below −3 the gradient is 0',
    remedy: 'silu, or normalization before it',
    source: '[Howard et al. 2019](https://arxiv.org/abs/1905.02244)',
  },
  attributes: {},
  kinks: true,
  frameworks: {
    pytorch: { name: 'Hardswish', functional: 'hardswish' },
    keras: { name: 'Activation', functional: 'hard_silu', fixed: { activation: 'hard_silu' } },
    onnx: { name: 'HardSwish' },
  },
  reach: () => ({ least: -0.375 }),
  flops: 5,

  forward(count, x, y) {
    for (let i = 0; i < count; i++) y[i] = (x[i] * Math.min(Math.max(0, x[i] + 3), 6)) / 6;
  },

  backward(count, x, _y, dy, dx) {
    for (let i = 0; i < count; i++) dx[i] += x[i] < -3 ? 0 : x[i] < 3 ? (dy[i] * (2 * x[i] + 3)) / 6 : dy[i];
  },
});

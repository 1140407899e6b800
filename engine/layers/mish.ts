/** Mish: multiplies each input by the tanh of its softplus. */
import { defineActivation } from './activation.ts';

/** Beyond this, tanh(softplus(x)) is 1 in every digit. Up to it, e²ˣ is far from overflow. */
const flatFrom = 20;

export const mish = defineActivation({
  type: 'mish',
  label: 'Mish',
  facts: {
    summary: 'A smooth ReLU that dips below zero, close to silu; known from object detection.',
    formula: 'f(x) = x·tanh(softplus(x)) = x·tanh(ln(1 + eˣ))',
    derivative: 't + x·σ(x)·(1 − t²) with t = tanh(softplus(x)); between −0.12 and 1.09',
    range: '[−0.31, ∞)',
    zeroCentred: 'no: outputs lie above −0.31, and their mean is positive',
    saturates: 'below: for x < −7 output and derivative are nearly 0',
    failure: 'vanishing gradient of units far below zero; slower to compute than relu and silu',
    remedy: 'normalization before it; silu or hardSwish where speed matters',
    source: '[Misra 2019](https://arxiv.org/abs/1908.08681)',
  },
  attributes: {},
  frameworks: {
    pytorch: { name: 'Mish', functional: 'mish' },
    keras: { name: 'Activation', functional: 'mish', fixed: { activation: 'mish' } },
    onnx: { name: 'Mish' },
  },
  reach: () => ({ least: -0.30885 }),
  flops: 6,

  /** tanh(ln(1 + e)) = n / (n + 2) with e = eˣ and n = e·(e + 2). */
  forward(count, x, y) {
    for (let i = 0; i < count; i++) {
      const e = Math.exp(Math.min(x[i], flatFrom));
      const n = e * (e + 2);
      y[i] = (x[i] * n) / (n + 2);
    }
  },

  /** f′ = t + x·σ·(1 − t²), where 1 − t² = 4·(n + 1) / (n + 2)² and n + 1 = (e + 1)². */
  backward(count, x, _y, dy, dx) {
    for (let i = 0; i < count; i++) {
      const e = Math.exp(Math.min(x[i], flatFrom));
      const n = e * (e + 2);
      dx[i] += dy[i] * (n / (n + 2) + (4 * x[i] * e * (e + 1)) / ((n + 2) * (n + 2)));
    }
  },
});

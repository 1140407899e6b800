/** SiLU: multiplies each input by its own sigmoid. */
import { defineActivation } from './activation.ts';

export const silu = defineActivation({
  type: 'silu',
  label: 'SiLU (Swish)',
  synonyms: ['swish'],
  facts: {
    summary: 'A smooth ReLU that dips below zero: the input gated by its own sigmoid. Also called swish.',
    formula: 'f(x) = x·σ(x)',
    derivative: 'σ(x)·(1 + x·(1 − σ(x))); between −0.1 and 1.1',
    range: '[−0.28, ∞)',
    zeroCentred: 'no: outputs lie above −0.28, and their mean is positive',
    saturates: 'below: for x < −7 output and derivative are nearly 0',
    failure: 'vanishing gradient of units far below zero; slower to compute than relu',
    remedy: 'normalization before it; hardSwish where speed matters',
    source: '[Elfwing, Uchibe and Doya 2017](https://arxiv.org/abs/1702.03118)',
  },
  attributes: {},
  frameworks: {
    pytorch: { name: 'SiLU', functional: 'silu' },
    keras: { name: 'Activation', functional: 'silu', fixed: { activation: 'silu' } },
  },
  reach: () => ({ least: -0.27847 }),
  flops: 4,

  forward(count, x, y) {
    for (let i = 0; i < count; i++) y[i] = x[i] / (1 + Math.exp(-x[i]));
  },

  /** f′ = σ + y·(1 − σ). */
  backward(count, x, y, dy, dx) {
    for (let i = 0; i < count; i++) {
      const gate = 1 / (1 + Math.exp(-x[i]));
      dx[i] += dy[i] * (gate + y[i] * (1 - gate));
    }
  },
});

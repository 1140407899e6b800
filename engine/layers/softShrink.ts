/** Soft shrink: moves every value towards zero, and sets small values to zero. */
import { number } from '../schema/attributes.ts';
import { as, only } from '../schema/frameworks.ts';
import { defineActivation } from './activation.ts';

export const softShrink = defineActivation({
  type: 'softShrink',
  label: 'Soft shrink',
  facts: {
    summary:
      'Moves every value towards zero by a threshold, and sets smaller values to 0. For sparse codes and denoising.',
    formula: 'f(x) = x − threshold for x > threshold, x + threshold for x < −threshold, 0 between',
    derivative:
      '1 for |x| > threshold, 0 for |x| < threshold; not differentiable at ±threshold, where 0 is used',
    range: '(−∞, ∞)',
    zeroCentred: 'yes: it is odd',
    saturates: 'exactly, for every |x| < threshold',
    failure: 'silent units: while all inputs stay within the threshold the gradient is 0',
    remedy: 'a smaller threshold, or tanhShrink, whose derivative is 0 at 0 only',
    source: '[PyTorch: Softshrink](https://pytorch.org/docs/stable/generated/torch.nn.Softshrink.html)',
  },
  attributes: {
    threshold: number({ default: 0.5, min: 0, doc: 'By how much values move towards zero.' }),
  },
  kinks: true,
  fused: ({ threshold }) => ({ kernel: 'softShrink', parameter: threshold }),
  frameworks: {
    pytorch: { name: 'Softshrink', functional: 'softshrink', attributes: { threshold: as('lambd', 0.5) } },
    keras: {
      name: 'Activation',
      functional: 'soft_shrink',
      fixed: { activation: 'soft_shrink' },
      attributes: { threshold: only(0.5) },
    },
  },
  flops: 3,
  variants: [{ name: 'narrow', attributes: { threshold: 0.1 } }],

  forward(count, x, y, { threshold }) {
    for (let i = 0; i < count; i++) y[i] = x[i] - Math.min(Math.max(-threshold, x[i]), threshold);
  },

  backward(count, x, _y, dy, dx, { threshold }) {
    for (let i = 0; i < count; i++) dx[i] += dy[i] * Number(Math.abs(x[i]) > threshold);
  },
});

/** Hard tanh: the identity, cut off at both ends. */
import { number } from '../spec/attributes.ts';
import { defineActivation } from './activation.ts';

export const hardTanh = defineActivation({
  type: 'hardTanh',
  label: 'Hard tanh',
  facts: {
    summary: 'The identity, cut off at −limit and limit: three straight lines in place of tanh.',
    formula: 'f(x) = min(max(−limit, x), limit)',
    derivative: '1 for |x| < limit, 0 outside; not differentiable at ±limit, where 0 is used',
    range: '[−limit, limit]',
    zeroCentred: 'yes: it is odd',
    saturates: 'exactly, at both ends',
    failure: 'units stuck at an end: there the gradient is 0, not merely small',
    remedy: 'tanh, normalization of the inputs, a smaller learning rate',
    source: '[PyTorch: Hardtanh](https://pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html)',
  },
  attributes: {
    limit: number({ default: 1, above: 0, doc: 'Largest absolute output.' }),
  },
  kinks: true,
  flops: 2,
  variants: [{ name: 'narrow', attributes: { limit: 0.5 } }],

  forward(count, x, y, { limit }) {
    for (let i = 0; i < count; i++) y[i] = Math.min(Math.max(-limit, x[i]), limit);
  },

  backward(count, x, _y, dy, dx, { limit }) {
    for (let i = 0; i < count; i++) dx[i] += dy[i] * Number(Math.abs(x[i]) < limit);
  },
});

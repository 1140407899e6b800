/** Hard tanh: the identity, cut off at both ends. */
import * as l10n from '@vscode/l10n';
import { number } from '../schema/attributes.ts';
import { as, only } from '../schema/frameworks.ts';
import { defineActivation } from './activation.ts';
import { problem } from './define.ts';

export const hardTanh = defineActivation({
  type: 'hardTanh',
  label: 'Hard tanh',
  synonyms: ['clip', 'clamp'],
  facts: {
    summary: 'The identity, cut off at both ends. With the defaults it is tanh as three straight lines.',
    formula: 'f(x) = min(max(low, x), high)',
    derivative: '1 for low < x < high, 0 outside; not differentiable at the two ends, where 0 is used',
    range: '[low, high]',
    zeroCentred: 'yes, if low = −high: then it is odd',
    saturates: 'exactly, at both ends',
    failure: 'units stuck at an end: there the gradient is 0, not merely small',
    remedy: 'tanh, normalization of the inputs, a smaller learning rate',
    source: '[PyTorch: Hardtanh](https://pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html)',
  },
  attributes: {
    low: number({ default: -1, doc: 'Smallest output.' }),
    high: number({ default: 1, doc: 'Largest output.' }),
  },
  kinks: true,
  fused: ({ low, high }) => ({ kernel: 'hardTanh', parameter: high, second: low }),
  frameworks: {
    pytorch: {
      name: 'Hardtanh',
      functional: 'hardtanh',
      attributes: { low: as('min_val', -1), high: as('max_val', 1) },
    },
    keras: {
      name: 'Activation',
      functional: 'hard_tanh',
      fixed: { activation: 'hard_tanh' },
      attributes: { low: only(-1), high: only(1) },
    },
  },
  reach: ({ low, high }) => ({ least: low, most: high }),
  saturationBounds: ({ low, high }) => ({
    low: low + 1e-6 * (high - low),
    high: high - 1e-6 * (high - low),
  }),
  flops: 2,
  variants: [{ name: 'not symmetric', attributes: { low: -0.5, high: 0.75 } }],
  errorSamples: [
    {
      name: 'ends the wrong way round',
      inputs: [[3]],
      attributes: { low: 1, high: -1 },
      code: 'attribute/range',
    },
  ],

  check({ low, high }) {
    if (low < high) return;
    return problem(
      'attribute/range',
      l10n.t('high must be above low, found low {0} and high {1}. Swap them or move them apart.', low, high),
      'high',
    );
  },

  forward(count, x, y, { low, high }) {
    for (let i = 0; i < count; i++) y[i] = Math.min(Math.max(low, x[i]), high);
  },

  backward(count, x, _y, dy, dx, { low, high }) {
    for (let i = 0; i < count; i++) dx[i] += dy[i] * Number(x[i] > low && x[i] < high);
  },
});

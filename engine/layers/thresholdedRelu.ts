/** Thresholded ReLU: passes only what exceeds a threshold. */
import { number } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { defineActivation, zigZag } from './activation.ts';

export const thresholdedRelu = defineActivation({
  type: 'thresholdedRelu',
  label: 'Thresholded ReLU',
  synonyms: ['cut off'],
  facts: {
    summary: 'Passes values above a threshold unchanged and sets all others to 0. For sparse codes.',
    formula: 'f(x) = x for x > threshold, 0 otherwise',
    derivative: '1 for x > threshold, 0 below; at the threshold the function jumps',
    range: '{0} ∪ (threshold, ∞)',
    zeroCentred: `no: outputs are never negative, so ${zigZag}`,
    saturates: 'exactly, for every x below the threshold',
    failure: 'dying units, sooner than with relu, because the threshold is harder to reach',
    remedy: 'a smaller threshold, relu with an L1 penalty, or softShrink',
    source: '[Konda, Memisevic and Krueger 2014](https://arxiv.org/abs/1402.3337)',
  },
  attributes: {
    threshold: number({ default: 1, min: 0, doc: 'Values up to this one become 0.' }),
  },
  reach: () => ({ least: 0 }),
  canDie: true,
  kinks: true,
  fused: ({ threshold }) => ({ kernel: 'thresholdedRelu', parameter: threshold }),
  frameworks: {
    pytorch: {
      name: 'Threshold',
      functional: 'threshold',
      fixed: { value: 0 },
      attributes: { threshold: 'threshold' },
    },
    onnx: { name: 'ThresholdedRelu', attributes: { threshold: as('alpha', 1) } },
  },
  flops: 1,
  variants: [{ name: 'low threshold', attributes: { threshold: 0.25 } }],

  forward(count, x, y, { threshold }) {
    // With the comparison in this direction, NaN stays NaN and is detected.
    for (let i = 0; i < count; i++) y[i] = x[i] <= threshold ? 0 : x[i];
  },

  backward(count, x, _y, dy, dx, { threshold }) {
    for (let i = 0; i < count; i++) dx[i] += dy[i] * Number(x[i] > threshold);
  },
});

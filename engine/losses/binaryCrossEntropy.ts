/** Binary cross-entropy: yes or no, for each output separately. */
import * as l10n from '@vscode/l10n';
import { problem } from '../layers/define.ts';
import { choice, numbers } from '../schema/attributes.ts';
import { choice as choiceOf, listOrNull, only } from '../schema/frameworks.ts';
import { counted } from '../schema/text.ts';
import { defineElementwiseLoss } from './elementwise.ts';

/** Weight of the term for "yes", per output. */
function positiveWeight(weights: readonly number[], column: number): number {
  return weights.length === 0 ? 1 : weights.length === 1 ? weights[0] : weights[column];
}

/** Keeps log and division finite if a probability is exactly 0 or 1, as in PyTorch. */
const lowestLog = -100;
const leastVariance = 1e-12;

export const binaryCrossEntropy = defineElementwiseLoss({
  type: 'binaryCrossEntropy',
  label: 'Binary cross-entropy',
  doc: `For **yes-or-no** questions, one for each output. They are independent, so several may be true at once. Takes raw scores (logits)
and includes the sigmoid. This stays accurate where a separate sigmoid layer would saturate.

loss = −(t·log σ(x) + (1 − t)·log(1 − σ(x))), averaged over all outputs; its gradient is σ(x) − t. The target is 0, 1, or a share between.

[PyTorch: BCEWithLogitsLoss](https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html)`,
  attributes: {
    predictions: choice(['logits', 'probabilities'], {
      default: 'logits',
      doc: 'The output of the layer: raw scores, or probabilities after a sigmoid.',
    }),
    positiveWeights: numbers({
      default: [],
      min: 0,
      doc: 'Factor on the term for "yes", above 1 if yes is rare: one for all outputs, or one for each output. Empty: 1.',
    }),
  },
  frameworks: {
    pytorch: [
      {
        name: 'BCEWithLogitsLoss',
        functional: 'binary_cross_entropy_with_logits',
        attributes: { predictions: only('logits'), positiveWeights: listOrNull('pos_weight') },
      },
      {
        name: 'BCELoss',
        functional: 'binary_cross_entropy',
        attributes: { predictions: only('probabilities'), positiveWeights: only([]) },
      },
    ],
    keras: {
      name: 'BinaryCrossentropy',
      fixed: { label_smoothing: 0 },
      attributes: {
        predictions: choiceOf(
          'from_logits',
          [
            ['logits', true],
            ['probabilities', false],
          ],
          false,
        ),
        positiveWeights: only([]),
      },
    },
  },
  metrics: ['binaryAccuracy', 'accuracy'],
  classValues: [0, 1],
  reads: ({ predictions }) => ({
    ...(predictions === 'logits'
      ? { predictions: 'scores' as const, threshold: 0 }
      : { predictions, threshold: 0.5 }),
    targets: { least: 0, most: 1 },
  }),

  check({ positiveWeights }, columns) {
    if (positiveWeights.length <= 1 || positiveWeights.length === columns) return undefined;
    return problem(
      'loss/positive-weights',
      l10n.t(
        'positiveWeights has {0} for {1}. Give a single number, or one for each output.',
        counted(positiveWeights.length, 'numbers'),
        counted(columns, 'outputs'),
      ),
      'positiveWeights',
    );
  },

  value(x, t, { predictions, positiveWeights }, column) {
    const weight = positiveWeight(positiveWeights, column);
    if (predictions === 'probabilities')
      return -(weight * t * Math.max(Math.log(x), lowestLog) + (1 - t) * Math.max(Math.log1p(-x), lowestLog));
    return (1 - t) * x + (1 + (weight - 1) * t) * (Math.log1p(Math.exp(-Math.abs(x))) + Math.max(-x, 0));
  },

  derivative(x, t, { predictions, positiveWeights }, column) {
    const weight = positiveWeight(positiveWeights, column);
    if (predictions === 'probabilities')
      return ((1 - t) * x - weight * t * (1 - x)) / Math.max(x * (1 - x), leastVariance);
    return 1 - t - (1 + (weight - 1) * t) / (1 + Math.exp(x));
  },

  samples: [
    { name: 'bits', prediction: [3], targets: 'bits' },
    { name: 'weighted', prediction: [3], targets: 'bits', attributes: { positiveWeights: [2, 0.5, 3] } },
    { name: 'over time', prediction: [4, 2], targets: 'bits', lengths: [2, 4, 1] },
    { name: 'one class index', prediction: [1], targets: 'classes' },
    {
      name: 'probabilities',
      prediction: [3],
      targets: 'bits',
      attributes: { predictions: 'probabilities' },
      within: [0.05, 0.95],
    },
  ],
});

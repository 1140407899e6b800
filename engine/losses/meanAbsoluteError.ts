/** Mean absolute error, for values: all errors have the same weight. */
import { defineElementwiseLoss } from './elementwise.ts';

export const meanAbsoluteError = defineElementwiseLoss({
  type: 'meanAbsoluteError',
  label: 'Mean absolute error',
  doc: `For predicting **values** when some targets are outliers: |prediction − target|, averaged over all elements. The best constant
prediction is the median, while that of the squared error is the mean.

The gradient has the same size for every error except 0, so the learning rate must fall near the minimum.

[PyTorch: L1Loss](https://pytorch.org/docs/stable/generated/torch.nn.L1Loss.html)`,
  attributes: {},
  frameworks: {
    pytorch: { name: 'L1Loss', functional: 'l1_loss' },
    keras: { name: 'MeanAbsoluteError' },
  },
  metrics: ['meanAbsoluteError'],
  classValues: [0, 1],
  reads: () => ({ predictions: 'values', threshold: 0.5 }),
  value: (prediction, target) => Math.abs(prediction - target),
  derivative: (prediction, target) => Math.sign(prediction - target),
  samples: [
    { name: 'vector', prediction: [3], targets: 'values' },
    { name: 'over time', prediction: [4, 2], targets: 'values', lengths: [4, 1, 3] },
  ],
});

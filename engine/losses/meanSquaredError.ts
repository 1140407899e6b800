/** Mean squared error, for values: large errors have the most weight. */
import { defineElementwiseLoss } from './elementwise.ts';

export const meanSquaredError = defineElementwiseLoss({
  type: 'meanSquaredError',
  label: 'Mean squared error',
  doc: `For predicting **values**. The loss is (prediction − target)², averaged over all elements. The gradient is
2·(prediction − target) / number of elements.

Large errors weigh most, so a few outliers among the targets can dominate the training; *huber* and *meanAbsoluteError* are more
robust. After a sigmoid or softmax its gradient vanishes where the unit is confidently wrong; use a cross-entropy there.

[PyTorch: MSELoss](https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html)`,
  attributes: {},
  frameworks: {
    pytorch: { name: 'MSELoss', functional: 'mse_loss' },
    keras: { name: 'MeanSquaredError' },
  },
  metrics: ['meanAbsoluteError', 'accuracy'],
  classValues: [0, 1],
  squares: true,
  reads: () => ({ predictions: 'values', threshold: 0.5 }),
  value: (prediction, target) => (prediction - target) ** 2,
  derivative: (prediction, target) => 2 * (prediction - target),
  samples: [
    { name: 'vector', prediction: [3], targets: 'values' },
    { name: 'over time', prediction: [4, 2], targets: 'values', lengths: [4, 1, 3] },
    { name: 'classes as one-hot', prediction: [3], targets: 'classes' },
  ],
});

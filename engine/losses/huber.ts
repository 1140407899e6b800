/** Huber and smooth L1: squared for small errors, absolute for large ones. */
import { number } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { defineElementwiseLoss } from './elementwise.ts';

export const huber = defineElementwiseLoss({
  type: 'huber',
  label: 'Huber',
  doc: `For predicting **values** with a few outliers: ½·d² where |d| ≤ delta, else delta·(|d| − ½·delta), with d = prediction − target.
It is smooth like the squared error near the minimum, and no gradient is larger than delta.

[Huber, 1964](https://doi.org/10.1214/aoms/1177703732),
[PyTorch: HuberLoss](https://pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html)`,
  attributes: {
    delta: number({ default: 1, above: 0, doc: 'Error at which the loss changes from squared to absolute.' }),
  },
  frameworks: {
    pytorch: { name: 'HuberLoss', functional: 'huber_loss', attributes: { delta: as('delta', 1) } },
    keras: { name: 'Huber', attributes: { delta: as('delta', 1) } },
  },
  metrics: ['meanAbsoluteError'],
  classValues: [0, 1],
  reads: () => ({ predictions: 'values', threshold: 0.5 }),
  value(prediction, target, { delta }) {
    const distance = Math.abs(prediction - target);
    return distance <= delta ? 0.5 * distance * distance : delta * (distance - 0.5 * delta);
  },
  derivative: (prediction, target, { delta }) => Math.max(-delta, Math.min(delta, prediction - target)),
  samples: [
    { name: 'vector', prediction: [3], targets: 'values' },
    {
      name: 'small delta',
      prediction: [3, 2],
      targets: 'values',
      attributes: { delta: 0.3 },
      lengths: [1, 3, 2],
    },
  ],
});

export const smoothL1 = defineElementwiseLoss({
  type: 'smoothL1',
  label: 'Smooth L1',
  doc: `The *huber* loss divided by its delta, here named beta: ½·d²/beta where |d| < beta, else |d| − ½·beta. Its slope for large errors
is 1 for every beta. Usual for the corners of boxes in object detection.

[Girshick, 2015](https://arxiv.org/abs/1504.08083),
[PyTorch: SmoothL1Loss](https://pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html)`,
  attributes: {
    beta: number({ default: 1, above: 0, doc: 'Error at which the loss changes from squared to absolute.' }),
  },
  frameworks: {
    pytorch: { name: 'SmoothL1Loss', functional: 'smooth_l1_loss', attributes: { beta: as('beta', 1) } },
  },
  metrics: ['meanAbsoluteError'],
  classValues: [0, 1],
  reads: () => ({ predictions: 'values', threshold: 0.5 }),
  value(prediction, target, { beta }) {
    const distance = Math.abs(prediction - target);
    return distance < beta ? (0.5 * distance * distance) / beta : distance - 0.5 * beta;
  },
  derivative: (prediction, target, { beta }) => Math.max(-1, Math.min(1, (prediction - target) / beta)),
  samples: [{ name: 'vector', prediction: [3], targets: 'values', attributes: { beta: 0.5 } }],
});

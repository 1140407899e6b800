/** Hinge: a margin between two classes, as in support vector machines. */
import { defineElementwiseLoss } from './elementwise.ts';

export const hinge = defineElementwiseLoss({
  type: 'hinge',
  label: 'Hinge',
  doc: `For **two classes with a margin**: max(0, 1 − t·x), averaged over all outputs, with targets −1 and 1 and raw scores x. Two class
indices become −1 and 1. With more classes, each is judged against the rest. Scores that are right by more than 1 have no gradient.

[Cortes and Vapnik, 1995](https://doi.org/10.1007/BF00994018)`,
  attributes: {},
  frameworks: { keras: { name: 'Hinge' } },
  metrics: ['binaryAccuracy', 'accuracy'],
  classValues: [-1, 1],
  reads: () => ({ predictions: 'scores', threshold: 0, targets: { least: -1, most: 1 } }),
  value: (x, t) => Math.max(0, 1 - t * x),
  derivative: (x, t) => (1 - t * x >= 0 ? -t : 0),
  samples: [
    { name: 'signs', prediction: [3], targets: 'signs' },
    { name: 'one against the rest', prediction: [4], targets: 'classes' },
    { name: 'two classes', prediction: [1], targets: 'classes' },
  ],
});

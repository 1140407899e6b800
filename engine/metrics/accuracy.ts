/**
 * Accuracy: the share of rows whose class with the highest score is right; top-k: the share whose right class is among the k
 * highest.
 */

import { integer } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { classMisfit, trueClass } from './classes.ts';
import { defineMetric, type MetricPass } from './define.ts';

/**
 * Adds to sums [right, all]. A row is right if fewer than `k` classes rank before the true one; of equal scores, the class with the
 * lower index ranks first.
 */
function addRanked({ rows, counts, prediction, target }: MetricPass, sums: Float64Array, k: number): void {
  const classes = prediction.shape[prediction.shape.length - 1];
  const x = prediction.data;
  for (let row = 0; row < rows; row++) {
    if (!counts(row)) continue;
    const right = trueClass(target, row, classes);
    if (right < 0) continue;
    const score = x[row * classes + right];
    let before = 0;
    for (let c = 0; c < classes; c++) {
      const other = x[row * classes + c];
      if (other > score || (other === score && c < right)) before++;
    }
    if (before < k && !Number.isNaN(score)) sums[0]++;
    sums[1]++;
  }
}

export const accuracy = defineMetric({
  type: 'accuracy',
  label: 'Accuracy',
  frameworks: { keras: [{ name: 'SparseCategoricalAccuracy' }, { name: 'CategoricalAccuracy' }] },
  doc: `Share of predictions whose highest score is the right class. It misleads if one class is far more common; then also look at *f1*.

[scikit-learn: accuracy_score](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.accuracy_score.html)`,
  attributes: {},
  higherIsBetter: true,
  unit: 'share',
  countsRight: true,
  misfit: classMisfit,
  sums: () => 2,
  add: (pass, sums) => addRanked(pass, sums, 1),
  value: ([right, all]) => right / all,
});

export const topK = defineMetric({
  type: 'topK',
  label: 'Top-k accuracy',
  doc: `Share of predictions whose k highest scores include the right class. Suits many or similar classes.

[scikit-learn: top_k_accuracy_score](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.top_k_accuracy_score.html)`,
  attributes: { k: integer({ default: 5, min: 1, doc: 'How many guesses count.' }) },
  frameworks: {
    keras: [
      { name: 'SparseTopKCategoricalAccuracy', attributes: { k: as('k', 5) } },
      { name: 'TopKCategoricalAccuracy', attributes: { k: as('k', 5) } },
    ],
  },
  higherIsBetter: true,
  unit: 'share',
  misfit: classMisfit,
  sums: () => 2,
  add: (pass, sums) => addRanked(pass, sums, pass.attributes.k),
  value: ([right, all]) => right / all,
});

/** Precision, recall and F1, from the confusion matrix of a split. */
import { isReal, rowsOf } from '../losses/rows.ts';
import { isClassification, predictedClass, trueClass } from './classes.ts';
import { defineMetric, type MetricPass } from './define.ts';

/** A confusion matrix of c classes: cell [true, predicted] counts rows. */
export type Confusion = Float64Array;

export function addConfusion({ batch, prediction, target, lengths }: MetricPass, matrix: Confusion): void {
  const classes = prediction.shape[prediction.shape.length - 1];
  const rows = rowsOf(prediction.shape.slice(1, -1));
  for (let row = 0; row < batch * rows.perSample; row++) {
    if (!isReal(lengths, row, rows)) continue;
    const right = trueClass(target, row, classes);
    if (right >= 0) matrix[right * classes + predictedClass(prediction, row, classes)]++;
  }
}

interface ClassCounts {
  readonly hits: number;
  readonly predicted: number;
  readonly actual: number;
}

/** Mean of `figure` over the classes that occur, be it as target or as prediction. */
function macro(matrix: Confusion, figure: (counts: ClassCounts) => number): number {
  const classes = Math.sqrt(matrix.length);
  let sum = 0;
  let occurring = 0;
  for (let c = 0; c < classes; c++) {
    let predicted = 0;
    let actual = 0;
    for (let other = 0; other < classes; other++) {
      predicted += matrix[other * classes + c];
      actual += matrix[c * classes + other];
    }
    if (predicted + actual === 0) continue;
    occurring++;
    sum += figure({ hits: matrix[c * classes + c], predicted, actual });
  }
  return sum / occurring;
}

const shared = {
  attributes: {},
  higherIsBetter: true,
  unit: 'share' as const,
  fits: isClassification,
  sums: (_attributes: object, prediction: readonly number[]) => prediction[prediction.length - 1] ** 2,
  add: addConfusion,
};

const macroAverage =
  'The mean over classes counts each alike, however rare (macro average); classes that never occur are left out.';

export const precision = defineMetric({
  ...shared,
  type: 'precision',
  label: 'Precision',
  doc: `Of what was called a class, the share that is one; 0 for a class that was never called. ${macroAverage}

[scikit-learn: precision_score](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.precision_score.html)`,
  value: (matrix) => macro(matrix, ({ hits, predicted }) => (predicted === 0 ? 0 : hits / predicted)),
});

export const recall = defineMetric({
  ...shared,
  type: 'recall',
  label: 'Recall',
  doc: `Of what is a class, the share that was called so; 0 for a class that is called but never occurs. ${macroAverage}

[scikit-learn: recall_score](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.recall_score.html)`,
  value: (matrix) => macro(matrix, ({ hits, actual }) => (actual === 0 ? 0 : hits / actual)),
});

export const f1 = defineMetric({
  ...shared,
  type: 'f1',
  label: 'F1',
  doc: `Precision and recall in one figure, their harmonic mean 2·hits / (called + actual), for each class. ${macroAverage}

[scikit-learn: f1_score](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.f1_score.html)`,
  value: (matrix) => macro(matrix, ({ hits, predicted, actual }) => (2 * hits) / (predicted + actual)),
});

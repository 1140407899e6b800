/** Precision, recall and F1, from what was called and what is each class. */
import { isReal, rowsOf } from '../losses/rows.ts';
import { isClassification, predictedClass, trueClass } from './classes.ts';
import { defineMetric, type MetricPass } from './define.ts';

/** Of each class, one after the other: rows that were rightly called so, that were called so, and that are so. */
const perClass = 3;

function addCounts({ batch, prediction, target, lengths }: MetricPass, counts: Float64Array): void {
  const classes = prediction.shape[prediction.shape.length - 1];
  const rows = rowsOf(prediction.shape.slice(1, -1));
  for (let row = 0; row < batch * rows.perSample; row++) {
    if (!isReal(lengths, row, rows)) continue;
    const right = trueClass(target, row, classes);
    if (right < 0) continue;
    const predicted = predictedClass(prediction, row, classes);
    if (predicted === right) counts[perClass * right]++;
    counts[perClass * predicted + 1]++;
    counts[perClass * right + 2]++;
  }
}

interface ClassCounts {
  readonly hits: number;
  readonly predicted: number;
  readonly actual: number;
}

/** Mean of `figure` over the classes that occur, be it as target or as prediction. */
function macro(counts: Float64Array, figure: (counts: ClassCounts) => number): number {
  let sum = 0;
  let occurring = 0;
  for (let at = 0; at < counts.length; at += perClass) {
    const [hits, predicted, actual] = [counts[at], counts[at + 1], counts[at + 2]];
    if (predicted + actual === 0) continue;
    occurring++;
    sum += figure({ hits, predicted, actual });
  }
  return sum / occurring;
}

const shared = {
  attributes: {},
  higherIsBetter: true,
  unit: 'share' as const,
  fits: isClassification,
  sums: (_attributes: object, prediction: readonly number[]) => perClass * prediction[prediction.length - 1],
  add: addCounts,
};

const macroAverage =
  'The mean over classes counts each alike, however rare (macro average); classes that never occur are left out.';

export const precision = defineMetric({
  ...shared,
  type: 'precision',
  label: 'Precision',
  doc: `Of what was called a class, the share that is one; 0 for a class that was never called. ${macroAverage}

[scikit-learn: precision_score](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.precision_score.html)`,
  value: (counts) => macro(counts, ({ hits, predicted }) => (predicted === 0 ? 0 : hits / predicted)),
});

export const recall = defineMetric({
  ...shared,
  type: 'recall',
  label: 'Recall',
  doc: `Of what is a class, the share that was called so; 0 for a class that is called but never occurs. ${macroAverage}

[scikit-learn: recall_score](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.recall_score.html)`,
  value: (counts) => macro(counts, ({ hits, actual }) => (actual === 0 ? 0 : hits / actual)),
});

export const f1 = defineMetric({
  ...shared,
  type: 'f1',
  label: 'F1',
  doc: `Precision and recall in one figure, their harmonic mean 2·hits / (called + actual), for each class. ${macroAverage}

[scikit-learn: f1_score](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.f1_score.html)`,
  value: (counts) => macro(counts, ({ hits, predicted, actual }) => (2 * hits) / (predicted + actual)),
});

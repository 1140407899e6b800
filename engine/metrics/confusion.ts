/** Precision, recall and F1, from the predicted and the true members of each class. */
import { classMisfit, predictedClass, trueClass, yesNoMisfit } from './classes.ts';
import { defineMetric, type Judged, type MetricPass } from './define.ts';
import { eachCell } from './values.ts';

/** For each class, or the yes of each yes-or-no output: the number of true positives, of predictions, and of members. */
const perClass = 3;

function addCounts(pass: MetricPass, counts: Float64Array): void {
  const { rows, prediction, target, reading } = pass;
  // A class index stands for a whole row of scores; a yes or no for each of them.
  if (target.data.length === prediction.data.length)
    eachCell(pass, (x, t, column) => {
      const [called, is] = [x > (reading.threshold ?? 0), t > 0.5];
      if (called && is) counts[perClass * column]++;
      if (called) counts[perClass * column + 1]++;
      if (is) counts[perClass * column + 2]++;
    });
  else addClasses(pass, rows, counts);
}

function addClasses(
  { counts: rowCounts, prediction, target }: MetricPass,
  rows: number,
  counts: Float64Array,
): void {
  const classes = prediction.shape[prediction.shape.length - 1];
  for (let row = 0; row < rows; row++) {
    if (!rowCounts(row)) continue;
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

/** Mean of `score` over the classes that occur as target or as prediction. */
function macro(counts: Float64Array, score: (counts: ClassCounts) => number): number {
  let sum = 0;
  let occurring = 0;
  for (let at = 0; at < counts.length; at += perClass) {
    const [hits, predicted, actual] = [counts[at], counts[at + 1], counts[at + 2]];
    if (predicted + actual === 0) continue;
    occurring++;
    sum += score({ hits, predicted, actual });
  }
  return sum / occurring;
}

const shared = {
  attributes: {},
  higherIsBetter: true,
  unit: 'share' as const,
  misfit: (judged: Judged) =>
    judged.reading.threshold === undefined || yesNoMisfit(judged) !== undefined
      ? classMisfit(judged)
      : undefined,
  sums: (_attributes: object, prediction: readonly number[]) =>
    perClass * (prediction[prediction.length - 1] ?? 1),
  add: addCounts,
};

const macroAverage =
  'The mean over classes counts each class equally, however rare (macro average); classes that never occur are left out. For one yes-or-no output it is the value for yes, for several the mean over the outputs.';

export const precision = defineMetric({
  ...shared,
  type: 'precision',
  label: 'Precision',
  doc: `Of the samples that were predicted as a class, the share that belongs to it; 0 for a class that was never predicted. ${macroAverage}

[scikit-learn: precision_score](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.precision_score.html)`,
  value: (counts) => macro(counts, ({ hits, predicted }) => (predicted === 0 ? 0 : hits / predicted)),
});

export const recall = defineMetric({
  ...shared,
  type: 'recall',
  label: 'Recall',
  doc: `Of the samples that belong to a class, the share that was predicted as such; 0 for a class that was predicted but never occurs. ${macroAverage}

[scikit-learn: recall_score](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.recall_score.html)`,
  value: (counts) => macro(counts, ({ hits, actual }) => (actual === 0 ? 0 : hits / actual)),
});

export const f1 = defineMetric({
  ...shared,
  type: 'f1',
  label: 'F1',
  doc: `The harmonic mean of precision and recall for each class: 2·right / (predicted + actual), counted in samples. ${macroAverage}

[scikit-learn: f1_score](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.f1_score.html)`,
  value: (counts) => macro(counts, ({ hits, predicted, actual }) => (2 * hits) / (predicted + actual)),
});

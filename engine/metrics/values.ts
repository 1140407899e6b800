/** Metrics of predicted values. */
import * as l10n from '@vscode/l10n';
import { type Shape, sizeOf } from '../layers/define.ts';
import { defineMetric, type Judged, type MetricPass } from './define.ts';

/** Outputs of one sample along the last axis of its shape. */
const columnsOf = (shape: Shape): number => (shape.length === 0 ? 1 : shape[shape.length - 1]);

/** Calls `visit` with prediction and target of every cell that counts, and its place along the last axis; row by row. */
export function eachCell(
  { rows, counts, prediction, target }: MetricPass,
  visit: (x: number, t: number, column: number) => void,
): void {
  const { shape, data } = prediction;
  const columns = columnsOf(shape.slice(1));
  for (let row = 0; row < rows; row++)
    if (counts(row))
      for (let column = 0; column < columns; column++) {
        const i = row * columns + column;
        visit(data[i], target.data[i], column);
      }
}

function misfit({ reading: { predictions }, target, prediction }: Judged): string | undefined {
  if (predictions !== 'values' && predictions !== 'probabilities')
    return l10n.t(
      'it needs predictions in the unit of the target, but the loss expects scores or logarithms',
    );
  if (target === undefined) return undefined;
  if (target.type === 'int')
    return l10n.t(
      'it needs values as the target, found classes. For numbers, set "task": "regression" in the data',
    );
  return sizeOf(target.shape) === sizeOf(prediction) ? undefined : l10n.t('it needs a value for each output');
}

export const meanAbsoluteError = defineMetric({
  type: 'meanAbsoluteError',
  label: 'Mean absolute error',
  frameworks: { keras: { name: 'MeanAbsoluteError' } },
  doc: `Mean of |prediction − target|, in the unit of the target.

[scikit-learn: mean_absolute_error](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_absolute_error.html)`,
  attributes: {},
  higherIsBetter: false,
  unit: 'number',
  misfit,
  sums: () => 2,
  add: (pass, sums) =>
    eachCell(pass, (x, t) => {
      sums[0] += Math.abs(x - t);
      sums[1]++;
    }),
  value: ([sum, count]) => sum / count,
});

export const rootMeanSquaredError = defineMetric({
  type: 'rootMeanSquaredError',
  label: 'Root mean squared error',
  frameworks: { keras: { name: 'RootMeanSquaredError' } },
  doc: `Root of the mean of (prediction − target)², in the unit of the target. Large errors weigh more than in the mean absolute error.

[scikit-learn: root_mean_squared_error](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.root_mean_squared_error.html)`,
  attributes: {},
  higherIsBetter: false,
  unit: 'number',
  misfit,
  sums: () => 2,
  add: (pass, sums) =>
    eachCell(pass, (x, t) => {
      sums[0] += (x - t) ** 2;
      sums[1]++;
    }),
  value: ([sum, count]) => Math.sqrt(sum / count),
});

/** Sums of one output in r2: mean of the targets, sum of their squared distances from it, sum of squared errors. */
const perOutput = 3;

export const r2 = defineMetric({
  type: 'r2',
  label: 'R²',
  frameworks: {
    keras: { name: 'R2Score', fixed: { class_aggregation: 'uniform_average', num_regressors: 0 } },
  },
  doc: `Share of the targets' variance that is explained: 1 − Σ(prediction − target)² / Σ(target − mean target)². 1 is perfect, 0 is no better than always predicting the
mean, and below 0 is worse. Several outputs (the last axis) are each compared with their own mean, and the average is shown. If all targets of an output are
equal, that output counts 1 if every prediction is exact, else 0. Undefined (NaN) for fewer than two targets.

[scikit-learn: r2_score](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.r2_score.html)`,
  attributes: {},
  higherIsBetter: true,
  unit: 'number',
  misfit,
  // Rows, and then three for each output, by Welford's method, which is safe for large means.
  sums: (_attributes, prediction) => 1 + perOutput * columnsOf(prediction),

  add: (pass, sums) =>
    eachCell(pass, (x, t, column) => {
      if (column === 0) sums[0]++;
      const at = 1 + perOutput * column;
      const before = t - sums[at];
      sums[at] += before / sums[0];
      sums[at + 1] += before * (t - sums[at]);
      sums[at + 2] += (x - t) ** 2;
    }),

  // Chan, Golub and LeVeque: combines the variances of two groups.
  merge(from, into) {
    const all = from[0] + into[0];
    if (from[0] === 0) return;
    for (let at = 1; at < into.length; at += perOutput) {
      const distance = from[at] - into[at];
      into[at] += (distance * from[0]) / all;
      into[at + 1] += from[at + 1] + (distance * distance * from[0] * into[0]) / all;
      into[at + 2] += from[at + 2];
    }
    into[0] = all;
  },

  value(sums) {
    if (sums[0] < 2) return Number.NaN;
    let total = 0;
    for (let at = 1; at < sums.length; at += perOutput) {
      const [spread, errors] = [sums[at + 1], sums[at + 2]];
      total += spread === 0 ? (errors === 0 ? 1 : 0) : 1 - errors / spread;
    }
    return (total * perOutput) / (sums.length - 1);
  },
});

/** Metrics of predicted values. */
import { type Shape, sizeOf } from '../layers/define.ts';
import type { TargetSpec } from '../losses/define.ts';
import { isReal, rowsOf } from '../losses/rows.ts';
import { defineMetric, type MetricPass } from './define.ts';

/** Calls `visit` with prediction and target of every cell that counts. */
export function eachCell(
  { batch, prediction, target, lengths }: MetricPass,
  visit: (x: number, t: number) => void,
): void {
  const { shape, data } = prediction;
  const columns = shape.length < 2 ? 1 : shape[shape.length - 1];
  const rows = rowsOf(shape.slice(1, -1));
  const rowCount = (batch * sizeOf(shape.slice(1))) / columns;
  for (let row = 0; row < rowCount; row++)
    if (isReal(lengths, row, rows))
      for (let i = row * columns; i < (row + 1) * columns; i++) visit(data[i], target.data[i]);
}

const fits = ({ type, shape }: TargetSpec, prediction: Shape): boolean =>
  type === 'float' && sizeOf(shape) === sizeOf(prediction);

export const meanAbsoluteError = defineMetric({
  type: 'meanAbsoluteError',
  label: 'Mean absolute error',
  doc: `Mean of |prediction − target|, in the unit of the target.

[scikit-learn: mean_absolute_error](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_absolute_error.html)`,
  attributes: {},
  higherIsBetter: false,
  unit: 'number',
  fits,
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
  doc: `Root of the mean of (prediction − target)², in the unit of the target. Large errors weigh more than in the mean absolute error.

[scikit-learn: root_mean_squared_error](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.root_mean_squared_error.html)`,
  attributes: {},
  higherIsBetter: false,
  unit: 'number',
  fits,
  sums: () => 2,
  add: (pass, sums) =>
    eachCell(pass, (x, t) => {
      sums[0] += (x - t) ** 2;
      sums[1]++;
    }),
  value: ([sum, count]) => Math.sqrt(sum / count),
});

export const r2 = defineMetric({
  type: 'r2',
  label: 'R²',
  doc: `Share of the targets' variance that is explained: 1 − Σ(prediction − target)² / Σ(target − mean target)². 1 is perfect, 0 is no better than always predicting the
mean, below 0 is worse. Undefined (NaN) when all targets are equal. Several outputs are taken together.

[scikit-learn: r2_score](https://scikit-learn.org/stable/modules/generated/sklearn.metrics.r2_score.html)`,
  attributes: {},
  higherIsBetter: true,
  unit: 'number',
  fits,
  // Count, mean and sum of squared distances from it (Welford's method, safe for large means), and the squared errors.
  sums: () => 4,
  add: (pass, sums) =>
    eachCell(pass, (x, t) => {
      sums[0]++;
      const before = t - sums[1];
      sums[1] += before / sums[0];
      sums[2] += before * (t - sums[1]);
      sums[3] += (x - t) ** 2;
    }),
  value: ([, , spread, errors]) => (spread === 0 ? Number.NaN : 1 - errors / spread),
});

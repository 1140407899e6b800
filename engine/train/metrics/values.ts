/** Metrics of predicted values. */
import { sizeOf } from '../../layers/define.ts';
import { isReal, rowsOf } from '../losses/rows.ts';
import { defineMetric, type MetricPass } from './define.ts';

/** Calls `visit` with prediction and target of every cell that counts. */
function eachCell(
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

export const meanAbsoluteError = defineMetric({
  type: 'meanAbsoluteError',
  label: 'Mean absolute error',
  doc: 'Mean of |prediction − target|, in the unit of the target.',
  attributes: {},
  higherIsBetter: false,
  unit: 'number',
  fits: ({ type, shape }, prediction) => type === 'float' && sizeOf(shape) === sizeOf(prediction),
  sums: () => 2,
  add: (pass, sums) =>
    eachCell(pass, (x, t) => {
      sums[0] += Math.abs(x - t);
      sums[1]++;
    }),
  value: ([sum, count]) => sum / count,
});

/** Losses that compare prediction and target cell by cell and average over all cells that count. */
import { type Problem, sizeOf } from '../layers/define.ts';
import type { AttributeTable, Kind, Values } from '../schema/attributes.ts';
import { defineLoss, type LossDefinition, type LossSample, type Reading } from './define.ts';
import { isReal, realRows, rowsOf } from './rows.ts';
import { valueTarget } from './targets.ts';

interface ElementwiseLoss<A extends AttributeTable> extends Kind, Pick<LossDefinition<A>, 'frameworks'> {
  readonly attributes: A;
  readonly metrics: readonly string[];
  readonly samples: readonly LossSample[];
  /** The values of class indices: `low` for "not this class", `high` for "this class". */
  readonly classValues: readonly [low: number, high: number];
  reads(attributes: Values<A>): Reading;
  readonly squares?: true;
  /** Refuses attributes that do not fit the number of outputs along the last axis. */
  check?(attributes: Values<A>, columns: number): { readonly problem: Problem } | undefined;
  /** Loss of one cell; `column` is its place along the last axis. */
  value(prediction: number, target: number, attributes: Values<A>, column: number): number;
  /** Its derivative with respect to the prediction. */
  derivative(prediction: number, target: number, attributes: Values<A>, column: number): number;
}

export function defineElementwiseLoss<const A extends AttributeTable>(loss: ElementwiseLoss<A>) {
  const [low, high] = loss.classValues;
  return defineLoss({
    ...loss,

    infer(attributes: Values<A>, prediction, dataTarget) {
      const fit = valueTarget(prediction, dataTarget);
      if ('problem' in fit) return fit;
      const columns = prediction.length === 0 ? 1 : prediction[prediction.length - 1];
      const refused = loss.check?.(attributes, columns);
      if (refused) return refused;
      return {
        target: fit.target,
        constants: {
          reading: fit.reading,
          columns,
          cells: sizeOf(prediction),
          rows: rowsOf(prediction.slice(0, -1)),
        },
      };
    },

    counts: ({ lengths, constants }, row) => isReal(lengths, row, constants.rows),

    total: ({ batch, lengths, constants: { columns, rows } }) => columns * realRows(lengths, batch, rows),

    compute({ attributes, batch, prediction, target, gradPrediction, scale, constants, lengths }) {
      const { reading, columns, cells, rows } = constants;
      const x = prediction.data;
      const t = target.data;
      const rowCount = (batch * cells) / columns;
      let sum = 0;
      for (let row = 0; row < rowCount; row++) {
        if (!isReal(lengths, row, rows)) continue;
        for (let column = 0; column < columns; column++) {
          const i = row * columns + column;
          const wanted =
            reading === 'values'
              ? t[i]
              : reading === 'index'
                ? t[i] > 0
                  ? high
                  : low
                : t[row] === column
                  ? high
                  : low;
          sum += loss.value(x[i], wanted, attributes, column);
          if (gradPrediction)
            gradPrediction.data[i] += scale * loss.derivative(x[i], wanted, attributes, column);
        }
      }
      return sum;
    },
  });
}

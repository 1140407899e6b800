/** Series: predict the next value from the ones before. */
import * as l10n from '@vscode/l10n';
import { choice, column as columnAttribute, dataFile, integer, number } from '../schema/attributes.ts';
import { columnFinder } from './columns.ts';
import { dataError, defineDataset, type Split } from './define.ts';
import { keptFields } from './kept.ts';
import { fitScaling, keptScaling, scaled, trainedScaling } from './scaling.ts';
import { source } from './source.ts';
import { cellError, numberAt, openTable, tableAttributes, tableDoc, withMark } from './table.ts';

/** Targets `values[first … first + size)`, each with the `window` values that end `horizon` before it. */
function windows(values: Float32Array, first: number, size: number, window: number, horizon: number): Split {
  return {
    size,
    holds: [values],
    fill(indices, count, { inputs: [x], targets: [t] }) {
      for (let i = 0; i < count; i++) {
        const target = first + indices[i];
        const begin = target - horizon - window + 1;
        for (let step = 0; step < window; step++) x[i * window + step] = values[begin + step];
        t[i] = values[target];
      }
    },
  };
}

const fields = ({ window }: { readonly window: number }) => ({
  inputs: [{ name: 'window', shape: [window, 1] }],
});

export const series = defineDataset({
  type: 'series',
  label: 'Series (CSV column)',
  doc: `One column of a table as a time series. From *window* consecutive values, the network predicts the next one. Inputs have the shape [window, 1], targets [1].
The last part of the series is test data, whose windows may reach back into the training part. An empty row is a missing value and is refused.

${tableDoc}

With *standardize*, losses and errors are in standard deviations of the training part; multiply errors by it to get the unit of the data. Compare the result with the naive prediction that the
next value equals the last.`,
  files: [{ pattern: /\.(csv|tsv)(\.gz)?$/i, attribute: 'file' }],
  attributes: {
    file: dataFile({ doc: 'The table, relative to the network.' }),
    column: columnAttribute({
      default: '',
      doc: 'The column: its name, or its number counted from 1. Empty: the last.',
    }),
    window: integer({ default: 24, min: 1, max: 100000, doc: 'Number of values that the network sees.' }),
    horizon: integer({
      default: 1,
      min: 1,
      max: 100000,
      doc: 'Distance of the value to predict from the end of the window, in steps.',
    }),
    testFraction: number({
      default: 0.2,
      min: 0,
      below: 1,
      doc: 'Share of the series, at its end, that is test data.',
    }),
    normalize: choice(['none', 'standardize', 'minmax'], {
      default: 'standardize',
      doc: 'Scale by statistics of the training part: mean 0 and standard deviation 1, or 0 … 1.',
    }),
    ...tableAttributes,
    source,
  },

  fields,

  async open(attributes, context) {
    const { file, column, window, horizon, testFraction, normalize, decimal } = attributes;
    const opened = await openTable(context, file, 'file', {
      ...attributes,
      names: [column],
      becomes: 'a number a row',
    });
    const index = columnFinder(opened)(column, 'column');
    const table = withMark(opened, [index], decimal);
    const values = Float64Array.from({ length: table.rows.length }, (_, row) => numberAt(table, row, index));
    const first = window + horizon - 1;
    const testSize = Math.round(values.length * testFraction);
    const border = values.length - testSize;
    if (border <= first)
      throw dataError(
        'data/too-short',
        l10n.t(
          '{0} leaves {1} of its values to train on, too few for a window of {2} and the value {3} after it. Lower "window" or "testFraction".',
          file,
          border,
          window,
          horizon,
        ),
        'window',
      );
    const trainRows = Int32Array.from({ length: border }, (_, row) => row);
    const kept = keptFields(context.trained);
    const scaling = trainedScaling(kept.scaling, 1) ?? fitScaling(values, 1, trainRows, normalize);
    const steps = scaled(values, 1, scaling, (row, _column, problem) =>
      cellError(table, row, index, 'data/number', problem),
    );
    return {
      ...fields(attributes),
      targets: [{ name: table.columns[index], type: 'float', shape: [1] }],
      state: { scaling: keptScaling(scaling) },
      warnings: table.warnings,
      train: windows(steps, first, border - first, window, horizon),
      ...(testSize > 0 ? { test: windows(steps, border, testSize, window, horizon) } : {}),
    };
  },
});

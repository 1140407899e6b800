/** CSV: a table with one sample in each row, to classify or to predict a value. */
import * as l10n from '@vscode/l10n';
import { mostAxes, type Shape, sizeOf } from '../layers/define.ts';
import { boolean, choice, column, dataFile, integers, list, number, text } from '../schema/attributes.ts';
import { counted } from '../schema/text.ts';
import {
  type Columns,
  chooseColumns,
  columnWarnings,
  digitWarnings,
  findColumns,
  keptLayout,
  trainedLayout,
} from './columns.ts';
import { type Dataset, dataError, defineDataset } from './define.ts';
import { holdsFlags } from './flags.ts';
import { fillGaps, gapsWrittenAs, type IsGap, keptFilling, meansWithoutGaps } from './gaps.ts';
import { keptFields, keptTexts } from './kept.ts';
import { readTargets } from './labels.ts';
import { refuseTooLarge } from './memory.ts';
import { flagValue } from './numerals.ts';
import { dealOut, indexBound, rowSplit } from './rows.ts';
import { asItIs, fitScaling, keptScaling, scaled, scaledTargets, trainedScaling } from './scaling.ts';
import { source } from './source.ts';
import {
  bytesPerNumber,
  cellError,
  columnName,
  columnReferences,
  numberAt,
  openTable,
  type Table,
  tableAttributes,
  tableDoc,
  withMark,
} from './table.ts';
import { openBeginning } from './tableBeginning.ts';

/** The name of its input. */
const input = 'features';

export const csv = defineDataset({
  type: 'csv',
  label: 'Table (CSV)',
  doc: `A table in a text file, plain or gzip. Each row is a sample, one column is the target, and all others are numbers, or true and false, or yes and no, which are read as 1 and 0. A target of texts, or of few different
whole numbers, is a class. Classes are sorted, numbers by size; 1, 1.0, 01 and +1 are the same class. Any other target is a value to predict. If a cell of a numeric
column is not a number (empty, NA or ?), the table is refused and the message names the row. List such texts in *missing* to fill in the mean of the column instead.

${tableDoc} Columns of a test table are matched by name.

Columns are standardized, (x − mean) / standard deviation, with statistics of the training part only, so that no information leaks from the test part.

[RFC 4180: the CSV format](https://www.rfc-editor.org/rfc/rfc4180)`,
  files: [
    { pattern: /test.*\.(csv|tsv|data)(\.gz)?$/i, attribute: 'testFile' },
    { pattern: /\.(csv|tsv|data)(\.gz)?$/i, attribute: 'file' },
  ],
  attributes: {
    file: dataFile({ doc: 'The table, relative to the network.' }),
    testFile: dataFile({
      default: '',
      doc: 'A second table as test data. Empty: a part of the first table is used.',
    }),
    target: column({
      default: '',
      doc: 'Column to predict: its name, or its number counted from 1. Empty: the last.',
    }),
    exclude: list(column({ doc: 'A column.' }), {
      default: [],
      doc: 'Columns to leave out, by name or by number counted from 1.',
    }),
    missing: list(text({ doc: 'A text, or a number.' }), {
      default: [],
      doc: 'What stands for a missing value in a column of numbers, such as "-999" or "NA"; "" is an empty cell. Missing values become the mean of the other values of their column, computed from the training part. A missing target is refused.',
    }),
    task: choice(['auto', 'classification', 'regression'], {
      default: 'auto',
      doc: 'Whether the target is a class or a value.',
    }),
    normalize: choice(['none', 'standardize', 'minmax'], {
      default: 'standardize',
      doc: 'Bring columns to a common scale: mean 0 and standard deviation 1, or 0 … 1. Networks learn badly from columns with very different scales.',
    }),
    scaleTarget: boolean({
      default: false,
      doc: 'Bring values to predict to mean 0 and standard deviation 1, computed from the training part. Losses and errors are then in standard deviations of the target. Has no effect on classes.',
    }),
    shape: integers({
      default: [],
      min: 1,
      maxLength: mostAxes,
      doc: 'Shape of a sample, e.g. [8, 8, 1] for 64 columns that are an image. Empty: a plain list.',
    }),
    testFraction: number({
      default: 0.2,
      min: 0,
      below: 1,
      doc: 'Share of the rows that are test data if there is no testFile. The seed decides which.',
    }),
    ...tableAttributes,
    source,
  },

  async firstInput(attributes, readBeginning) {
    const { file, target, exclude } = attributes;
    const names = [target, ...exclude];
    const { table, showsWidth } = await openBeginning(readBeginning, file, 'file', {
      ...{ ...attributes, names },
      becomes: 'numbers',
    });
    if (!showsWidth) return undefined;
    const { features } = chooseColumns(table, target, exclude).places;
    return { name: input, shape: sampleShape(attributes.shape, features.length, table.name) };
  },

  async open(attributes, context): Promise<Dataset> {
    const { normalize, testFraction, decimal, exclude, missing } = attributes;
    const trained = keptFields(context.trained);
    const known = trainedLayout(trained.layout);
    const read = (path: string, attribute: string, names: readonly string[]) =>
      openTable(context, path, attribute, { ...attributes, names, becomes: 'numbers' });
    const table = await read(
      attributes.file,
      'file',
      known ? namesOf(known) : [attributes.target, ...exclude],
    );
    const layout = known ?? chooseColumns(table, attributes.target, exclude);
    const testTable =
      attributes.testFile === '' ? undefined : await read(attributes.testFile, 'testFile', namesOf(layout));

    const parts = (testTable ? [table, testTable] : [table]).map((one, index): Part => {
      const columns = index === 0 && !known ? layout.places : findColumns(one, layout);
      return { columns, table: withMark(one, [...columns.features, columns.target], decimal) };
    });
    const size = layout.places.features.length;
    const shape = sampleShape(attributes.shape, size, table.name);
    const rows = countRows(parts);
    refuseTablesTooLarge(context.memoryLimit, parts, size);
    const values = readFeatures(parts, size, rows, gapsWrittenAs(missing));
    const labels = readTargets(
      parts.map((part) => ({ table: part.table, target: part.columns.target })),
      attributes.task,
      keptTexts(trained.classes),
    );
    const dealt = testTable ? dealtByTable(parts) : dealOut(rows, testFraction, context.seed);
    const filled =
      missing.length === 0
        ? undefined
        : (keptFilling(trained.filled, size) ?? meansOfColumns(parts[0], values, dealt.train));
    if (filled) fillGaps(values, filled);
    const scaling = trainedScaling(trained.scaling, size) ?? fitScaling(values, size, dealt.train, normalize);
    const inputs = scaled(values, size, scaling, (row, column, problem) => {
      const { part, row: rowOfPart } = placeOf(parts, row);
      return cellError(part.table, rowOfPart, part.columns.features[column], 'data/number', problem);
    });
    const indicesBelow = indexBound(inputs);
    const { values: labelled } = labels;
    const targetScaling =
      labelled instanceof Float64Array && attributes.scaleTarget
        ? (trainedScaling(trained.targetScaling, 1) ?? fitScaling(labelled, 1, dealt.train, 'standardize'))
        : undefined;
    const targets =
      labelled instanceof Int32Array ? labelled : scaledTargets(labelled, targetScaling ?? asItIs);
    const store = { inputs, inputSize: size, targets, targetSize: 1 };
    return {
      inputs: [
        {
          name: input,
          shape,
          ...(indicesBelow === undefined ? {} : { indicesBelow }),
          columns: columnReferences(table, parts[0].columns.features),
          scaling,
        },
      ],
      targets: [{ name: table.columns[parts[0].columns.target], ...labels.spec }],
      ...(labels.classNames ? { classNames: labels.classNames } : {}),
      ...(labels.classSizes ? { classSizes: labels.classSizes } : {}),
      state: {
        layout: keptLayout(layout),
        scaling: keptScaling(scaling),
        ...(filled ? { filled } : {}),
        ...(targetScaling ? { targetScaling: keptScaling(targetScaling) } : {}),
        ...(labels.classNames ? { classes: [...labels.classNames] } : {}),
      },
      warnings: [
        ...labels.warnings,
        ...parts.flatMap((part) => [
          ...part.table.warnings,
          ...columnWarnings(part.table, part.columns),
          ...digitWarnings(part.table, part.columns),
        ]),
      ],
      train: rowSplit(store, dealt.train),
      ...(dealt.test.length > 0 ? { test: rowSplit(store, dealt.test) } : {}),
    };
  },
});

/** A table: the first one, or that of the test data. */
interface Part {
  readonly table: Table;
  readonly columns: Columns;
}

const countRows = (parts: readonly Part[]): number =>
  parts.reduce((sum, { table }) => sum + table.rows.length, 0);

/** The rows of all parts are counted on. */
function placeOf(parts: readonly Part[], row: number): { readonly part: Part; readonly row: number } {
  const { length } = parts[0].table.rows;
  return row < length ? { part: parts[0], row } : { part: parts[1], row: row - length };
}

/** Trains on the rows of the first table, and tests on those of the second one. */
function dealtByTable([first, second]: readonly Part[]): ReturnType<typeof dealOut> {
  const { length } = first.table.rows;
  return {
    train: Int32Array.from({ length }, (_, row) => row),
    test: Int32Array.from({ length: second.table.rows.length }, (_, row) => length + row),
  };
}

function refuseTablesTooLarge(limit: number, parts: readonly Part[], features: number): void {
  const { name } = parts[0].table;
  refuseTooLarge(limit, 'file', [
    {
      name: l10n.t('{0} as a table', name),
      bytes: parts.reduce((sum, { table }) => sum + table.rows.cells.bytes, 0),
    },
    { name: l10n.t('{0} as numbers', name), bytes: countRows(parts) * (features + 1) * bytesPerNumber },
  ]);
}

/** What stands for missing values of each column. Throws if all training values of one are missing. */
const meansOfColumns = ({ table, columns }: Part, values: Float64Array, train: Int32Array) =>
  meansWithoutGaps(values, columns.features.length, train, (column) =>
    dataError(
      'data/number',
      l10n.t(
        '{0}: all training values of "{1}" are missing. Leave it out with "exclude", or correct "missing".',
        table.name,
        columnName(table, columns.features[column]),
      ),
      'missing',
    ),
  );

const namesOf = ({ names }: ReturnType<typeof chooseColumns>): readonly string[] =>
  names ? [...names.features, names.target] : [];

function sampleShape(wanted: Shape, columns: number, name: string): Shape {
  if (wanted.length === 0) return [columns];
  if (sizeOf(wanted) === columns) return wanted;
  throw dataError(
    'data/shape',
    l10n.t(
      '{0} has {1} besides the target, but shape {2} needs {3}. Change "shape".',
      name,
      counted(columns, 'columns'),
      wanted.join('×'),
      sizeOf(wanted),
    ),
    'shape',
    { setting: { attribute: 'shape', value: [columns] } },
  );
}

/** [rows of all tables, columns]. A missing value is NaN. */
function readFeatures(parts: readonly Part[], size: number, rows: number, isGap: IsGap): Float64Array {
  const values = new Float64Array(rows * size);
  let next = 0;
  for (const { table, columns } of parts) {
    const flags = new Set(
      columns.features.filter((column) =>
        holdsFlags(table.rows, column, 0, (row) => isGap(table, row, column)),
      ),
    );
    for (let row = 0; row < table.rows.length; row++)
      for (const column of columns.features)
        values[next++] = isGap(table, row, column)
          ? Number.NaN
          : ((flags.has(column) ? flagValue(table.rows.text(row, column)) : undefined) ??
            numberAt(table, row, column, true));
  }
  return values;
}

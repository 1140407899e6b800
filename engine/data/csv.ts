/** CSV: a table with one sample a row, to classify or to predict a value. */
import * as l10n from '@vscode/l10n';
import { type Shape, sizeOf } from '../layers/define.ts';
import type { TargetSpec } from '../losses/define.ts';
import { choice, dataFile, integers, number, text } from '../schema/attributes.ts';
import { type DataContext, DataError, type Dataset, defineDataset } from './define.ts';
import { dealOut, rowSplit } from './rows.ts';
import { fitScaling, scaleInPlace } from './scaling.ts';
import { columnIndex, decode, delimiters, numberAt, parseNumber, readTable, type Table } from './table.ts';

/** More different whole numbers than this are values, not classes, unless "task" says so. */
const mostGuessedClasses = 32;

export const csv = defineDataset({
  type: 'csv',
  label: 'Table (CSV)',
  doc: `A table in a text file: one sample a row, one column the target, all others numbers. Delimiter and header are found out; plain or
gzip. A target of texts, or of few different whole numbers, is a class (sorted; numbers by size); otherwise it is a value to predict.

Columns are standardised, (x − mean) / standard deviation, with figures of the training part only, so that the test part stays unseen.

[RFC 4180: the CSV format](https://www.rfc-editor.org/rfc/rfc4180)`,
  attributes: {
    file: dataFile({ doc: 'The table, relative to the network.' }),
    testFile: dataFile({
      default: '',
      doc: 'A second table to test on. Empty: a part of the first is kept for the test.',
    }),
    target: text({
      default: '',
      doc: 'Column to predict: its name, or its number counted from 1. Empty: the last.',
    }),
    task: choice(['auto', 'classification', 'regression'], {
      default: 'auto',
      doc: 'Whether the target is a class or a value.',
    }),
    normalize: choice(['none', 'standardize', 'minmax'], {
      default: 'standardize',
      doc: 'Bring columns to a common scale: mean 0 and deviation 1, or 0 … 1. Networks learn badly from columns of very different scale.',
    }),
    shape: integers({
      default: [],
      min: 1,
      doc: 'Shape of a sample, e.g. [8, 8, 1] for 64 columns that are an image. Empty: a plain list.',
    }),
    testFraction: number({
      default: 0.2,
      min: 0,
      below: 1,
      doc: 'Share of the rows kept for the test when there is no testFile; drawn by the seed.',
    }),
    header: choice(['auto', 'yes', 'no'], {
      default: 'auto',
      doc: 'Whether the first row holds the names of the columns.',
    }),
    delimiter: choice(Object.keys(delimiters) as (keyof typeof delimiters)[], {
      default: 'auto',
      doc: 'What stands between cells.',
    }),
  },

  async open(attributes, context): Promise<Dataset> {
    const { normalize, testFraction } = attributes;
    const table = await openTable(context, attributes.file, 'file', attributes);
    const testTable =
      attributes.testFile === ''
        ? undefined
        : await openTable(context, attributes.testFile, 'testFile', attributes);
    if (testTable) checkSameColumns(table, testTable);
    const target = columnIndex(table, attributes.target, 'target');
    const featureColumns = table.columns.map((_, column) => column).filter((column) => column !== target);
    const shape = sampleShape(attributes.shape, featureColumns.length, table.name);

    const tables = testTable ? [table, testTable] : [table];
    const size = featureColumns.length;
    const inputs = readFeatures(tables, featureColumns);
    const labels = readTargets(tables, target, attributes.task);
    const dealt = testTable
      ? {
          train: Int32Array.from(table.rows, (_, row) => row),
          test: Int32Array.from(testTable.rows, (_, row) => table.rows.length + row),
        }
      : dealOut(table.rows.length, testFraction, context.seed);
    scaleInPlace(inputs, size, fitScaling(inputs, size, dealt.train, normalize));

    const store = { inputs, inputSize: size, targets: labels.values, targetSize: 1 };
    return {
      inputs: [{ name: 'features', shape }],
      targets: [{ name: table.columns[target], ...labels.spec }],
      ...(labels.classNames ? { classNames: labels.classNames } : {}),
      train: rowSplit(store, dealt.train),
      ...(dealt.test.length > 0 ? { test: rowSplit(store, dealt.test) } : {}),
    };
  },
});

async function openTable(
  context: DataContext,
  path: string,
  attribute: string,
  options: { readonly header: 'auto' | 'yes' | 'no'; readonly delimiter: keyof typeof delimiters },
): Promise<Table> {
  const table = readTable(
    decode(await context.readFile(path, attribute), path, attribute),
    path,
    attribute,
    options,
  );
  if (table.columns.length < 2)
    throw new DataError(
      'data/columns',
      l10n.t('{0} has one column; a target and at least one feature are needed. Check "delimiter".', path),
      attribute,
    );
  return table;
}

function checkSameColumns(table: Table, testTable: Table): void {
  if (table.columns.length !== testTable.columns.length)
    throw new DataError(
      'data/columns',
      l10n.t(
        '{0} has {1} columns, but {2} has {3}. Use tables of the same form.',
        testTable.name,
        testTable.columns.length,
        table.name,
        table.columns.length,
      ),
      testTable.attribute,
    );
}

function sampleShape(wanted: Shape, columns: number, name: string): Shape {
  if (wanted.length === 0) return [columns];
  if (sizeOf(wanted) === columns) return wanted;
  throw new DataError(
    'data/shape',
    l10n.t(
      '{0} has {1} columns beside the target, but shape {2} needs {3}. Change "shape".',
      name,
      columns,
      wanted.join('×'),
      sizeOf(wanted),
    ),
    'shape',
  );
}

/** [rows of all tables, columns]. */
function readFeatures(tables: readonly Table[], columns: readonly number[]): Float32Array {
  const values = new Float32Array(columns.length * tables.reduce((sum, { rows }) => sum + rows.length, 0));
  let next = 0;
  for (const table of tables)
    for (let row = 0; row < table.rows.length; row++)
      for (const column of columns) values[next++] = numberAt(table, row, column);
  return values;
}

interface Targets {
  readonly spec: TargetSpec;
  readonly values: Int32Array | Float32Array;
  readonly classNames?: readonly string[];
}

/** Targets of all tables, one after the other; the classes are those of the first. */
function readTargets(
  tables: readonly Table[],
  column: number,
  task: 'auto' | 'classification' | 'regression',
): Targets {
  const [table] = tables;
  const different = [...new Set(table.rows.map((row) => row[column]))];
  if (task === 'regression' || (task === 'auto' && looksLikeValues(different, table.rows.length)))
    return {
      spec: { type: 'float', shape: [1] },
      values: Float32Array.from(
        tables.flatMap((each) => each.rows.map((_, row) => numberAt(each, row, column))),
      ),
    };
  const classNames = sortClasses(different.filter((name) => name !== ''));
  const indices = new Map(classNames.map((name, index) => [name, index]));
  const values = tables.flatMap((each) =>
    each.rows.map((cells, row) => indices.get(cells[column]) ?? failClass(each, row, column, table.name)),
  );
  return {
    spec: { type: 'int', shape: [], classes: classNames.length },
    values: Int32Array.from(values),
    classNames,
  };
}

function failClass(table: Table, row: number, column: number, trainName: string): never {
  const place = [table.name, table.rowNumbers[row], table.columns[column]] as const;
  const name = table.rows[row][column];
  throw new DataError(
    'data/labels',
    name === ''
      ? l10n.t(
          '{0}: row {1}, "{2}": expected a class, found nothing. Fill it in, or remove the row.',
          ...place,
        )
      : l10n.t(
          '{0}: row {1}, "{2}": class "{3}" does not occur in {4}. Mend the cell, or remove the row.',
          ...place,
          name,
          trainName,
        ),
    table.attribute,
  );
}

function looksLikeValues(different: readonly string[], rows: number): boolean {
  const numbers = different.filter((cell) => cell !== '').map(parseNumber);
  if (numbers.includes(undefined)) return false;
  const whole = numbers.every(Number.isInteger);
  return !whole || numbers.length > mostGuessedClasses || numbers.length > rows / 2;
}

function sortClasses(names: readonly string[]): string[] {
  const numeric = names.every((name) => parseNumber(name) !== undefined);
  return [...names].sort((a, b) => (numeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0));
}

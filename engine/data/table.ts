/** Tables: delimited text read into cells, and cells into numbers, with errors that name row and column. */

import * as l10n from '@vscode/l10n';
import { choice } from '../schema/attributes.ts';
import type { ProblemError } from '../schema/problem.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import { counted } from '../schema/text.ts';
import { type DataContext, type DataRow, type DataSetting, type DataWarning, dataError } from './define.ts';
import { holdsFlags } from './flags.ts';
import { findHeader, sampleRows } from './header.ts';
import {
  type CellPlace,
  type DecimalMark,
  describeCell,
  findMark,
  fitsFloat32,
  hasGroups,
  isMissing,
  looksNumeric,
  parseNumber,
} from './numerals.ts';
import { rectangular, type TableBody } from './tableBody.ts';
import { RowReader } from './tableRows.ts';
import { TextReader } from './textPieces.ts';

export interface Table {
  /** The file, for messages. */
  readonly name: string;
  readonly attribute: string;
  /** Names in the header, "" for a column without one; where there is no header, "column 1" and so on. */
  readonly columns: readonly string[];
  readonly hasHeader: boolean;
  readonly rows: TableBody;
  readonly delimiter: string;
  /** Number of the first row of the file: 1, or 2 behind a line that only names the delimiter. */
  readonly firstNumber: number;
  readonly decimal: DecimalMark;
  readonly warnings: readonly DataWarning[];
}

const delimiters = { auto: '', comma: ',', semicolon: ';', tab: '\t', space: ' ', bar: '|' } as const;

/** How a table is written; every dataset of tables has these. */
export const tableAttributes = {
  header: choice(['auto', 'yes', 'no'], {
    default: 'auto',
    doc: 'Whether the first row holds the names of the columns.',
  }),
  delimiter: choice(Object.keys(delimiters) as (keyof typeof delimiters)[], {
    default: 'auto',
    doc: 'Separator of the cells.',
  }),
  decimal: choice(['auto', 'point', 'comma'], {
    default: 'auto',
    doc: 'Decimal mark of the numbers: 1.5 or 1,5.',
  }),
};

export interface TableOptions {
  readonly header: 'auto' | 'yes' | 'no';
  readonly delimiter: keyof typeof delimiters;
  readonly decimal: 'auto' | DecimalMark;
  /** Names of columns from the spec or another table. */
  readonly names: readonly string[];
  /** What becomes numbers, and the bytes of each number: all cells, or one in each row. */
  readonly becomes: 'numbers' | 'a number a row';
  /** Only the beginning of the file is given: it may end within a character or a row, which is left out. */
  readonly isCut?: boolean;
}

/** Bytes of a number while it is scaled, as float64 and as float32. */
export const bytesPerNumber = 12;

/** The paragraph on how tables are read, for the doc of every dataset of tables. */
export const tableDoc = `Delimiter, decimal mark and header are detected together, from all rows. The delimiter is the character that splits most rows into the same number of
numeric cells. A comma between digits is a decimal mark if another delimiter is beside the number (\`1,5;0\`). A table has one decimal mark. Tables with
both marks are refused, and so is 1,234 if no other number shows whether it means 1.234 or 1234. Thousands separators are
refused. The first row contains names if the spec or the other table uses one of them, or if it has texts above numbers. If this is uncertain, a
warning says what was assumed. Lines that begin with # and have a different number of cells are comments.`;

/** Throws ProblemError for an empty file, an open quote, a ragged row, or a table that needs more than the memory limit. */
export async function openTable(
  context: Pick<DataContext, 'readPieces' | 'memoryLimit'>,
  path: string,
  attribute: string,
  options: TableOptions,
): Promise<Table> {
  const text = new TextReader(path, attribute);
  const rows = new RowReader(path, attribute, {
    delimiter: delimiters[options.delimiter],
    commaIsDecimal: options.decimal === 'comma',
    mergesDelimiters: options.delimiter === 'space',
    memoryLimit: context.memoryLimit,
    numbersPerCell: options.becomes === 'numbers' ? bytesPerNumber : 0,
    numbersPerRow: options.becomes === 'numbers' ? 0 : bytesPerNumber,
  });
  for await (const piece of context.readPieces(path, attribute)) rows.add(text.read(piece));
  if (!options.isCut) text.end();
  return tableOf(rectangular(rows.finish(options.isCut)), rows, path, attribute, options);
}

function tableOf(
  body: TableBody,
  { delimiter, firstNumber }: RowReader,
  name: string,
  attribute: string,
  options: TableOptions,
): Table {
  const fail = (code: ProblemCode, message: string, row?: number): ProblemError =>
    dataError(
      code,
      `${name}: ${message}`,
      attribute,
      row === undefined ? {} : { row: { file: name, number: row } },
    );
  if (body.length === 0) throw fail('data/empty', l10n.t('has no rows. Check that this is the right file.'));
  const numberOf = (row: number) => body.place(row) + firstNumber;
  for (let row = 1; row < body.length; row++)
    if (body.width(row) !== body.width(0))
      throw fail(
        'data/ragged',
        l10n.t(
          'row {0} has {1}, but row {2} has {3}. Correct the row, or set "delimiter".',
          numberOf(row),
          counted(body.width(row), 'cells'),
          numberOf(0),
          body.width(0),
        ),
        numberOf(row),
      );
  const head = body.row(0);
  const sample = Array.from({ length: Math.min(body.length, 1 + sampleRows) }, (_, row) => body.row(row));
  const found = findHeader(sample, options.names);
  const hasHeader = options.header === 'auto' ? found.hasHeader : options.header === 'yes';
  const rows = hasHeader ? body.rest() : body;
  if (rows.length === 0)
    throw fail('data/empty', l10n.t('has column names, but no rows. Check that this is the right file.'));
  const warnings: DataWarning[] = [];
  if (options.header === 'auto' && found.doubtful) warnings.push(headerWarning(name, head, hasHeader));
  if (options.delimiter === 'auto' && delimiter === ',' && !hasHeader && couldBeDecimals(body))
    warnings.push(delimiterWarning(name, head));
  return {
    name,
    attribute,
    columns: hasHeader
      ? head.map((cell, column) => (column === 0 ? cell.replace(/^# +/, '') : cell))
      : head.map((_, column) => l10n.t('column {0}', column + 1)),
    hasHeader,
    delimiter,
    rows,
    firstNumber,
    decimal: options.decimal === 'comma' ? 'comma' : 'point',
    warnings,
  };
}

/** Of a row in the file, counted from 1 with the header. */
export const rowNumber = ({ rows, firstNumber }: Table, row: number): number => rows.place(row) + firstNumber;

/** The most cells that are searched for line breaks. */
const mostSearched = 1_000_000;

/**
 * The row by its number, which is that of its line in the file. Nothing after a cell with a line break, or far down, where it would take long to
 * find one.
 */
function rowOfFile(table: Table, row: number): { readonly row?: DataRow } {
  const columns = table.columns.length;
  if (row * columns > mostSearched) return {};
  for (let above = 0; above < row; above++)
    for (let column = 0; column < columns; column++)
      if (table.rows.text(above, column).includes('\n')) return {};
  return { row: { file: table.name, number: rowNumber(table, row) } };
}

function headerWarning(name: string, first: readonly string[], hasHeader: boolean): DataWarning {
  const cells = listed(first);
  return {
    code: 'data/header',
    message: hasHeader
      ? l10n.t(
          '{0}: the first row ({1}) was read as names of columns. Set "header" to "no" if it is data, or to "yes" to confirm.',
          name,
          cells,
        )
      : l10n.t(
          '{0}: the first row ({1}) was read as data, but it is unlike all other rows. Set "header" to "yes" if it holds names of columns, or to "no" to confirm.',
          name,
          cells,
        ),
    attribute: 'header',
  };
}

/** Two columns of whole numbers could also be one of numbers with a decimal comma. */
const couldBeDecimals = (body: TableBody): boolean =>
  body.width(0) === 2 &&
  body.every((row) => /^[+-]?\d+$/.test(body.text(row, 0)) && /^\d+$/.test(body.text(row, 1)));

const delimiterWarning = (name: string, [a, b]: readonly string[]): DataWarning => ({
  code: 'data/delimiter',
  message: l10n.t(
    '{0}: the first row was read as two cells, {1} and {2}. If it is the number {1},{2}, set "decimal" to "comma"; otherwise set "delimiter" to "comma" to confirm.',
    name,
    a,
    b,
  ),
  attribute: 'delimiter',
});

/** The table with the decimal mark that the cells of these columns use. Throws ProblemError where they do not agree. */
export function withMark(table: Table, columns: readonly number[], decimal: TableOptions['decimal']): Table {
  if (decimal !== 'auto') return { ...table, decimal };
  const found = findMark(table.rows, columns);
  if ('mark' in found) {
    const grouped = table.delimiter === ';' ? found.groupedByPoint : undefined;
    const warnings = grouped ? [...table.warnings, groupWarning(table, grouped)] : table.warnings;
    return { ...table, decimal: found.mark, warnings };
  }
  const place = ({ row, column }: CellPlace) =>
    [rowNumber(table, row), columnName(table, column), table.rows.text(row, column).slice(0, 40)] as const;
  throw dataError(
    'data/decimal',
    'mixed' in found
      ? l10n.t(
          '{0}: row {1}, "{2}" holds {3}, but row {4}, "{5}" holds {6}. A table has one decimal mark: correct the cells, or set "decimal".',
          table.name,
          ...place(found.mixed[0]),
          ...place(found.mixed[1]),
        )
      : l10n.t(
          '{0}: row {1}, "{2}": {3} may have a decimal comma or a thousands separator. Set "decimal" to "comma", or write numbers without thousands separators.',
          table.name,
          ...place(found.ambiguous),
        ),
    table.attribute,
  );
}

const groupWarning = (table: Table, { row, column }: CellPlace): DataWarning => ({
  code: 'data/decimal',
  message: l10n.t(
    '{0}: row {1}, "{2}": {3} was read with a decimal point. If the point groups thousands, write numbers without it; otherwise set "decimal" to "point" to confirm.',
    table.name,
    rowNumber(table, row),
    columnName(table, column),
    table.rows.text(row, column),
  ),
  attribute: 'decimal',
});

/**
 * The cell as a number that float32 can hold. Throws ProblemError that names row and column. `isFeature`: whether "exclude" can leave its
 * column out, and "missing" can list what stands for a missing value.
 */
export function numberAt(table: Table, row: number, column: number, isFeature = false): number {
  const plain = table.rows.plainNumber(row, column, table.decimal);
  if (plain !== undefined) return plain;
  const cell = table.rows.text(row, column);
  const value = parseNumber(cell, table.decimal);
  if (value !== undefined && fitsFloat32(value)) return value;
  const isText = (one: string) => !isMissing(one) && !looksNumeric(one) && !hasGroups(one);
  const mayBeName = row === 0 && !table.hasHeader && isText(cell);
  const isOverFlags = isFeature && mayBeName && holdsFlags(table.rows, column, 1);
  const isTextColumn =
    isText(cell) &&
    !isOverFlags &&
    table.rows.length > 1 &&
    table.rows.every((other) => isText(table.rows.text(other, column)));
  const { problem, setting } = isTextColumn
    ? textColumn(table, row, column, isFeature)
    : {
        problem: describeCell(cell, table.decimal, isFeature ? 'missing' : undefined),
        setting: mayBeName
          ? { attribute: 'header', value: 'yes' }
          : isFeature && isMissing(cell)
            ? { attribute: 'missing', value: cell }
            : undefined,
      };
  const advice = mayBeName ? ` ${l10n.t('If the first row holds column names, set "header" to "yes".')}` : '';
  throw cellError(table, row, column, 'data/number', `${problem}${advice}`, setting);
}

function textColumn(
  table: Table,
  row: number,
  column: number,
  isFeature: boolean,
): { readonly problem: string; readonly setting?: DataSetting } {
  const example = table.rows.text(row, column).slice(0, 40);
  if (!isFeature)
    return {
      problem: l10n.t(
        'expected numbers, but the whole column contains text such as "{0}". Name another column, or replace it with numbers.',
        example,
      ),
    };
  const [reference] = columnReferences(table, [column]);
  return {
    problem: l10n.t(
      'expected numbers, but the whole column contains text such as "{0}". Leave it out with "exclude": ["{1}"], or replace it with numbers, such as a column of 0 and 1 for each value. Columns of true and false, or yes and no, are read as 1 and 0.',
      example,
      reference,
    ),
    setting: { attribute: 'exclude', value: reference },
  };
}

export const cellError = (
  table: Table,
  row: number,
  column: number,
  code: ProblemCode,
  message: string,
  setting?: DataSetting | undefined,
): ProblemError => {
  const number = rowNumber(table, row);
  return dataError(
    code,
    l10n.t('{0}: row {1}, "{2}": {3}', table.name, number, columnName(table, column), message),
    table.attribute,
    { setting, ...rowOfFile(table, row) },
  );
};

/** Its name in the header, or for a column without one its number. */
export const columnName = (table: Table, column: number): string =>
  table.columns[column] || l10n.t('column {0}', column + 1);

/** What `columnFinder` finds each of these columns by: its name, if it has one of its own, or its number. */
export function columnReferences({ columns, hasHeader }: Table, chosen: readonly number[]): string[] {
  const shared = repeated(columns);
  return chosen.map((column) => {
    const name = columns[column];
    return hasHeader && name !== '' && !shared.has(name) ? name : `${column + 1}`;
  });
}

/** The names that occur more than once, in the order in which they do so. A table can have a hundred thousand columns. */
export function repeated(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const name of names) (seen.has(name) ? twice : seen).add(name);
  return twice;
}

/** Names as messages list them. */
export function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, 12)
    .map((name) => `"${name.slice(0, 40)}"`)
    .join(', ');
  return names.length > 12 ? `${shown}, …` : shown;
}

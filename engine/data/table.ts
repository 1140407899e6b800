/** Tables: delimited text read into cells, and cells into numbers, with errors that name row and column. */

import * as l10n from '@vscode/l10n';
import { choice } from '../schema/attributes.ts';
import type { ProblemError } from '../schema/problem.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import { type DataContext, type DataWarning, dataError } from './define.ts';
import { isBlankLine } from './dialect.ts';
import { findHeader } from './header.ts';
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
import { type NumberedRow, RowReader } from './tableRows.ts';
import { TextReader } from './textPieces.ts';

export interface Table {
  /** The file, for messages. */
  readonly name: string;
  readonly attribute: string;
  /** Names in the header, "" for a column without one; where there is no header, "column 1" and so on. */
  readonly columns: readonly string[];
  readonly hasHeader: boolean;
  readonly rows: readonly (readonly string[])[];
  readonly delimiter: string;
  /** Row numbers in the file, counted from 1 with the header. */
  readonly rowNumbers: readonly number[];
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
    doc: 'What stands between cells.',
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
  /** Names of columns that the spec or another table knows. */
  readonly names: readonly string[];
}

/** The paragraph that the doc of every dataset of tables has on how they are read. */
export const tableDoc = `Delimiter, decimal mark and header are found from the rows together. The delimiter is what splits most rows into equally many
cells that are numbers; a comma with digits and another delimiter around it (\`1,5;0\`) is a decimal mark. A table has one decimal mark: numbers with a
comma and numbers with a point in one table are refused, and so is 1,234 where nothing else shows whether it is 1.234 or 1234. Thousands separators are
refused. The first row holds names if the spec or the other table names one of them, or if texts stand there above numbers; where that is in doubt, a
warning says what was assumed. Lines that begin with # and have another number of cells are comments.`;

/** Throws ProblemError for an empty file, an open quote, a ragged row, or a table that needs more than the memory limit. */
export async function openTable(
  context: DataContext,
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
  });
  for await (const piece of context.readPieces(path, attribute)) rows.add(text.read(piece));
  text.end();
  return tableOf(rows.finish(), rows.delimiter, path, attribute, options);
}

function tableOf(
  numbered: readonly NumberedRow[],
  delimiter: string,
  name: string,
  attribute: string,
  options: TableOptions,
): Table {
  const fail = (code: ProblemCode, message: string): ProblemError =>
    dataError(code, `${name}: ${message}`, attribute);
  const body = rectangular(numbered);
  if (body.length === 0) throw fail('data/empty', l10n.t('has no rows. Check that this is the right file.'));
  const [head] = body;
  const ragged = body.find(({ cells }) => cells.length !== head.cells.length);
  if (ragged)
    throw fail(
      'data/ragged',
      l10n.t(
        'row {0} has {1} cells, but row {2} has {3}. Correct the row, or set "delimiter".',
        ragged.number,
        ragged.cells.length,
        head.number,
        head.cells.length,
      ),
    );
  const rows = body.map(({ cells }) => cells);
  const found = findHeader(rows, options.names);
  const hasHeader = options.header === 'auto' ? found.hasHeader : options.header === 'yes';
  const kept = hasHeader ? body.slice(1) : body;
  if (kept.length === 0)
    throw fail('data/empty', l10n.t('has names of columns, but no rows. Check that this is the right file.'));
  const warnings: DataWarning[] = [];
  if (options.header === 'auto' && found.doubtful) warnings.push(headerWarning(name, rows[0], hasHeader));
  if (options.delimiter === 'auto' && delimiter === ',' && !hasHeader && couldBeDecimals(rows))
    warnings.push(delimiterWarning(name, rows[0]));
  return {
    name,
    attribute,
    columns: hasHeader
      ? rows[0].map((cell, column) => (column === 0 ? cell.replace(/^# +/, '') : cell))
      : rows[0].map((_, column) => l10n.t('column {0}', column + 1)),
    hasHeader,
    delimiter,
    rows: kept.map(({ cells }) => cells),
    rowNumbers: kept.map(({ number }) => number),
    decimal: options.decimal === 'comma' ? 'comma' : 'point',
    warnings,
  };
}

/**
 * Without what is no row: comments, blank lines at both ends, and blank lines between rows of several cells. In a
 * table of one column a blank line between others is a row whose value is missing. Empty cells that delimiters at the end
 * of each line make are dropped, and names that stand above all columns but the first get an empty one before them.
 */
function rectangular(all: readonly NumberedRow[]): readonly NumberedRow[] {
  const usual = mostFrequentWidth(all);
  const isEmpty = ({ cells }: NumberedRow) => cells.every((cell) => cell === '');
  const isRow = ({ cells }: NumberedRow) =>
    !(isBlankLine(cells) && usual > 1) &&
    !(cells[0]?.startsWith('#') && (cells.length !== usual || usual === 1));
  const rows = all.filter(isRow);
  let begin = 0;
  let end = rows.length;
  while (begin < end && isEmpty(rows[begin])) begin++;
  while (end > begin && isEmpty(rows[end - 1])) end--;
  const body = rows.slice(begin, end).map((row) => (row.cells.length === 0 ? { ...row, cells: [''] } : row));
  if (body.length < 2) return body;
  const [head, ...rest] = body;
  const width = rest[0].cells.length;
  const shorter = (row: NumberedRow) => ({ ...row, cells: row.cells.slice(0, -1) });
  const endsEmpty = ({ cells }: NumberedRow) => cells.length > 1 && cells[cells.length - 1] === '';
  if (rest.some(({ cells }) => cells.length !== width)) return body;
  if (head.cells.length === width && body.every(endsEmpty)) return rectangular(body.map(shorter));
  if (head.cells.length === width - 1)
    return rest.every(endsEmpty)
      ? [head, ...rest.map(shorter)]
      : [{ ...head, cells: ['', ...head.cells] }, ...rest];
  if (head.cells.length === width + 1 && endsEmpty(head)) return [shorter(head), ...rest];
  return body;
}

function mostFrequentWidth(rows: readonly NumberedRow[]): number {
  const widths = new Map<number, number>();
  for (const { cells } of rows)
    if (!isBlankLine(cells)) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
  let usual = 1;
  for (const [width, count] of widths) if (count > (widths.get(usual) ?? 0)) usual = width;
  return usual;
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
const couldBeDecimals = (rows: readonly (readonly string[])[]): boolean =>
  rows.every((cells) => cells.length === 2 && /^[+-]?\d+$/.test(cells[0]) && /^\d+$/.test(cells[1]));

const delimiterWarning = (name: string, [a, b]: readonly string[]): DataWarning => ({
  code: 'data/delimiter',
  message: l10n.t(
    '{0}: the first row was read as two cells, {1} and {2}. If it is the number {1},{2}, set "decimal" to "comma"; else set "delimiter" to "comma" to confirm.',
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
    [table.rowNumbers[row], columnName(table, column), table.rows[row][column].slice(0, 40)] as const;
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
    '{0}: row {1}, "{2}": {3} was read with a decimal point. If the point groups thousands, write numbers without it; else set "decimal" to "point" to confirm.',
    table.name,
    table.rowNumbers[row],
    columnName(table, column),
    table.rows[row][column],
  ),
  attribute: 'decimal',
});

/** The cell as a number that float32 can hold. Throws ProblemError that names row and column. */
export function numberAt(table: Table, row: number, column: number): number {
  const cell = table.rows[row][column];
  const value = parseNumber(cell, table.decimal);
  if (value !== undefined && fitsFloat32(value)) return value;
  const isText = (one: string) => !isMissing(one) && !looksNumeric(one) && !hasGroups(one);
  const problem =
    isText(cell) && table.rows.length > 1 && table.rows.every((cells) => isText(cells[column]))
      ? l10n.t(
          'expected numbers, but the whole column holds texts such as "{0}". Leave it out by "exclude": ["{1}"], or replace it by numbers, such as a column of 0 and 1 for each value.',
          cell.slice(0, 40),
          table.hasHeader ? table.columns[column] || column + 1 : column + 1,
        )
      : describeCell(cell, table.decimal);
  const advice =
    row === 0 && !table.hasHeader && isText(cell)
      ? ` ${l10n.t('If the first row holds names of columns, set "header" to "yes".')}`
      : '';
  throw cellError(table, row, column, 'data/number', `${problem}${advice}`);
}

export const cellError = (
  table: Table,
  row: number,
  column: number,
  code: ProblemCode,
  message: string,
): ProblemError =>
  dataError(
    code,
    l10n.t('{0}: row {1}, "{2}": {3}', table.name, table.rowNumbers[row], columnName(table, column), message),
    table.attribute,
  );

/** Its name in the header, or for a column without one its number. */
export const columnName = (table: Table, column: number): string =>
  table.columns[column] || l10n.t('column {0}', column + 1);

/** Which column is meant: a name of the header, a number counted from 1, or with '' the last. Throws ProblemError. */
export function columnIndex(table: Table, wanted: string, attribute: string): number {
  if (wanted === '') return table.columns.length - 1;
  const named = table.hasHeader ? table.columns.indexOf(wanted) : -1;
  if (named >= 0) {
    if (table.columns.indexOf(wanted, named + 1) < 0) return named;
    throw dataError(
      'data/column',
      l10n.t('{0} has several columns "{1}". Give the number of the one you mean.', table.name, wanted),
      attribute,
    );
  }
  const number = parseNumber(wanted);
  if (number !== undefined && Number.isInteger(number) && number >= 1 && number <= table.columns.length)
    return number - 1;
  throw dataError(
    'data/column',
    table.hasHeader
      ? l10n.t('{0} has no column "{1}". It has {2}.', table.name, wanted, listed(table.columns))
      : l10n.t(
          '{0} has no column "{1}". It has no header; give a number from 1 to {2}.',
          table.name,
          wanted,
          table.columns.length,
        ),
    attribute,
  );
}

/** Names as messages list them. */
export function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, 12)
    .map((name) => `"${name.slice(0, 40)}"`)
    .join(', ');
  return names.length > 12 ? `${shown}, …` : shown;
}

/** Tables: delimited text read into cells, and cells into numbers, with errors that name row and column. */
import * as l10n from '@vscode/l10n';
import Papa from 'papaparse';
import { DataError } from './define.ts';

export interface Table {
  /** The file, for messages. */
  readonly name: string;
  readonly attribute: string;
  /** Column names: of the header, else "column 1" and so on. */
  readonly columns: readonly string[];
  readonly hasHeader: boolean;
  readonly rows: readonly (readonly string[])[];
  /** Row numbers in the file, counted from 1 with the header. */
  readonly rowNumbers: readonly number[];
}

export interface TableOptions {
  readonly header: 'auto' | 'yes' | 'no';
  readonly delimiter: keyof typeof delimiters;
}

export const delimiters = { auto: '', comma: ',', semicolon: ';', tab: '\t', space: ' ', bar: '|' } as const;

/** Text of a file: UTF-8, or UTF-16 where a byte order mark says so. */
export function decode(bytes: Uint8Array, name: string, attribute: string): string {
  const mark = bytes[0] * 256 + bytes[1];
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new DataError(
      'data/encoding',
      l10n.t('{0} is not text in UTF-8. Save it as UTF-8.', name),
      attribute,
    );
  }
}

/** Reads delimited text. Blank lines are skipped. Throws DataError for an empty file, an open quote or a ragged row. */
export function readTable(text: string, name: string, attribute: string, options: TableOptions): Table {
  const fail = (code: string, message: string): DataError =>
    new DataError(code, `${name}: ${message}`, attribute);
  const parsed = Papa.parse<string[]>(withoutLastBreaks(text), { delimiter: delimiters[options.delimiter] });
  const broken = parsed.errors.find((error) => error.type === 'Quotes');
  if (broken)
    throw fail(
      'data/quotes',
      l10n.t(
        'row {0} has a quote that is not closed. Close it, or double it within a text.',
        (broken.row ?? 0) + 1,
      ),
    );
  const rows: string[][] = [];
  const rowNumbers: number[] = [];
  parsed.data.forEach((cells, index) => {
    const row = options.delimiter === 'space' ? cells.filter((cell) => cell !== '') : cells;
    if (row.every((cell) => cell.trim() === '')) return;
    rows.push(row.map((cell) => cell.trim()));
    rowNumbers.push(index + 1);
  });
  if (rows.length === 0) throw fail('data/empty', l10n.t('has no rows. Check that this is the right file.'));
  const width = rows[0].length;
  const ragged = rows.findIndex((row) => row.length !== width);
  if (ragged >= 0)
    throw fail(
      'data/ragged',
      l10n.t(
        'row {0} has {1} cells, but row {2} has {3}. Mend the row, or set "delimiter".',
        rowNumbers[ragged],
        rows[ragged].length,
        rowNumbers[0],
        width,
      ),
    );
  const hasHeader = options.header === 'yes' || (options.header === 'auto' && looksLikeHeader(rows));
  return {
    name,
    attribute,
    columns: hasHeader ? rows[0] : rows[0].map((_, column) => l10n.t('column {0}', column + 1)),
    hasHeader,
    rows: hasHeader ? rows.slice(1) : rows,
    rowNumbers: hasHeader ? rowNumbers.slice(1) : rowNumbers,
  };
}

/** A line break at the end would count as a row of one cell when the delimiter is guessed. */
function withoutLastBreaks(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
  return text.slice(0, end);
}

/** The first row has a name for each column, each another and none a number, and the second row has a number. */
function looksLikeHeader([first, second]: readonly (readonly string[])[]): boolean {
  const names = new Set(first);
  return second?.some(isNumeral) && !first.some(isNumeral) && !names.has('') && names.size === first.length;
}

/** A decimal number by its form; it may be too large to hold. */
const isNumeral = (cell: string): boolean =>
  cell.length <= 400 && /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(cell);

/** A finite decimal number, or undefined. */
export function parseNumber(cell: string): number | undefined {
  const value = isNumeral(cell) ? Number(cell) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** The cell as a number. Throws DataError that names row and column. */
export function numberAt(table: Table, row: number, column: number): number {
  const cell = table.rows[row][column];
  const value = parseNumber(cell);
  if (value !== undefined) return value;
  throw new DataError(
    'data/number',
    cell === ''
      ? l10n.t(
          '{0}: row {1}, "{2}": expected a number, found nothing. Fill in a value, or remove the row.',
          table.name,
          table.rowNumbers[row],
          table.columns[column],
        )
      : l10n.t(
          '{0}: row {1}, "{2}": expected a number such as 3.14, found "{3}". Mend the cell, or remove the row or column.',
          table.name,
          table.rowNumbers[row],
          table.columns[column],
          cell.slice(0, 40),
        ),
    table.attribute,
  );
}

/** Which column is meant: a name of the header, a number counted from 1, or with '' the last. Throws DataError. */
export function columnIndex(table: Table, wanted: string, attribute: string): number {
  if (wanted === '') return table.columns.length - 1;
  const named = table.hasHeader ? table.columns.indexOf(wanted) : -1;
  if (named >= 0) return named;
  const number = parseNumber(wanted);
  if (number !== undefined && Number.isInteger(number) && number >= 1 && number <= table.columns.length)
    return number - 1;
  throw new DataError(
    'data/column',
    table.hasHeader
      ? l10n.t('{0} has no column "{1}". It has {2}.', table.name, wanted, shorten(table.columns))
      : l10n.t(
          '{0} has no column "{1}". It has no header; give a number from 1 to {2}.',
          table.name,
          wanted,
          table.columns.length,
        ),
    attribute,
  );
}

function shorten(names: readonly string[]): string {
  const shown = names
    .slice(0, 12)
    .map((name) => `"${name}"`)
    .join(', ');
  return names.length > 12 ? `${shown}, …` : shown;
}

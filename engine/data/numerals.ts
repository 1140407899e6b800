/** Numbers as people and programs write them in tables, and which decimal mark a table uses. */
import * as l10n from '@vscode/l10n';

export type DecimalMark = 'point' | 'comma';

const forms: { readonly [mark in DecimalMark]: RegExp } = {
  point: /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i,
  comma: /^[+-]?(\d+(,\d*)?|,\d+)(e[+-]?\d+)?$/i,
};

/** A longer cell is text and is not searched. */
const longestNumeral = 400;

/** The form of a decimal number; its value may be too large. */
export const isNumeral = (cell: string, mark: DecimalMark): boolean =>
  cell.length <= longestNumeral && forms[mark].test(cell);

/** A number with either mark. */
export const looksNumeric = (cell: string): boolean => isNumeral(cell, 'point') || isNumeral(cell, 'comma');

/** A finite decimal number, or undefined. */
export function parseNumber(cell: string, mark: DecimalMark = 'point'): number | undefined {
  if (!isNumeral(cell, mark)) return undefined;
  const value = Number(mark === 'comma' ? cell.replace(',', '.') : cell);
  return Number.isFinite(value) ? value : undefined;
}

/** Training computes in float32, whose largest number is about 3.4e38. */
export const fitsFloat32 = (value: number): boolean => Number.isFinite(Math.fround(value));

/** True or false, as programs write them. */
export const isBoolean = (cell: string): boolean => /^(?:true|false)$/i.test(cell);

/** 1 and 0 for true and false, as programs write them in a column of nothing else, and for yes and no, as people do. */
export function flagValue(cell: string): 0 | 1 | undefined {
  if (cell.length > 5) return undefined;
  const word = cell.toLowerCase();
  return word === 'true' || word === 'yes' ? 1 : word === 'false' || word === 'no' ? 0 : undefined;
}

const missingWords = new Set([
  '',
  '?',
  '-',
  '--',
  '.',
  'NA',
  'N/A',
  'n/a',
  '#N/A',
  '#NA',
  'NaN',
  'nan',
  'NAN',
  '-nan',
  '-NaN',
  'NULL',
  'null',
]);

/** What programs write where a value is missing. */
export const isMissing = (cell: string): boolean => missingWords.has(cell);

const grouped =
  /^[+-]?\d{1,3}(?:(?:,\d{3})+(?:\.\d*)?|(?:\.\d{3}){2,}|(?:\.\d{3})+,\d*|(?:[ '\u2019\u00a0\u202f]\d{3})+(?:[.,]\d*)?)$/;

/** Digits in groups of three, as in 1,234.5 or 1.234.567. */
export const hasGroups = (cell: string): boolean => cell.length <= longestNumeral && grouped.test(cell);

/** With this mark "1,234" may be 1.234 or 1234. A leading 0 excludes the second. */
const isAmbiguous = (cell: string): boolean => /^[+-]?[1-9]\d{0,2},\d{3}$/.test(cell);

const isThousands = (cell: string): boolean => /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(cell);

export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

/** Which mark a table uses: one for all its cells, or the cells that leave it undecided. */
export type MarkFound =
  /** `groupedByPoint`: the first of the cells with a point, where all of them look like 1.234. */
  | { readonly mark: DecimalMark; readonly groupedByPoint?: CellPlace }
  /** Two cells with different marks. */
  | { readonly mixed: readonly [comma: CellPlace, point: CellPlace] }
  /** A cell such as 1,234 where no other cell decides. */
  | { readonly ambiguous: CellPlace };

/** Cells by row and column. */
export interface CellTexts {
  readonly length: number;
  text(row: number, column: number): string;
  /** A number in plain digits; undefined for every other cell. */
  plainNumber(row: number, column: number, mark: DecimalMark): number | undefined;
}

export function findMark(rows: CellTexts, columns: readonly number[]): MarkFound {
  const found: { [kind in 'comma' | 'ambiguous' | 'point' | 'plain']?: CellPlace } = {};
  for (let row = 0; row < rows.length; row++)
    for (const column of columns) {
      if (found.plain && rows.plainNumber(row, column, 'point') !== undefined) continue;
      const cell = rows.text(row, column);
      if (cell.includes(',')) {
        if (isAmbiguous(cell)) found.ambiguous ??= { row, column };
        else if (!found.comma && isNumeral(cell, 'comma')) found.comma = { row, column };
      } else if (!found.plain && cell.includes('.') && isNumeral(cell, 'point')) {
        found.point ??= { row, column };
        if (!isThousands(cell)) found.plain = { row, column };
      }
    }
  const { comma, point, plain } = found;
  const ambiguous = comma ? undefined : found.ambiguous;
  if (!comma && !ambiguous) return { mark: 'point', ...(point && !plain ? { groupedByPoint: point } : {}) };
  if (comma) return point ? { mixed: [comma, point] } : { mark: 'comma' };
  return point || !ambiguous ? { mark: 'point' } : { ambiguous };
}

/**
 * What is wrong with a cell that should be a number, and what to do. `gaps`: the attribute that lists what stands for a missing
 * value, if there is one.
 */
export function describeCell(cell: string, mark: DecimalMark, gaps?: string): string {
  const shown = cell.slice(0, 40);
  if (isMissing(cell)) {
    const found =
      cell === ''
        ? l10n.t('expected a number, found nothing.')
        : l10n.t('expected a number, found "{0}", a missing value.', shown);
    const advice =
      gaps === undefined
        ? l10n.t('Fill in a value, or remove the row.')
        : l10n.t(
            'Fill in a value, remove the row, or add "{0}" to "{1}" to use the mean of the column.',
            shown,
            gaps,
          );
    return `${found} ${advice}`;
  }
  if (isNumeral(cell, mark))
    return l10n.t('expected a number up to 3.4e38, found "{0}". Correct the cell, or remove the row.', shown);
  if (hasGroups(cell))
    return l10n.t(
      'found "{0}", which looks like a number with thousands separators. Write it without them.',
      shown,
    );
  if (isNumeral(cell, 'comma'))
    return l10n.t(
      'found "{0}", which looks like a number with a decimal comma. Set "decimal" to "comma", or write it with a point.',
      shown,
    );
  if (isNumeral(cell, 'point'))
    return l10n.t(
      'found "{0}", which looks like a number with a decimal point, but the table has decimal commas. Set "decimal", or correct the cell.',
      shown,
    );
  return l10n.t(
    'expected a number such as 3.14, found "{0}". Correct the cell, remove the row, or leave the column out.',
    shown,
  );
}

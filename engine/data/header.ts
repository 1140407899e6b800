/** Whether the first row of a table holds the names of its columns. */
import { isBoolean, isMissing, looksNumeric, parseNumber } from './numerals.ts';

export interface HeaderFound {
  readonly hasHeader: boolean;
  /** Whether it is uncertain, so that a person should check. */
  readonly doubtful: boolean;
}

/** How many rows are examined below the first. */
export const sampleRows = 1000;
/** With fewer rows below the first, nothing can be called unusual. */
const fewestRows = 3;
/** This many columns numbered 0, 1, 2, … are hardly a row of data. */
const certainlyNumbered = 8;

/**
 * `names` are column names from the spec or another table: if the first row contains one, it is the header. Otherwise
 * strings above columns of numbers are names, if no number beside them could be data. Columns numbered 0, 1, 2, … are
 * names beside a text that occurs nowhere below, or above decimals.
 */
export function findHeader(rows: readonly (readonly string[])[], names: readonly string[]): HeaderFound {
  const first = rows[0];
  const below = rows.slice(1, 1 + sampleRows);
  const known = names.filter((name) => name !== '');
  // A text may name many of many columns.
  const cells = new Set(first);
  if (known.some((name) => cells.has(name) && !looksNumeric(name)))
    return { hasHeader: true, doubtful: false };
  if (known.length > 1 && known.every((name) => cells.has(name))) return { hasHeader: true, doubtful: false };
  if (below.length === 0) return { hasHeader: false, doubtful: false };

  const columns = first.map((cell, index) =>
    describe(
      cell,
      below.map((row) => row[index]),
    ),
  );
  const numbers = columns.filter(({ isNumber }) => isNumber);
  const texts = columns.filter(({ isText }) => isText);
  const textOverNumbers = texts.some(({ overNumbers }) => overNumbers);
  if (numbers.length === 0) return { hasHeader: textOverNumbers, doubtful: false };

  const numbered = numbers.every(({ value }, index) => value === index);
  const overNumbers = numbers.filter((column) => column.overNumbers);
  const enough = below.length >= fewestRows && overNumbers.length > 0;
  const farOff = enough && overNumbers.every((column) => column.farOff);
  const overDecimals = overNumbers.filter((column) => column.overDecimals);
  const wholeAboveDecimals =
    enough && overDecimals.length > 0 && overDecimals.every(({ isWhole }) => isWhole);
  const unusual = farOff || wholeAboveDecimals;
  const named = texts.length > 0 && texts.every((column) => column.overNumbers || column.occursOnce);
  if (named && (numbered || unusual)) return { hasHeader: true, doubtful: !textOverNumbers };
  if (
    numbered &&
    texts.length === 0 &&
    (numbers.length >= certainlyNumbered || (numbers.length > 2 && wholeAboveDecimals))
  )
    return { hasHeader: true, doubtful: true };
  const countsFrom = (start: number) => numbers.every(({ value }, index) => value === start + index);
  // Years, for example; unless the next row counts as well.
  const countsAlone =
    countsFrom(numbers[0].value) && !numbers.every(({ next }, index) => next === numbers[0].next + index);
  const counting = numbers.length > 2 && (numbered || countsFrom(1) || countsAlone);
  return { hasHeader: false, doubtful: unusual || counting || (named && !textOverNumbers) };
}

function describe(cell: string, below: readonly string[]) {
  const filled = below.filter((other) => !isMissing(other));
  const numeric = filled.filter(isValue);
  const overNumbers = numeric.length > 0 && numeric.length >= filled.length / 2;
  const isNumber = isValue(cell);
  const value = numberIn(cell);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const other of numeric) {
    low = Math.min(low, numberIn(other));
    high = Math.max(high, numberIn(other));
  }
  const range = high - low;
  const kinds = new Set(filled).size;
  return {
    value,
    /** In the row below. */
    next: numberIn(below[0]),
    isNumber,
    isText: !isNumber && !isMissing(cell),
    isWhole: /^[+-]?\d+$/.test(cell),
    overNumbers,
    overDecimals: overNumbers && numeric.every((other) => /[.,]/.test(other)),
    farOff: value < low - 2 * range || value > high + 2 * range,
    /** Not a class of the column, whose classes all come again and again. */
    occursOnce:
      !overNumbers && below.length > fewestRows && !filled.includes(cell) && kinds <= filled.length / 2,
  };
}

/** "No" may be a name, for a column of numbers. */
const isValue = (cell: string): boolean => looksNumeric(cell) || isBoolean(cell);

const numberIn = (cell: string): number => parseNumber(cell) ?? parseNumber(cell, 'comma') ?? Number.NaN;

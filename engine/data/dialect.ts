/** How a table is delimited: the delimiter is decided together with the decimal mark, on a whole sample of its rows. */
import Papa from 'papaparse';
import { isMissing, isNumeral, looksNumeric } from './numerals.ts';

/** Characters of the sample; more rows would not improve the decision. */
export const sampleLength = 2 ** 18;

/** A character that occurs in no table: with it, every row is one cell. */
const noDelimiter = '\u001f';

/** If two split equally well, the first one wins. So the comma, which may also be a decimal mark, comes last. */
const candidates = ['\t', ';', '|', ','] as const;

const splitRows = (text: string, delimiter: string) =>
  Papa.parse<string[]>(text, { delimiter, newline: '\n' });

const isBlankLine = (cells: readonly string[]): boolean =>
  cells.length === 0 || (cells.length === 1 && cells[0].trim() === '');

interface Candidate {
  readonly delimiter: string;
  readonly score: number;
  /** The first row, which may hold names, is split too. */
  readonly splitsFirst: boolean;
}

/**
 * The delimiter of `text`, whose line breaks are "\n". Each candidate is scored by the share of rows that have equally
 * many cells, times the share of cells that are numbers, with a decimal comma too where the comma is not the delimiter.
 */
export function findDelimiter(text: string, commaIsDecimal: boolean): string {
  const end = text.length > sampleLength ? text.lastIndexOf('\n', sampleLength) : text.length;
  const sample = end > 0 ? text.slice(0, end) : text;
  const scored = candidates
    .filter((delimiter) => sample.includes(delimiter) && !(delimiter === ',' && commaIsDecimal))
    .flatMap((delimiter) => score(sample, delimiter) ?? []);
  const best = scored.reduce<Candidate | undefined>(
    (most, one) => (most && most.score >= one.score ? most : one),
    undefined,
  );
  if (!best) return noDelimiter;
  // One column: if the first row is one cell, the delimiter may only be a decimal comma.
  const alone = best.splitsFirst ? undefined : score(sample, noDelimiter);
  return alone && alone.score > best.score ? noDelimiter : best.delimiter;
}

function score(sample: string, delimiter: string): Candidate | undefined {
  const rows = splitRows(sample, delimiter)
    .data.map((cells) => cells.map((cell) => cell.trim()))
    .filter((cells) => !isBlankLine(cells) && !cells[0].startsWith('#'));
  if (rows.length === 0) return undefined;
  const alone = delimiter === noDelimiter;
  const widths = new Map<number, number>();
  for (const { length } of rows) if (alone || length > 1) widths.set(length, (widths.get(length) ?? 0) + 1);
  if (widths.size === 0) return undefined;
  const agreeing = Math.max(...widths.values());
  const isNumber = (cell: string) =>
    delimiter === ','
      ? isNumeral(cell, 'point') || (cell.includes(',') && looksNumeric(cell))
      : looksNumeric(cell);
  let cells = 0;
  let numbers = 0;
  for (const row of rows.length > 1 ? rows.slice(1) : rows)
    for (const cell of row) {
      // Digits on both sides of another delimiter are two cells: "1,5;0" is 1.5 and 0.
      if (delimiter === ',' && /\d\s*[;\t|]\s*[+-]?[\d.,]/.test(cell)) return undefined;
      cells++;
      if (isNumber(cell) || isMissing(cell)) numbers++;
    }
  return {
    delimiter,
    score: (agreeing / rows.length) * (0.01 + numbers / Math.max(1, cells)),
    splitsFirst: rows[0].length > 1,
  };
}

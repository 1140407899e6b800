/** Missing values in the columns of a table: which cells they are, and which number is filled in. */
import type { Json } from '../schema/attributes.ts';
import { parseNumber } from './numerals.ts';
import type { Table } from './table.ts';

/** Whether a cell stands for a missing value. */
export type IsGap = (table: Table, row: number, column: number) => boolean;

/** Cells with one of these texts, or with an equal number: "-999" is -999.0, too. */
export function gapsWrittenAs(texts: readonly string[]): IsGap {
  if (texts.length === 0) return () => false;
  const written = new Set(texts);
  const numbers = new Set(
    texts
      .map((text) => parseNumber(text) ?? parseNumber(text, 'comma'))
      .filter((number) => number !== undefined),
  );
  return ({ rows, decimal }, row, column) => {
    const plain = rows.plainNumber(row, column, decimal);
    if (plain !== undefined) return numbers.has(plain);
    const cell = rows.text(row, column);
    if (written.has(cell)) return true;
    const value = parseNumber(cell, decimal);
    return value !== undefined && numbers.has(value);
  };
}

/**
 * The mean of each column of [rows, columns] over the given rows, without those that are NaN. `refuse` throws for a column that has no
 * other value there.
 */
export function meansWithoutGaps(
  values: Float64Array,
  columns: number,
  rows: Int32Array,
  refuse: (column: number) => Error,
): number[] {
  return Array.from({ length: columns }, (_, column) => {
    let [count, first, sum] = [0, 0, 0];
    for (const row of rows) {
      const value = values[row * columns + column];
      if (Number.isNaN(value)) continue;
      if (count++ === 0) first = value;
      // Relative to the first value, large values that differ little keep their digits.
      sum += value - first;
    }
    if (count === 0) throw refuse(column);
    return first + sum / count;
  });
}

/** Replaces each NaN in [rows, columns] with the number of its column. */
export function fillGaps(values: Float64Array, filled: readonly number[]): void {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = filled[i % filled.length];
}

/** What weights were trained with; undefined if nothing was kept for this many columns. */
export const keptFilling = (kept: Json | undefined, columns: number): number[] | undefined =>
  Array.isArray(kept) && kept.length === columns && kept.every((value) => typeof value === 'number')
    ? (kept as number[])
    : undefined;

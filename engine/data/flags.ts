/** Columns of true and false, or of yes and no. */
import { flagValue, isMissing } from './numerals.ts';
import type { TableBody } from './tableBody.ts';

/**
 * Whether the cells of a column, from a row on, are such words. What stands for a missing value says nothing about the others. `isGap`:
 * whether the network declares the cell in a row as missing.
 */
export function holdsFlags(
  rows: TableBody,
  column: number,
  from: number,
  isGap: (row: number) => boolean = () => false,
): boolean {
  let found = false;
  const isAll = rows.every((row) => {
    if (row < from) return true;
    const cell = rows.text(row, column);
    const isFlag = flagValue(cell) !== undefined;
    found ||= isFlag;
    return isFlag || isMissing(cell) || isGap(row);
  });
  return found && isAll;
}

/** The first rows of a table. */
import type { ReadBeginning } from './define.ts';
import { openTable, type Table, type TableOptions } from './table.ts';

export interface TableBeginning {
  readonly table: Table;
  /** Whether the rest of the file cannot change how many columns there are. */
  readonly showsWidth: boolean;
}

/** Throws ProblemError, also where the separator cannot be found without the other rows. */
export async function openBeginning(
  readBeginning: ReadBeginning,
  file: string,
  attribute: string,
  options: TableOptions,
): Promise<TableBeginning> {
  const { bytes, isWhole } = await readBeginning(file, attribute);
  async function* readPieces(): AsyncGenerator<Uint8Array, void> {
    yield bytes;
  }
  const table = await openTable({ readPieces, memoryLimit: Number.POSITIVE_INFINITY }, file, attribute, {
    ...options,
    isCut: !isWhole,
  });
  const { rows, hasHeader } = table;
  // Later rows may fill a column that is empty so far, and a first row alone may be a title.
  return { table, showsWidth: isWhole || (rows.dropped === 0 && (hasHeader || rows.length > 1)) };
}

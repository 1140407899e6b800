/** The first rows of a table, whose file may end within a row. */
import type { DataContext } from './define.ts';
import { openTable, type Table, type TableOptions } from './table.ts';

const lineBreak = 10;
/** With fewer rows, the last one is not cut off: the file may be that short. */
const fewest = 3;

/** Throws ProblemError, also where the separator cannot be found without the other rows. */
export function openBeginning(
  context: DataContext,
  file: string,
  attribute: string,
  options: TableOptions,
): Promise<Table> {
  async function* readPieces(path: string, of: string): AsyncGenerator<Uint8Array, void> {
    for await (const piece of context.readPieces(path, of)) {
      yield wholeRows(piece);
      return;
    }
  }
  return openTable({ ...context, readPieces }, file, attribute, options);
}

function wholeRows(bytes: Uint8Array): Uint8Array {
  const isLong = bytes.filter((byte) => byte === lineBreak).length >= fewest;
  return isLong ? bytes.subarray(0, bytes.lastIndexOf(lineBreak) + 1) : bytes;
}

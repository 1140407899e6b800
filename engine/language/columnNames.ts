/** The columns of a table by name, to be offered where one is written: only the beginning of the file is read. */

import { fileContext } from '../data/files.ts';
import { openTable } from '../data/table.ts';
import { ProblemError } from '../schema/problem.ts';

/** Bytes that are read. */
const beginning = 2 ** 16;
const lineBreak = 10;

/** Without those that have no name; none for a file without a header, or one that cannot be read. */
export async function columnNames(folder: string, file: string): Promise<readonly string[]> {
  const context = fileContext(folder, { seed: 0, memoryLimit: 2 ** 28 });
  async function* readPieces(path: string, attribute: string): AsyncGenerator<Uint8Array, void> {
    for await (const piece of context.readPieces(path, attribute)) {
      yield wholeLines(piece);
      return;
    }
  }
  try {
    const { hasHeader, columns } = await openTable({ ...context, readPieces }, file, 'file', {
      delimiter: 'auto',
      decimal: 'auto',
      header: 'auto',
      names: [],
      becomes: 'a number a row',
    });
    return hasHeader ? columns.filter((name) => name !== '') : [];
  } catch (error) {
    if (error instanceof ProblemError) return [];
    throw error;
  }
}

/** What is cut off is the rest of a line, too. */
function wholeLines(piece: Uint8Array): Uint8Array {
  if (piece.length <= beginning) return piece;
  const end = piece.subarray(0, beginning).lastIndexOf(lineBreak);
  return piece.subarray(0, end < 0 ? beginning : end + 1);
}

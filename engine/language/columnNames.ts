/** The columns of a table by name, to be offered where one is written: only the beginning of the file is read. */

import { fileContext } from '../data/files.ts';
import { openTable, type TableOptions, tableAttributes } from '../data/table.ts';
import { type Attribute, type Json, readAttribute } from '../schema/attributes.ts';
import { ProblemError } from '../schema/problem.ts';

/** Bytes that are read. */
const beginning = 2 ** 16;
const lineBreak = 10;

/** How a table is written, as far as the data says so. What it does not say, or not in a valid way, is detected. */
type Written = { readonly [name: string]: unknown };

/** Without those that have no name; none for a file without a header, or one that cannot be read. */
export async function columnNames(
  folder: string,
  file: string,
  written: Written = {},
): Promise<readonly string[]> {
  const context = fileContext(folder, { seed: 0, memoryLimit: 2 ** 28 });
  async function* readPieces(path: string, attribute: string): AsyncGenerator<Uint8Array, void> {
    for await (const piece of context.readPieces(path, attribute)) {
      yield wholeLines(piece);
      return;
    }
  }
  try {
    const { hasHeader, columns } = await openTable({ ...context, readPieces }, file, 'file', {
      ...settingsOf(written),
      names: [],
      becomes: 'a number a row',
    });
    return hasHeader ? columns.filter((name) => name !== '') : [];
  } catch (error) {
    if (error instanceof ProblemError) return [];
    throw error;
  }
}

function settingsOf(written: Written): Pick<TableOptions, keyof typeof tableAttributes> {
  const { header, delimiter, decimal } = tableAttributes;
  return {
    header: settingOf(header, written.header),
    delimiter: settingOf(delimiter, written.delimiter),
    decimal: settingOf(decimal, written.decimal),
  };
}

function settingOf<T>(attribute: Attribute<T>, written: unknown): T {
  const reading = readAttribute(attribute, written as Json | undefined);
  return 'value' in reading ? reading.value : (attribute.default as T);
}

/** What is cut off is the rest of a line, too. */
function wholeLines(piece: Uint8Array): Uint8Array {
  if (piece.length <= beginning) return piece;
  const end = piece.subarray(0, beginning).lastIndexOf(lineBreak);
  return piece.subarray(0, end < 0 ? beginning : end + 1);
}

/** The columns of a table by name, to be offered where one is written: only the beginning of the file is read. */
import { beginningsIn } from '../data/beginning.ts';
import { type TableOptions, tableAttributes } from '../data/table.ts';
import { openBeginning } from '../data/tableBeginning.ts';
import { type Attribute, type Json, readAttribute } from '../schema/attributes.ts';
import { ProblemError } from '../schema/problem.ts';

/** How a table is written, as far as the data says so. What it does not say, or not in a valid way, is detected. */
type Written = { readonly [name: string]: unknown };

/** Without those that have no name; none for a file without a header, or one that cannot be read. */
export async function columnNames(
  folder: string,
  file: string,
  written: Written = {},
): Promise<readonly string[]> {
  try {
    const { table } = await openBeginning(beginningsIn(folder), file, 'file', {
      ...settingsOf(written),
      names: [],
      becomes: 'a number a row',
    });
    return table.hasHeader ? table.columns.filter((name) => name !== '') : [];
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

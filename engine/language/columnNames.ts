/** The columns of a table by name, to be offered where one is written: only the beginning of the file is read. */
import { beginningsIn } from '../data/beginning.ts';
import { openBeginning } from '../data/tableBeginning.ts';
import { ProblemError } from '../schema/problem.ts';

/** Without those that have no name; none for a file without a header, or one that cannot be read. */
export async function columnNames(folder: string, file: string): Promise<readonly string[]> {
  try {
    const { hasHeader, columns } = await openBeginning(beginningsIn(folder), file, 'file', {
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

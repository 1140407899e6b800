/** What the beginnings of data files show of their input, for a network that is being written. */
import { beginningsIn } from '../data/beginning.ts';
import type { DataContext, InputField } from '../data/define.ts';
import { datasets } from '../data/registry.ts';
import type { Described } from '../schema/kind.ts';
import { ProblemError } from '../schema/problem.ts';

/** The input of data in files, and the paths of the files that show it, as written. */
export interface FirstInput {
  /** Undefined if it takes more to know it, or if a file is faulty. */
  readonly input: InputField | undefined;
  readonly files: readonly string[];
}

export async function firstInput({ type, attributes }: Described, folder: string): Promise<FirstInput> {
  const context = beginningsIn(folder);
  const files: string[] = [];
  const readPieces: DataContext['readPieces'] = (path, attribute) => {
    files.push(path);
    return context.readPieces(path, attribute);
  };
  try {
    return {
      input: await datasets.get(type).firstInput?.(attributes, { ...context, readPieces }),
      files,
    };
  } catch (error) {
    // Nothing may look at a path that is refused: it may be on another machine.
    if (error instanceof ProblemError)
      return { input: undefined, files: error.code === 'data/path' ? [] : files };
    throw error;
  }
}

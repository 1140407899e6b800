/** What the beginnings of data files show of their input, for a network that is being written. */
import { beginningsIn } from '../data/beginning.ts';
import type { InputField, ReadBeginning } from '../data/define.ts';
import { datasets } from '../data/registry.ts';
import { canBeInput } from '../graph/inputs.ts';
import type { Described } from '../schema/kind.ts';
import { ProblemError } from '../schema/problem.ts';

/** The input of data in files. */
export interface FirstInput {
  /** Undefined if it takes more to know it, if a file is faulty, or if no layer can read it. */
  readonly input: InputField | undefined;
  /** The paths of the files that show it, as written, by the attributes that name them. */
  readonly files: { readonly [attribute: string]: string };
}

export async function firstInput({ type, attributes }: Described, folder: string): Promise<FirstInput> {
  const read = beginningsIn(folder);
  const files: { [attribute: string]: string } = {};
  const readBeginning: ReadBeginning = (path, attribute) => {
    files[attribute] = path;
    return read(path, attribute);
  };
  try {
    const input = await datasets.get(type).firstInput?.(attributes, readBeginning);
    return { input: input && canBeInput(input.shape) ? input : undefined, files };
  } catch (error) {
    // Nothing may look at a path that is refused: it may be on another machine.
    if (error instanceof ProblemError)
      return { input: undefined, files: error.code === 'data/path' ? {} : files };
    throw error;
  }
}

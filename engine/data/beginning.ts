/** Data files as far as their beginnings: all of them would take too long to read while a person types. */
import type { DataContext } from './define.ts';
import { fileContext } from './files.ts';

/** Bytes that are read. */
const beginning = 2 ** 16;

/** A context whose files end after their beginning. */
export function beginningsIn(folder: string): DataContext {
  const context = fileContext(folder, { seed: 0, memoryLimit: 2 ** 28 });
  async function* readPieces(path: string, attribute: string): AsyncGenerator<Uint8Array, void> {
    for await (const piece of context.readPieces(path, attribute)) {
      yield piece.subarray(0, beginning);
      return;
    }
  }
  return { ...context, readPieces };
}

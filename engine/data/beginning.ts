/** Data files as far as their beginnings: all of them would take too long to read while a person types. */
import type { ReadBeginning } from './define.ts';
import { fileContext } from './files.ts';

/** Bytes that are read. */
const mostBytes = 2 ** 16;

/** The beginnings of files whose paths are relative to `folder`. */
export function beginningsIn(folder: string): ReadBeginning {
  const { readPieces } = fileContext(folder, { seed: 0, memoryLimit: mostBytes });
  return async (path, attribute) => {
    const pieces: Uint8Array[] = [];
    let found = 0;
    for await (const piece of readPieces(path, attribute)) {
      pieces.push(piece);
      found += piece.length;
      if (found > mostBytes) break;
    }
    return { bytes: Buffer.concat(pieces).subarray(0, mostBytes), isWhole: found <= mostBytes };
  };
}

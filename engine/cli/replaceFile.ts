/** Replaces a network's file completely or not at all, and only if it has not changed in the meantime. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from '../runs/fs.ts';
import { unwritable } from './unwritable.ts';

/** `before` is the text that was read from it. Returns the reason if nothing was written. */
export function replaceFile(file: string, before: string, after: string): string | undefined {
  try {
    return replace(file, before, after);
  } catch (error) {
    if (codeOf(error) === 'ENOENT')
      return 'the file has been deleted or renamed since it was read, so nothing was written.';
    return unwritable(error, file);
  }
}

function replace(file: string, before: string, after: string): string | undefined {
  // Writes to the target of a link; the link itself stays.
  const path = realpathSync(file);
  // The name of the network may be as long as a name can be.
  const temporary = join(dirname(path), `.netloom-${randomBytes(6).toString('hex')}.tmp`);
  const opened = openSync(temporary, 'wx');
  try {
    try {
      fchmodSync(opened, statSync(path).mode & 0o7777);
      const bytes = Buffer.from(after, 'utf8');
      for (let written = 0; written < bytes.length; ) written += writeSync(opened, bytes, written);
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
    if (!readFileSync(path).equals(Buffer.from(before, 'utf8'))) {
      rmSync(temporary);
      return 'the file has changed since it was read, or is not UTF-8, so it was not written. Run the command again.';
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return undefined;
}

/**
 * Loads a bundle with the code that the runtime compiled for it in an earlier process: compiling is a third of the time that a bundle
 * takes to load. Node keeps the code in a folder that only this user can write to, because whoever writes there decides what is
 * run. Before Node 22.8 there is no such cache.
 */
import { lstatSync, mkdirSync } from 'node:fs';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What `node:module` has from Node 22.8 on. */
interface CompileCache {
  enableCompileCache?(folder: string): unknown;
  flushCompileCache?(): void;
}

/** Returns what the bundle exports. A cache that cannot be read or written has no effect. */
export function loadBundle<T>(file: string): T {
  const cache = module as CompileCache;
  const folder = cache.enableCompileCache && privateFolder(tmpdir());
  if (folder !== undefined) cache.enableCompileCache?.(folder);
  const loaded = require(file) as T;
  // Now and not at the end: the process may be ended before, and code is valid only under the flags at this moment, which a run changes.
  cache.flushCompileCache?.();
  return loaded;
}

/** A folder inside `parent` that no other user can write to; undefined if there can be none. */
export function privateFolder(parent: string): string | undefined {
  // On Windows, the folder for temporary files is the user's own.
  const user = process.getuid?.();
  const folder = join(parent, user === undefined ? 'netloom-code' : `netloom-code-${user}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It is there already, or cannot be made.
  }
  try {
    const entry = lstatSync(folder);
    const isPrivate = user === undefined || (entry.uid === user && (entry.mode & 0o077) === 0);
    return entry.isDirectory() && isPrivate ? folder : undefined;
  } catch {
    return undefined;
  }
}

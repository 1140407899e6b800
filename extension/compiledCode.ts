/**
 * Loads a script with the code that V8 compiled for it before. Compiling takes most of the time in which a large script loads, and
 * VS Code compiles an extension again in each window. V8 refuses code of another version of itself; that it is of the same script,
 * and whole, is checked here.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';

export interface LoadedScript<T> {
  readonly exports: T;
  /** Whether the code that was kept could be used. */
  readonly wasKept: boolean;
  /** Keeps the code for the next time, with the functions that have run by now, unless it was kept already. */
  keep(): void;
}

/** `cache`: the file in which code is kept. A script that cannot be read throws; a cache that cannot is compiled again. */
export function loadScript<T>(file: string, cache: string): LoadedScript<T> {
  const bytes = readFileSync(file);
  const source = digest(bytes);
  const cachedData = codeIn(cache, source);
  const script = new Script(Module.wrap(bytes.toString()), {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  });
  const wasKept = cachedData !== undefined && script.cachedDataRejected === false;
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, path.dirname(file));
  return {
    exports: module.exports as T,
    wasKept,
    keep: () => {
      if (!wasKept) write(cache, source, script.createCachedData());
    },
  };
}

const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
const digestLength = 32;

/** A cache is the digest of the script, that of the code, and the code. */
function codeIn(cache: string, source: Buffer): Buffer | undefined {
  try {
    const bytes = readFileSync(cache);
    const code = bytes.subarray(2 * digestLength);
    const isWhole =
      bytes.subarray(0, digestLength).equals(source) &&
      bytes.subarray(digestLength, 2 * digestLength).equals(digest(code));
    return isWhole ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Several windows may write at once; each renames a file of its own. Without space or rights nothing is kept. */
function write(cache: string, source: Buffer, code: Buffer): void {
  const own = `${cache}.${process.pid}`;
  try {
    mkdirSync(path.dirname(cache), { recursive: true });
    try {
      writeFileSync(own, Buffer.concat([source, digest(code), code]));
      renameSync(own, cache);
    } finally {
      rmSync(own, { force: true });
    }
  } catch {
    // The script is compiled again next time.
  }
}

/**
 * Loads a script with the code that V8 compiled for it earlier. Compilation takes most of the loading time of a large script, and
 * VS Code compiles an extension again in each window. V8 refuses code of another version of itself. This file checks that the code
 * is complete and belongs to the same script.
 */
import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';

export interface LoadedScript<T> {
  readonly exports: T;
  /** Whether the cached code could be used. */
  readonly wasKept: boolean;
  /** Caches the code for the next start, including functions that have run so far, unless it is cached already. */
  keep(): void;
}

/**
 * `cache`: the file with the cached code. Throws if the script cannot be read. If the cache cannot be read, the script is compiled
 * again.
 */
export function loadScript<T>(file: string, cache: string): LoadedScript<T> {
  const bytes = readFileSync(file);
  const source = digest(bytes);
  const cachedData = codeIn(cache, source);
  // The bundle is ASCII, which need not be decoded.
  const script = new Script(Module.wrap(bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')), {
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

/** A cache consists of the digest of the script, the digest of the code, and the code. */
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

/** Several windows may write at once, so each renames its own file. Without space or permission, nothing is cached. */
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
    // The next start compiles the script again.
  }
}

/**
 * Loads scripts with the code that V8 compiled for them earlier. Compilation takes most of the loading time of a large script, and
 * VS Code compiles an extension again in each window. V8 refuses code of another version of itself. This file checks that the code
 * is complete and belongs to the same script.
 */
import { isAscii } from 'node:buffer';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';

/** Milliseconds after which code is cached. Until then VS Code is busy, and the functions that run first are compiled, too. */
const beforeKeeping = 5000;

/** The scripts in `folder`. Their code is cached in `cache`, a folder. */
export class CompiledScripts {
  readonly #loaded = new Map<string, { exports: object }>();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(
    readonly folder: string,
    readonly cache: string,
  ) {}

  /** What a script exports. Throws if it cannot be read or fails. If its cached code cannot be read, it is compiled again. */
  load(name: string): object {
    const known = this.#loaded.get(name);
    if (known) return known.exports;
    const file = path.join(this.folder, name);
    const { script, keep } = compile(file, path.join(this.cache, name));
    const module = { exports: {} };
    this.#loaded.set(name, module);
    try {
      script.runInThisContext()(module.exports, this.#requireFrom(file), module, file, this.folder);
    } catch (error) {
      // Half of it would fail later, elsewhere and with another message.
      this.#loaded.delete(name);
      throw error;
    }
    if (keep) this.#timers.push(setTimeout(keep, beforeKeeping));
    return module.exports;
  }

  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /**
   * In scripts, "./networks.cjs#engine/spec/parse.ts" is what another script exports under that name. Other modules are asked for
   * once, not by each of our modules: VS Code looks every time for the extension that wants its interface.
   */
  #requireFrom(file: string): (id: string) => unknown {
    const require = createRequire(file);
    const required = new Map<string, unknown>();
    return (id) => {
      const [script, part] = id.split('#') as [string, string?];
      if (part !== undefined) return Reflect.get(this.load(path.basename(script)), part);
      if (!required.has(id)) required.set(id, require(id));
      return required.get(id);
    };
  }
}

/** `keep` caches the code for the next start, including functions that have run so far. It is missing if the cached code could be used. */
function compile(file: string, cache: string): { readonly script: Script; readonly keep?: () => void } {
  const bytes = readFileSync(file);
  const source = digest(bytes);
  const cachedData = codeIn(cache, source);
  // The bundle is ASCII, which need not be decoded.
  const script = new Script(Module.wrap(bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')), {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  });
  if (cachedData && script.cachedDataRejected === false) return { script };
  return { script, keep: () => write(cache, source, script.createCachedData()) };
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

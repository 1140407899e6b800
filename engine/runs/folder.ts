/**
 * A folder of a run, in which nothing is ever written through a link. The folder is kept open and, if the system allows
 * it, files are accessed relative to it and not by paths that may change in the meantime. Files are created under a new
 * temporary name and then renamed, so that every name has either the complete old content or the complete new one.
 */
import { join } from 'node:path';
import { linkError, notFileError, notFolderError } from './errors.ts';
import { codeOf, type Fs, type HeldFolder, type OpenFile } from './fs.ts';
import { type Place, pathOf, type RunFile, runFiles } from './layout.ts';

const names = Object.values(runFiles).map((name) => name.replaceAll('.', '\\.'));
const temporaryPattern = new RegExp(`^(?:${names.join('|')})\\.[0-9a-f]{12}(?:-\\d+)?\\.tmp$`);

/** Fails at the first component below the root that is a link or not a folder. Returns the number of missing folders. */
async function missingFolders(fs: Fs, { root, below }: Place): Promise<number> {
  for (let depth = 1; depth <= below.length; depth++) {
    const path = join(root, ...below.slice(0, depth));
    const entry = await fs.look(path);
    if (!entry) return below.length - depth + 1;
    if (entry.kind === 'link') throw linkError(path);
    if (entry.kind !== 'folder') throw notFolderError(path);
  }
  return 0;
}

/** True if the folder exists and can be trusted. Throws ProblemError for a link or a file in its path. */
export const folderExists = async (fs: Fs, place: Place): Promise<boolean> =>
  (await missingFolders(fs, place)) === 0;

/**
 * Creates the missing folders of a place, including the last one, and returns their paths. Throws ProblemError or the system's
 * error.
 */
export async function makeFolders(fs: Fs, place: Place): Promise<string[]> {
  const made: string[] = [];
  // A run that gives up removes its empty folders, perhaps while this run creates folders in them: try again.
  for (let attempts = 0; attempts < 100; attempts++) {
    const missing = await missingFolders(fs, place);
    if (missing === 0) return made;
    const path = join(place.root, ...place.below.slice(0, place.below.length - missing + 1));
    try {
      await fs.makeFolder(path);
      made.push(path);
      await fs.syncFolder(join(path, '..'));
    } catch (error) {
      const isRace =
        codeOf(error) === 'EEXIST' || (codeOf(error) === 'ENOENT' && missing < place.below.length);
      if (!isRace) throw error;
    }
  }
  throw notFolderError(pathOf(place));
}

export class RunFolder {
  /** The path as people know it. */
  readonly path: string;
  readonly #fs: Fs;
  readonly #place: Place;
  readonly #held: HeldFolder;
  readonly #token: string;
  #count: number;

  private constructor(fs: Fs, place: Place, held: HeldFolder, token: string, count: number) {
    this.#fs = fs;
    this.#place = place;
    this.path = pathOf(place);
    this.#held = held;
    this.#token = token;
    this.#count = count;
  }

  /**
   * `token` marks this run's temporary files, which are numbered from `count` on. Throws ProblemError, or ENOENT if the folder
   * does not exist.
   */
  static async open(fs: Fs, place: Place, token: string, count = 0): Promise<RunFolder> {
    const path = pathOf(place);
    await missingFolders(fs, place);
    await identityOf(fs, path, place);
    // A root that the person chose may be a link; what is below it may not.
    const held = await fs.hold(path, place.below.length === 0);
    const folder = new RunFolder(fs, place, held, token, count);
    try {
      // The open folder may already be another one; it is ours only if its path still leads to it.
      await folder.check();
      return folder;
    } catch (error) {
      await held.close();
      throw error;
    }
  }

  /** The path through which its files are accessed. */
  get within(): string {
    return this.#held.path;
  }

  close(): Promise<void> {
    return this.#held.close();
  }

  /** Throws if the folder, or one above it, has been removed or replaced since it was opened. */
  async check(): Promise<void> {
    await missingFolders(this.#fs, this.#place);
    if ((await identityOf(this.#fs, this.path, this.#place)) !== this.#held.entry.identity)
      throw gone(this.path);
  }

  /** Refuses names of links, folders and devices. */
  async checkFile(name: RunFile): Promise<void> {
    const path = join(this.path, name);
    const entry = await this.#fs.look(join(this.within, name));
    if (entry?.kind === 'link') throw linkError(path);
    if (entry && entry.kind !== 'file') throw notFileError(path);
  }

  /** Creates a file under a temporary name. Returns both. */
  async create(name: RunFile): Promise<{ readonly file: OpenFile; readonly temporary: string }> {
    await this.check();
    await this.checkFile(name);
    const temporary = `${name}.${this.#token}${this.#count === 0 ? '' : `-${this.#count}`}.tmp`;
    this.#count++;
    const file = await this.#fs.create(join(this.within, temporary));
    try {
      // The folder may have been replaced by a link while the file was created.
      await this.check();
    } catch (error) {
      await file.close();
      throw error;
    }
    return { file, temporary };
  }

  /** Gives a temporary file its final name and replaces the file with that name. */
  async publish(temporary: string, name: RunFile): Promise<void> {
    await this.check();
    await this.checkFile(name);
    await this.#fs.rename(join(this.within, temporary), join(this.within, name));
    await this.#fs.syncFolder(this.within);
  }

  /** Replaces a complete file, or fails and leaves the old one unchanged. */
  async writeWhole(name: RunFile, bytes: Uint8Array): Promise<void> {
    const { file, temporary } = await this.create(name);
    try {
      try {
        await writeAll(file, bytes);
        const { size } = await file.entry();
        if (size !== bytes.length)
          throw Object.assign(new Error(`${size} of ${bytes.length} bytes`), { code: 'EIO' });
        await file.sync();
      } finally {
        await file.close();
      }
      await this.publish(temporary, name);
    } catch (error) {
      await this.discard(temporary);
      // People know the file by its name, not by its temporary one.
      throw codeOf(error) === undefined
        ? error
        : Object.assign(error as Error, { path: join(this.path, name) });
    }
  }

  /** Removes a temporary file. If that fails, the next run removes it. */
  async discard(temporary: string): Promise<void> {
    await this.#fs.remove(join(this.within, temporary)).catch(() => undefined);
  }

  /** The temporary name of a file of this run, if it has one. */
  async temporaryOf(name: RunFile): Promise<string | undefined> {
    const names = await this.#fs.list(this.within);
    return names.find((found) => found.startsWith(`${name}.${this.#token}`) && temporaryPattern.test(found));
  }

  /** Removes all temporary files but `kept`: only the holder of the folder's lock may call this. */
  async removeTemporaries(kept?: string): Promise<void> {
    await removeLeftovers(this.#fs, this.within, kept);
  }

  /** Opens one of the run's files to append to it. */
  async append(name: string): Promise<OpenFile> {
    await this.check();
    const file = await this.#fs.append(join(this.within, name));
    if ((await file.entry()).kind === 'file') return file;
    await file.close();
    throw notFileError(join(this.path, name));
  }

  /** Removes the run's files in it, as far as possible. Throws if the folder is no longer ours. */
  async removeFiles(): Promise<void> {
    await this.check();
    for (const name of Object.values(runFiles)) await this.discard(name);
  }
}

/** Removes temporary files of ended runs from a folder that is known to be ours and not in use. */
export async function removeLeftovers(fs: Fs, folder: string, kept?: string): Promise<void> {
  for (const name of await fs.list(folder))
    if (temporaryPattern.test(name) && name !== kept)
      await fs.remove(join(folder, name)).catch(() => undefined);
}

/** Throws if not all bytes could be written; `written` of the error is the number of bytes that were. */
export async function writeAll(file: OpenFile, bytes: Uint8Array): Promise<void> {
  let written = 0;
  try {
    while (written < bytes.length) {
      const count = await file.write(bytes.subarray(written));
      if (count <= 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
      written += count;
    }
  } catch (error) {
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), { written });
  }
}

async function identityOf(fs: Fs, path: string, { below }: Place): Promise<string> {
  const entry = await fs.look(path);
  if (!entry) throw gone(path);
  if (entry.kind === 'folder') return entry.identity;
  if (entry.kind !== 'link' || below.length > 0) throw notFolderError(path);
  // For the folder to which a root that is a link leads.
  const led = await fs.hold(path, true);
  await led.close();
  return led.entry.identity;
}

const gone = (path: string): Error => Object.assign(new Error(`${path} is gone`), { code: 'ENOENT' });

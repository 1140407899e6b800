/**
 * The few file operations that runs need, in one interface, so that tests can make any of them fail, stop half-way or
 * lose power.
 */
import { constants, type Stats } from 'node:fs';
import {
  type FileHandle,
  lstat,
  lutimes,
  mkdir,
  open,
  readdir,
  rename,
  rmdir,
  stat,
  unlink,
} from 'node:fs/promises';

export interface Entry {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, by the clock of the file system. */
  readonly modified: number;
  /** Identifies the same file or folder under any path. */
  readonly identity: string;
}

export interface OpenFile {
  /** Appends, and returns the number of bytes written: fewer than given if the disk is full. */
  write(bytes: Uint8Array): Promise<number>;
  /** Fills `into` from `position` on, and returns the number of bytes read. */
  read(into: Uint8Array, position: number): Promise<number>;
  entry(): Promise<Entry>;
  /** Returns when the content survives a loss of power. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface HeldFolder {
  /** A path to this folder, even if its name, or one above it, has become a link in the meantime. */
  readonly path: string;
  readonly entry: Entry;
  close(): Promise<void>;
}

/** Every method throws the system's error, with its `code`. No method follows a link in the last component of a path. */
export interface Fs {
  /** The entry at a path; undefined if there is none. */
  look(path: string): Promise<Entry | undefined>;
  /** Names in a folder. */
  list(path: string): Promise<string[]>;
  /** `viaLink`: whether the last component may be a link. */
  hold(path: string, viaLink: boolean): Promise<HeldFolder>;
  /** Fails with EEXIST if the path exists, even as a broken link. */
  makeFolder(path: string): Promise<void>;
  /** A new file; fails with EEXIST as `makeFolder` does. */
  create(path: string): Promise<OpenFile>;
  openToRead(path: string): Promise<OpenFile>;
  /** To read, and to write at its end. */
  append(path: string): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Only an empty one. */
  removeFolder(path: string): Promise<void>;
  /** Returns when names in the folder would survive a loss of power, where the system can promise that. */
  syncFolder(path: string): Promise<void>;
  /** Sets the time of modification to now. */
  touch(path: string): Promise<void>;
}

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;

function entryOf(stats: Stats): Entry {
  const kind = stats.isSymbolicLink()
    ? 'link'
    : stats.isDirectory()
      ? 'folder'
      : stats.isFile()
        ? 'file'
        : 'other';
  return { kind, size: stats.size, modified: stats.mtimeMs, identity: `${stats.dev}:${stats.ino}` };
}

class NodeFile implements OpenFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(bytes: Uint8Array): Promise<number> {
    return (await this.#handle.write(bytes)).bytesWritten;
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.read(into, 0, into.length, position)).bytesRead;
  }

  async entry(): Promise<Entry> {
    return entryOf(await this.#handle.stat());
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

const isWindows = process.platform === 'win32';
// Windows has neither flag; there, only the checks before and after opening protect.
const noFollow = constants.O_NOFOLLOW ?? 0;
/** Opening a pipe must not wait for a process that writes. */
const noWait = constants.O_NONBLOCK ?? 0;

/** Paths of open folders, if the system has them. Otherwise, only the checks before and after each call protect. */
const openFolders = process.platform === 'linux' ? '/proc/self/fd' : undefined;

/** A path within an open folder, as people know it: `folder` is the name of that folder. */
export const nameOfHeld = (path: string, folder: string): string =>
  openFolders === undefined ? path : path.replace(/^\/proc\/self\/fd\/\d+/, folder);

/** Virus scanners and indexers keep new files open for a moment; a rename then fails, and succeeds soon after. */
const busyCodes = new Set(isWindows ? ['EBUSY', 'EPERM', 'EACCES'] : ['EBUSY']);
const patience = [10, 40, 160];

export const nodeFs: Fs = {
  async look(path) {
    try {
      return entryOf(await lstat(path));
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
      throw error;
    }
  },
  list: (path) => readdir(path),
  async hold(path, viaLink) {
    if (openFolders === undefined) {
      const stats = await (viaLink ? stat(path) : lstat(path));
      return { path, entry: entryOf(stats), close: async () => {} };
    }
    const follow = viaLink ? 0 : noFollow;
    const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | follow);
    try {
      const entry = entryOf(await handle.stat());
      const held = `${openFolders}/${handle.fd}`;
      // A container may have no /proc.
      const isThere = await stat(held).then(
        (found) => entryOf(found).identity === entry.identity,
        () => false,
      );
      return { path: isThere ? held : path, entry, close: () => handle.close() };
    } catch (error) {
      await handle.close();
      throw error;
    }
  },
  makeFolder: (path) => mkdir(path),
  create: async (path) =>
    new NodeFile(await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | noFollow)),
  openToRead: async (path) => new NodeFile(await open(path, constants.O_RDONLY | noFollow | noWait)),
  append: async (path) =>
    new NodeFile(await open(path, constants.O_RDWR | constants.O_APPEND | noFollow | noWait)),
  async rename(from, to) {
    for (const wait of [...patience, undefined])
      try {
        return await rename(from, to);
      } catch (error) {
        if (wait === undefined || !busyCodes.has(codeOf(error) ?? '')) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
  },
  remove: (path) => unlink(path),
  removeFolder: (path) => rmdir(path),
  async syncFolder(path) {
    // Windows cannot open a folder, and saves names without a request.
    if (isWindows) return;
    const folder = await open(path, constants.O_RDONLY);
    try {
      await folder.sync();
    } catch (error) {
      // Some network file systems cannot sync a folder.
      if (!['EINVAL', 'ENOTSUP', 'EBADF'].includes(codeOf(error) ?? '')) throw error;
    } finally {
      await folder.close();
    }
  },
  touch(path) {
    const now = new Date();
    return lutimes(path, now, now);
  },
};

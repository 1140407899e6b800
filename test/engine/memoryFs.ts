/**
 * A file system in memory that can lose power: only what was synced to disk remains. Faults can be injected into any
 * call. It has no links; the tests of links run on a real disk.
 */
import { dirname } from 'node:path';
import type { Entry, Fs, HeldFolder, OpenFile } from '../../engine/runs/fs.ts';

interface Node {
  readonly kind: 'file' | 'folder';
  readonly identity: string;
  content: Buffer;
  /** The content that remains after a loss of power. */
  synced: Buffer;
  modified: number;
}

const failure = (code: string, path: string) => Object.assign(new Error(`${code}: ${path}`), { code, path });

export class MemoryFs implements Fs {
  /** The files as programs see them. */
  #nodes = new Map<string, Node>();
  /** The files as they are on disk. */
  #durable = new Map<string, Node>();
  #count = 0;

  constructor() {
    this.#nodes.set('/', this.#node('folder'));
    this.#durable = new Map(this.#nodes);
  }

  /** Removes everything that was not synced to disk; of a file that was being written, `torn` bytes remain. */
  losePower(torn = 0): void {
    this.#nodes = new Map();
    for (const [path, node] of this.#durable) {
      const tail = node.content.subarray(node.synced.length);
      const content = Buffer.concat([node.synced, tail.subarray(0, Math.max(0, tail.length - torn))]);
      node.content = torn > 0 ? content : node.synced;
      if (path === '/' || this.#durable.has(dirname(path))) this.#nodes.set(path, node);
    }
  }

  put(path: string, content: string): void {
    const node = this.#node('file');
    node.content = node.synced = Buffer.from(content);
    this.#nodes.set(path, node);
    this.#durable.set(path, node);
  }

  putFolder(path: string): void {
    const node = this.#node('folder');
    this.#nodes.set(path, node);
    this.#durable.set(path, node);
  }

  read(path: string): string | undefined {
    return this.#nodes.get(path)?.content.toString();
  }

  names(folder: string): string[] {
    return [...this.#nodes.keys()].filter((path) => path !== '/' && dirname(path) === folder).map(nameOf);
  }

  /** The paths of all files. */
  get paths(): string[] {
    return [...this.#nodes].filter(([, { kind }]) => kind === 'file').map(([path]) => path);
  }

  async look(path: string): Promise<Entry | undefined> {
    const node = this.#nodes.get(path);
    return node && entryOf(node);
  }

  async list(path: string): Promise<string[]> {
    this.#folder(path);
    return this.names(path);
  }

  async hold(path: string): Promise<HeldFolder> {
    this.#folder(path);
    return { path, entry: entryOf(this.#nodes.get(path)!), close: async () => {} };
  }

  async makeFolder(path: string): Promise<void> {
    this.#vacant(path);
    this.#nodes.set(path, this.#node('folder'));
  }

  async create(path: string): Promise<OpenFile> {
    this.#vacant(path);
    const node = this.#node('file');
    this.#nodes.set(path, node);
    return openFile(node);
  }

  async openToRead(path: string): Promise<OpenFile> {
    return openFile(this.#file(path));
  }

  async append(path: string): Promise<OpenFile> {
    return openFile(this.#file(path));
  }

  async rename(from: string, to: string): Promise<void> {
    const node = this.#file(from);
    this.#folder(dirname(to));
    if (this.#nodes.get(to)?.kind === 'folder') throw failure('EISDIR', to);
    this.#nodes.delete(from);
    this.#nodes.set(to, node);
  }

  async remove(path: string): Promise<void> {
    this.#file(path);
    this.#nodes.delete(path);
  }

  async removeFolder(path: string): Promise<void> {
    this.#folder(path);
    if (this.names(path).length > 0) throw failure('ENOTEMPTY', path);
    this.#nodes.delete(path);
  }

  async syncFolder(path: string): Promise<void> {
    this.#folder(path);
    for (const known of [...this.#durable.keys()])
      if (known !== '/' && dirname(known) === path) this.#durable.delete(known);
    for (const [known, node] of this.#nodes)
      if (known !== '/' && dirname(known) === path) this.#durable.set(known, node);
  }

  async touch(path: string): Promise<void> {
    this.#file(path).modified = Date.now();
  }

  #node(kind: Node['kind']): Node {
    const empty = Buffer.alloc(0);
    return { kind, identity: String(this.#count++), content: empty, synced: empty, modified: Date.now() };
  }

  #folder(path: string): void {
    const node = this.#nodes.get(path);
    if (!node) throw failure('ENOENT', path);
    if (node.kind !== 'folder') throw failure('ENOTDIR', path);
  }

  #vacant(path: string): void {
    this.#folder(dirname(path));
    if (this.#nodes.has(path)) throw failure('EEXIST', path);
  }

  #file(path: string): Node {
    const node = this.#nodes.get(path);
    if (!node) throw failure('ENOENT', path);
    if (node.kind !== 'file') throw failure('EISDIR', path);
    return node;
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const entryOf = ({ kind, content, modified, identity }: Node): Entry => ({
  ...{ kind, modified, identity },
  size: content.length,
});

function openFile(node: Node): OpenFile {
  return {
    async write(bytes) {
      node.content = Buffer.concat([node.content, bytes]);
      node.modified = Date.now();
      return bytes.length;
    },
    async read(into, position) {
      return node.content.copy(into, 0, position);
    },
    entry: async () => entryOf(node),
    async sync() {
      node.synced = node.content;
    },
    close: async () => undefined,
  };
}

/** What happens to the call: it throws `code`, before or after it is done, or the process crashes and does nothing more. */
export type Fault = 'error once' | 'error forever' | 'short write' | 'crash before' | 'crash after';

export class Crash extends Error {}

/** The file system with a fault at its call number `at`, counted from 1. `calls` returns how many there were. */
export function withFault(
  fs: Fs,
  at: number,
  fault: Fault,
  code: string,
): { readonly fs: Fs; calls: number } {
  const counter = { fs, calls: 0 };
  const isLasting = fault !== 'error once' && fault !== 'short write';
  const call = async <T>(path: string, act: () => Promise<T>, shorten?: () => Promise<T>): Promise<T> => {
    const now = ++counter.calls;
    if (now < at || (now > at && !isLasting)) return act();
    if (fault === 'short write') {
      if (shorten) return shorten();
      return act();
    }
    if (fault === 'crash after' && now === at) await act();
    throw fault.startsWith('crash') ? new Crash(path) : failure(code, path);
  };
  const wrap = (path: string, file: OpenFile): OpenFile => ({
    write: (bytes) =>
      call(
        path,
        () => file.write(bytes),
        () => file.write(bytes.subarray(0, Math.floor(bytes.length / 2))),
      ),
    read: (into, position) => call(path, () => file.read(into, position)),
    entry: () => call(path, () => file.entry()),
    sync: () => call(path, () => file.sync()),
    close: () => call(path, () => file.close()),
  });
  counter.fs = {
    look: (path) => call(path, () => fs.look(path)),
    list: (path) => call(path, () => fs.list(path)),
    hold: (path, viaLink) => call(path, () => fs.hold(path, viaLink)),
    makeFolder: (path) => call(path, () => fs.makeFolder(path)),
    create: (path) => call(path, async () => wrap(path, await fs.create(path))),
    openToRead: (path) => call(path, async () => wrap(path, await fs.openToRead(path))),
    append: (path) => call(path, async () => wrap(path, await fs.append(path))),
    rename: (from, to) => call(to, () => fs.rename(from, to)),
    remove: (path) => call(path, () => fs.remove(path)),
    removeFolder: (path) => call(path, () => fs.removeFolder(path)),
    syncFolder: (path) => call(path, () => fs.syncFolder(path)),
    touch: (path) => fs.touch(path),
  };
  return counter;
}

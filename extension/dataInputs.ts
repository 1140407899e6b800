/**
 * The inputs of data in files, read from the beginnings of the files: what a new input layer is like, and whether that of a network
 * fits before it trains.
 */
import { basename, dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { InputField } from '../engine/data/define.ts';
import { firstInput } from '../engine/language/firstInput.ts';
import type { Described } from '../engine/schema/kind.ts';

interface Known {
  /** The data as written, and the folder. */
  readonly data: string;
  readonly input: InputField | undefined;
  readonly watched: vscode.Disposable;
}

export class DataInputs {
  readonly #known = new Map<string, Known>();
  /** The data as last asked for. */
  readonly #wanted = new Map<string, string>();

  constructor(
    /** Called when the input of a network's data is another one than `of` has returned. */
    readonly onChange: (network: vscode.Uri) => void,
  ) {}

  /** What is known. Otherwise the files in the folder are read, and `onChange` is called for what they show. */
  of(network: vscode.Uri, folder: vscode.Uri | undefined, data: Described): InputField | undefined {
    if (folder?.scheme !== 'file' || !vscode.workspace.isTrusted) return undefined;
    const key = network.toString();
    const written = JSON.stringify([folder, data]);
    const known = this.#known.get(key);
    if (known?.data === written) return known.input;
    if (this.#wanted.get(key) !== written) void this.#read(network, folder, data, written);
    return undefined;
  }

  forget(network: vscode.Uri): void {
    const key = network.toString();
    this.#known.get(key)?.watched.dispose();
    this.#known.delete(key);
    this.#wanted.delete(key);
  }

  dispose(): void {
    for (const { watched } of this.#known.values()) watched.dispose();
    this.#known.clear();
    this.#wanted.clear();
  }

  async #read(network: vscode.Uri, folder: vscode.Uri, data: Described, written: string): Promise<void> {
    const key = network.toString();
    this.#wanted.set(key, written);
    const { input, files } = await firstInput(data, folder.fsPath);
    if (this.#wanted.get(key) !== written) return;
    const before = this.#known.get(key);
    const isSame = before?.data === written;
    const watched = isSame
      ? before.watched
      : watch(
          files.map((file) => resolve(folder.fsPath, file)),
          () => void this.#read(network, folder, data, written),
        );
    if (!isSame) before?.watched.dispose();
    this.#known.set(key, { data: written, input, watched });
    if (JSON.stringify(isSame ? before.input : undefined) !== JSON.stringify(input)) this.onChange(network);
  }
}

/** Another program may change the files, or only now write them. */
function watch(paths: readonly string[], onChange: () => void): vscode.Disposable {
  const watchers = paths.map((file) =>
    vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.file(dirname(file)), basename(file).replace(/[[\]{}*?]/g, '?')),
    ),
  );
  for (const watcher of watchers)
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) event(onChange);
  return vscode.Disposable.from(...watchers);
}

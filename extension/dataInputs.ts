/** The inputs of data in files: what a new input layer is like, and whether that of a network fits before it trains. */
import { basename, dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { InputField } from '../engine/data/define.ts';
import type { Described } from '../engine/schema/kind.ts';
import { DataInput } from './dataInput.ts';

export class DataInputs {
  readonly #inputs = new Map<string, DataInput>();

  constructor(
    /** Called when the input of a network's data is another one than `of` has returned. */
    readonly onChange: (network: vscode.Uri) => void,
  ) {}

  /** What is known. Otherwise the files in the folder are read, and `onChange` is called for what they show. */
  of(network: vscode.Uri, folder: vscode.Uri | undefined, data: Described): InputField | undefined {
    if (folder?.scheme !== 'file' || !vscode.workspace.isTrusted) return undefined;
    const key = network.toString();
    const input = this.#inputs.get(key) ?? new DataInput(watch, () => this.onChange(network));
    this.#inputs.set(key, input);
    return input.of(data, folder.fsPath);
  }

  forget(network: vscode.Uri): void {
    const key = network.toString();
    this.#inputs.get(key)?.dispose();
    this.#inputs.delete(key);
  }

  dispose(): void {
    for (const input of this.#inputs.values()) input.dispose();
    this.#inputs.clear();
  }
}

/** Another program may change the files, or only now write them. */
function watch(folder: string, files: readonly string[], onChange: () => void): vscode.Disposable {
  const watchers = files.map((file) => {
    const path = resolve(folder, file);
    return vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.file(dirname(path)), basename(path).replace(/[[\]{}*?]/g, '?')),
    );
  });
  for (const watcher of watchers)
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) event(onChange);
  return vscode.Disposable.from(...watchers);
}

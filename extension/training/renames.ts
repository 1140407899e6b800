/**
 * Lets the records of runs follow when layers of their network get other names. The workspace remembers the names for the next window.
 */
import * as vscode from 'vscode';
import { longestText } from '../../engine/language/networkText.ts';
import type { NetworkSpec } from '../../engine/spec/document.ts';
import { type Renaming, renaming } from '../../engine/spec/renaming.ts';
import { isNetwork, type Networks, networkName } from '../networks.ts';
import type { RunNames } from './runNames.ts';
import type { RunRecord } from './runRecord.ts';
import type { Runs } from './runs.ts';

/** By the folder of a run. */
type Kept = { readonly [folder: string]: unknown };

const key = 'netloom.renamedLayers';

/** The most runs whose names are remembered. */
const mostKept = 200;

export class Renames {
  /** The networks with a run, as they were before the next change. */
  readonly #before = new Map<string, NetworkSpec>();
  /** Names of which the log says that they no longer follow layers into blocks. */
  readonly #full = new WeakSet<RunNames>();
  readonly #listeners: readonly vscode.Disposable[];

  constructor(
    readonly networks: Networks,
    readonly runs: Runs,
    readonly memory: vscode.Memento,
  ) {
    this.#listeners = [
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // At once, so that views receive the new names with the new text. Long texts wait for a pause in typing.
        if (contentChanges.length > 0 && document.getText().length <= longestText) this.#follow(document);
      }),
      networks.onDidAnalyze((document) => this.#follow(document)),
      networks.onDidClose(({ uri }) => this.#before.delete(uri.toString())),
      runs.onDidRestore((uri) => {
        const opened = this.runs.opened(uri);
        if (opened) this.recall(opened);
        const document = networks.open.find((one) => one.uri.toString() === uri.toString());
        if (document) this.#follow(document);
      }),
      // Only then is its folder known.
      runs.onDidChangeState((run) => this.#keep(run.record)),
      runs.onDidChangeFiles((uri) => {
        const last = runs.last(uri);
        if (last) this.#keep(last);
      }),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }

  /** Gives a record that was just read the names that an earlier window remembered. */
  recall({ folder, names }: RunRecord): void {
    const kept = folder === undefined ? undefined : this.memory.get<Kept>(key, {})[folder];
    if (kept === undefined || names.text !== names.ran) return;
    try {
      names.rename(renaming(kept));
    } catch {
      // Another version wrote it. What is still like the run is recognized without it.
    }
  }

  #follow(document: vscode.TextDocument): void {
    const { uri } = document;
    if (!isNetwork(uri)) return;
    const shown = this.runs.record(uri);
    if (!shown) {
      this.#before.delete(uri.toString());
      return;
    }
    const { readable, spec } = this.networks.analysis(document);
    // What cannot be read is probably being typed.
    if (!readable) return;
    const before = this.#before.get(uri.toString());
    this.#before.set(uri.toString(), spec);
    for (const record of this.runs.follow(uri, before, spec)) this.#keep(record);
    this.#noticeFull(uri, shown);
  }

  #noticeFull(uri: vscode.Uri, { names }: RunRecord): void {
    if (!names.isFull || this.#full.has(names)) return;
    this.#full.add(names);
    this.runs.log.warn(
      vscode.l10n.t(
        '{0}: the run no longer follows layers into a block, because its text is too long for it. Such layers lose their statistics.',
        networkName(uri),
      ),
    );
  }

  #keep({ folder, names }: RunRecord): void {
    if (folder === undefined) return;
    const { [folder]: before, ...others } = this.memory.get<Kept>(key, {});
    const changes: Renaming = names.renaming;
    if (changes.length === 0 && before === undefined) return;
    const rest = Object.entries(others).slice(1 - mostKept);
    const all = changes.length === 0 ? rest : [...rest, [folder, changes] as const];
    void this.memory.update(key, Object.fromEntries(all));
  }
}

/** The view "Runs" in the side bar: the runs of the active network with their results, newest first. */
import * as vscode from 'vscode';
import { commandId } from '../../engine/protocol/commands.ts';
import type { RunSummary } from '../../engine/runs/reader.ts';
import { type Networks, placeOf } from '../networks.ts';
import { treeItem } from '../shown/shown.ts';
import { inFront, networksOpen } from '../shown/tabs.ts';
import { Throttle } from '../throttle.ts';
import type { Runs } from '../training/runs.ts';
import { listRuns } from './openRun.ts';
import { runText } from './runText.ts';

/** Least time between two refreshes, in milliseconds. */
const interval = 500;

/** A run in the list, and its network. */
export interface RunEntry {
  readonly uri: vscode.Uri;
  readonly run: RunSummary;
}

export class RunsView implements vscode.TreeDataProvider<RunEntry> {
  static readonly viewId = 'netloom.runs';

  readonly view: vscode.TreeView<RunEntry>;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #refresh = new Throttle(interval, () => {
    if (this.view.visible) this.#changed.fire(undefined);
  });
  readonly #disposables: readonly vscode.Disposable[];
  #uri: vscode.Uri | undefined;
  #watcher: vscode.FileSystemWatcher | undefined;

  constructor(
    networks: Networks,
    readonly runs: Runs,
  ) {
    this.view = vscode.window.createTreeView(RunsView.viewId, {
      treeDataProvider: this,
      canSelectMany: true,
    });
    const follow = () => this.#follow();
    const changed = ({ uri }: { readonly uri: vscode.Uri }) => {
      if (uri.toString() === this.#uri?.toString()) this.#refresh.request();
    };
    this.#disposables = [
      this.#changed,
      this.view,
      this.view.onDidChangeVisibility(follow),
      vscode.window.tabGroups.onDidChangeTabs(follow),
      vscode.window.tabGroups.onDidChangeTabGroups(follow),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#refresh.request()),
      networks.onDidAnalyze(() => this.#follow()),
      runs.onDidChangeState((run) => {
        changed(run);
        // The end is in the log when all files are written.
        if (!run.running) void run.gone.then(() => changed(run));
      }),
      runs.onDidRestore((uri) => changed({ uri })),
      runs.onDidChangeFiles((uri) => changed({ uri })),
    ];
    this.#follow();
  }

  async getChildren(entry?: RunEntry): Promise<RunEntry[]> {
    const uri = this.#uri;
    if (entry || !uri) return [];
    return (await listRuns(uri, this.runs)).map((run) => ({ uri, run }));
  }

  getTreeItem({ uri, run }: RunEntry): vscode.TreeItem {
    const { when, shortly, result, progress, icon, color } = runText(run);
    const shown = this.runs.record(uri);
    const isShown = shown?.folder === undefined ? run.state === 'running' : shown.folder === run.folder;
    const marks = isShown ? [vscode.l10n.t('shown now')] : [];
    const item = treeItem({
      id: `${uri.toString()} ${run.folder}`,
      label: result,
      description: shortly,
      icon: isShown ? 'eye' : icon,
      color: isShown ? undefined : color,
      lines: [result, when, progress, ...(run.end?.message === undefined ? [] : [run.end.message]), ...marks],
      spoken: [result, when, progress, ...marks],
      context: run.state === 'running' ? 'runGoingOn' : 'run',
      hasChildren: false,
    });
    item.command = {
      command: commandId('openRun'),
      title: vscode.l10n.t('Show This Run'),
      arguments: [{ uri, run } satisfies RunEntry],
    };
    return item;
  }

  dispose(): void {
    this.#refresh.dispose();
    this.#watcher?.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Shows the runs of the active network, or of the last active one while it is open. */
  #follow(): void {
    if (!this.view.visible) return;
    const open = networksOpen();
    const last = open.find((uri) => uri.toString() === this.#uri?.toString());
    const uri = inFront() ?? last ?? open[0];
    if (uri?.toString() === this.#uri?.toString()) return;
    this.#uri = uri;
    this.#watch();
    this.#refresh.request();
  }

  /** Runs of a terminal or of another window. */
  #watch(): void {
    this.#watcher?.dispose();
    this.#watcher = undefined;
    const place = this.#uri && placeOf(this.#uri);
    if (!place) return;
    const pattern = new vscode.RelativePattern(vscode.Uri.file(place.folder), '.netloom/runs/*/*');
    this.#watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, false);
    this.#watcher.onDidCreate(() => this.#refresh.request());
    this.#watcher.onDidDelete(() => this.#refresh.request());
  }
}

/** The view "Layers" in the side bar: follows the active network and the selection in its graph and its text. */
import * as vscode from 'vscode';
import type { GraphEditorProvider } from '../editor/graphEditorProvider.ts';
import type { Networks } from '../networks.ts';
import { inFront, networksOpen } from '../shown/tabs.ts';
import { Throttle } from '../throttle.ts';
import { hasProblem } from '../training/runProblems.ts';
import type { Runs } from '../training/runs.ts';
import { type Entry, LayerTree } from './layerTree.ts';

/** Least time between two refreshes while a network trains, in milliseconds: words that change faster cannot be read. */
const interval = 1000;

export class LayersView {
  static readonly viewId = 'netloom.layers';
  static readonly context = 'netloom.hasNetworks';

  readonly tree: LayerTree;
  readonly view: vscode.TreeView<Entry>;
  readonly #statistics = new Throttle(interval, () => {
    if (this.view.visible) this.tree.refresh();
  });
  readonly #problems = new Throttle(interval, () => {
    if (this.view.visible) this.tree.readAgain();
  });
  readonly #disposables: readonly vscode.Disposable[];

  constructor(
    readonly networks: Networks,
    runs: Runs,
    readonly graphs: GraphEditorProvider,
  ) {
    this.tree = new LayerTree(networks, runs);
    this.view = vscode.window.createTreeView(LayersView.viewId, {
      treeDataProvider: this.tree,
      showCollapseAll: false,
    });
    const isShown = (uri: vscode.Uri) => uri.toString() === this.tree.uri?.toString();
    const measured = (uri: vscode.Uri) => {
      if (isShown(uri)) this.#statistics.request();
    };
    const changed = (uri: vscode.Uri) => {
      if (isShown(uri)) this.#problems.request();
    };
    this.#disposables = [
      this.tree,
      this.view,
      // What has changed while it was hidden was not read.
      this.view.onDidChangeVisibility(() => this.#follow(true)),
      this.view.onDidChangeSelection(({ selection }) => this.#choose(selection[0])),
      vscode.window.tabGroups.onDidChangeTabs(() => this.#follow()),
      vscode.window.tabGroups.onDidChangeTabGroups(() => this.#follow()),
      networks.onDidAnalyze((document) => {
        if (isShown(document.uri) || !this.tree.uri) this.#follow(true);
      }),
      runs.onDidReceive(({ run, event }) => {
        if (event.event === 'stats') measured(run.uri);
        if (hasProblem(event)) changed(run.uri);
      }),
      runs.onDidStart(({ uri }) => changed(uri)),
      runs.onDidRestore(changed),
      runs.onDidReplay(changed),
      graphs.onDidSelect(({ document, layers, in: from }) => {
        if (from !== 'list' && isShown(document.uri)) void this.#reveal(layers[0]);
      }),
    ];
    this.#follow();
  }

  dispose(): void {
    this.#statistics.dispose();
    this.#problems.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Shows the active network, or the last active one while it is open. */
  #follow(again = false): void {
    const open = networksOpen();
    void vscode.commands.executeCommand('setContext', LayersView.context, open.length > 0);
    if (!this.view.visible) return;
    const last = open.find((uri) => uri.toString() === this.tree.uri?.toString());
    const uri = inFront() ?? last ?? open[0];
    if (!again && uri?.toString() === this.tree.uri?.toString()) return;
    const document = this.networks.open.find((one) => one.uri.toString() === uri?.toString());
    this.tree.show(document);
    if (document) void this.#reveal(this.graphs.selected(document)?.layers[0]);
  }

  /** A selection by the person is shown in the graph and the text; the focus stays in the list. */
  #choose(entry: Entry | undefined): void {
    const document = entry && this.#documentOf(entry);
    if (!document || entry.layer === undefined) return;
    // A selection that follows another view is reported as if it were made here.
    if (this.graphs.selected(document)?.layers[0] !== entry.layer)
      this.graphs.select(document, [entry.layer], 'list');
  }

  async #reveal(layer: string | undefined): Promise<void> {
    const entry = layer === undefined ? undefined : this.tree.find(layer);
    if (entry && this.view.visible && this.view.selection[0]?.id !== entry.id)
      await this.view.reveal(entry, { select: true, focus: false });
  }

  #documentOf({ uri }: Entry): vscode.TextDocument | undefined {
    return this.networks.open.find((document) => document.uri.toString() === uri.toString());
  }
}

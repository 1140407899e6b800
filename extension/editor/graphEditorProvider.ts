/** The graph editor for `*.nn.json`: VS Code owns the text, undo and save; this class shows the text as a graph. */
import * as vscode from 'vscode';
import type { GraphActionName } from '../../engine/protocol/graphActions.ts';
import type { PictureRequest } from '../../engine/protocol/picture.ts';
import { isNetwork, layerAt, type Networks } from '../networks.ts';
import { Jumps } from '../shown/jumps.ts';
import type { Log } from '../shown/log.ts';
import { showStart } from '../shown/place.ts';
import type { Runs } from '../training/runs.ts';
import type { Trials } from '../trials/trials.ts';
import { type Contributes, contributedKeys } from './contributedKeys.ts';
import { EditQueue } from './edits.ts';
import { type Focus, GraphPanel } from './graphPanel.ts';
import { graphPage } from './page.ts';
import { LayerMarks } from './reveal.ts';

/** The selected layers of a document, and the view in which they were selected. */
export interface Selected {
  readonly layers: readonly string[];
  readonly in: 'text' | 'graph' | 'list';
}

export class GraphEditorProvider implements vscode.CustomTextEditorProvider {
  static readonly viewType = 'netloom.graph';

  readonly jumps = new Jumps();
  readonly #dist: vscode.Uri;
  readonly #panels = new Set<GraphPanel>();
  readonly #focus = new WeakMap<GraphPanel, Focus>();
  readonly #queues = new WeakMap<vscode.TextDocument, EditQueue>();
  readonly #selected = new WeakMap<vscode.TextDocument, Selected>();
  readonly #marks: LayerMarks;
  readonly #selects = new vscode.EventEmitter<Selected & { readonly document: vscode.TextDocument }>();
  readonly #listener: vscode.Disposable;

  /** Fires when a person has selected layers in any view. */
  readonly onDidSelect = this.#selects.event;

  constructor(
    extension: vscode.Uri,
    readonly networks: Networks,
    readonly runs: Runs,
    readonly trials: Trials,
    readonly log: Log,
    readonly contributes: Contributes,
  ) {
    this.#dist = vscode.Uri.joinPath(extension, 'dist');
    this.#marks = new LayerMarks(networks);
    this.#listener = vscode.window.onDidChangeTextEditorSelection((change) => this.#followCursor(change));
  }

  resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): void {
    const { viewColumn } = panel;
    const target = this.jumps.take(document.uri, viewColumn);
    if (target) {
      void showStart(document, target, viewColumn).then(() => panel.dispose());
      return;
    }
    panel.webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [this.#dist] };
    const select = (layers: readonly string[]) => this.select(document, layers, 'graph');
    const graph: GraphPanel = new GraphPanel(
      document,
      panel,
      this.networks,
      this.#queueOf(document),
      this.runs,
      this.trials,
      this.log,
      contributedKeys(this.contributes),
      select,
      (focus) => this.#noteFocus(graph, focus),
    );
    this.#panels.add(graph);
    panel.onDidChangeViewState(() => this.#announceFocus());
    panel.onDidDispose(() => {
      this.#panels.delete(graph);
      graph.dispose();
    });
    panel.webview.html = graphPage(panel.webview, this.#dist);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#selects.dispose();
    this.jumps.dispose();
    this.#marks.dispose();
    for (const graph of this.#panels) graph.dispose();
  }

  /** Sends an action to the active graph. */
  act(action: GraphActionName): void {
    for (const graph of this.#panels) if (graph.panel.active) graph.act(action);
  }

  /** A picture of a network's graph that is in view. */
  picture(document: vscode.TextDocument, wanted: Omit<PictureRequest, 'from'>): Promise<string> {
    const graphs = this.#panelsOf(document);
    const graph = graphs.find(({ panel }) => panel.active) ?? graphs.find(({ panel }) => panel.visible);
    if (!graph) throw new Error(vscode.l10n.t('The graph is not in view. Show it, and then try again.'));
    return graph.picture(wanted);
  }

  #noteFocus(graph: GraphPanel, focus: Focus): void {
    this.#focus.set(graph, focus);
    this.#announceFocus();
  }

  /** For when-clauses: keys type characters while a field of the graph has the focus. */
  #announceFocus(): void {
    const active = [...this.#panels].find(({ panel }) => panel.active);
    const { canvas = false, pointer = false } = (active && this.#focus.get(active)) ?? {};
    void vscode.commands.executeCommand('setContext', 'netloom.canvasFocus', canvas);
    void vscode.commands.executeCommand('setContext', 'netloom.canvasPointer', pointer);
  }

  #queueOf(document: vscode.TextDocument): EditQueue {
    let queue = this.#queues.get(document);
    if (!queue) {
      queue = new EditQueue();
      this.#queues.set(document, queue);
    }
    return queue;
  }

  selected(document: vscode.TextDocument): Selected | undefined {
    return this.#selected.get(document);
  }

  /** The first layer that was selected outside the text, unless the cursor has moved since then. */
  selectedLayer(document: vscode.TextDocument): string | undefined {
    const selected = this.#selected.get(document);
    return selected && selected.in !== 'text' ? selected.layers[0] : undefined;
  }

  /** Shows a selection in the other views. No view takes the focus or moves a cursor. */
  select(document: vscode.TextDocument, layers: readonly string[], from: Selected['in']): void {
    this.#selected.set(document, { layers, in: from });
    if (from === 'text') this.#marks.clear(document);
    else this.#marks.show(document, layers);
    if (from !== 'graph' && layers[0] !== undefined)
      for (const graph of this.#panelsOf(document)) graph.reveal(layers[0]);
    this.#selects.fire({ document, layers, in: from });
  }

  #panelsOf(document: vscode.TextDocument): GraphPanel[] {
    return [...this.#panels].filter((graph) => graph.document.uri.toString() === document.uri.toString());
  }

  /** Follows the cursor of the active editor if a person moves it, not a program. */
  #followCursor({ textEditor, selections, kind }: vscode.TextEditorSelectionChangeEvent): void {
    const { document } = textEditor;
    if (
      kind === undefined ||
      kind === vscode.TextEditorSelectionChangeKind.Command ||
      textEditor !== vscode.window.activeTextEditor ||
      !isNetwork(document.uri)
    )
      return;
    const layer = layerAt(this.networks.analysis(document), document.offsetAt(selections[0].active));
    const before = this.#selected.get(document);
    if (before?.in === 'text' && before.layers[0] === layer) return;
    this.select(document, layer === undefined ? [] : [layer], 'text');
  }
}

/** The graph editor for `*.nn.json`: VS Code keeps the text, its undo steps and its saving; this shows it as a graph. */
import * as vscode from 'vscode';
import { isNetwork, layerAt, type Networks } from '../networks.ts';
import type { Log } from '../shown/shown.ts';
import type { Sessions } from '../training/sessions.ts';
import { EditQueue } from './edits.ts';
import { GraphPanel } from './graphPanel.ts';
import { graphPage } from './page.ts';

export class GraphEditorProvider implements vscode.CustomTextEditorProvider {
  static readonly viewType = 'netloom.graph';

  readonly #dist: vscode.Uri;
  readonly #panels = new Set<GraphPanel>();
  readonly #queues = new WeakMap<vscode.TextDocument, EditQueue>();
  readonly #listener: vscode.Disposable;
  #layerAtCursor: string | undefined;

  constructor(
    extension: vscode.Uri,
    readonly networks: Networks,
    readonly sessions: Sessions,
    readonly log: Log,
  ) {
    this.#dist = vscode.Uri.joinPath(extension, 'dist');
    this.#listener = vscode.window.onDidChangeTextEditorSelection((change) => this.#followCursor(change));
  }

  resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): void {
    panel.webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [this.#dist] };
    const graph = new GraphPanel(document, panel, this.#queueOf(document), this.sessions, this.log);
    this.#panels.add(graph);
    panel.onDidDispose(() => {
      this.#panels.delete(graph);
      graph.dispose();
    });
    panel.webview.html = graphPage(panel.webview, this.#dist);
  }

  dispose(): void {
    this.#listener.dispose();
    for (const graph of this.#panels) graph.dispose();
  }

  #queueOf(document: vscode.TextDocument): EditQueue {
    let queue = this.#queues.get(document);
    if (!queue) {
      queue = new EditQueue();
      this.#queues.set(document, queue);
    }
    return queue;
  }

  /** Follows a person, not a program: what the graph itself selected in the text must not come back to it. */
  #followCursor({ textEditor: { document }, selections, kind }: vscode.TextEditorSelectionChangeEvent): void {
    if (
      kind === undefined ||
      kind === vscode.TextEditorSelectionChangeKind.Command ||
      !isNetwork(document.uri)
    )
      return;
    const graphs = [...this.#panels].filter(
      (graph) => graph.document.uri.toString() === document.uri.toString(),
    );
    if (graphs.length === 0) return;
    const layer = layerAt(this.networks.analysis(document), document.offsetAt(selections[0].active));
    if (layer === this.#layerAtCursor) return;
    this.#layerAtCursor = layer;
    if (layer !== undefined) for (const graph of graphs) graph.reveal(layer);
  }
}

/** Reveal in Graph, Reveal in Text: moves the focus from an entry of the view "Layers" to the layer itself. */
import * as vscode from 'vscode';
import { GraphEditorProvider } from '../editor/graphEditorProvider.ts';
import type { Entry } from '../layersView/layerTree.ts';
import { type Networks, toRange } from '../networks.ts';

export async function revealInGraph(
  entry: Entry,
  networks: Networks,
  graphs: GraphEditorProvider,
): Promise<void> {
  const { uri, layer } = entry;
  if (layer === undefined) return;
  await vscode.commands.executeCommand('vscode.openWith', uri, GraphEditorProvider.viewType);
  const document = networks.open.find((one) => one.uri.toString() === uri.toString());
  if (document) graphs.select(document, [layer], 'list');
}

export async function revealInText({ uri, layer }: Entry, networks: Networks): Promise<void> {
  if (layer === undefined) return;
  const document = await vscode.workspace.openTextDocument(uri);
  const range = networks.analysis(document).layerRanges.get(layer)?.name;
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  await vscode.window.showTextDocument(document, {
    ...(shown?.viewColumn === undefined
      ? { viewColumn: vscode.ViewColumn.Beside }
      : { viewColumn: shown.viewColumn }),
    ...(range ? { selection: toRange(document, range) } : {}),
  });
}

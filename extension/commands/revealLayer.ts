/** Reveal in Graph, Reveal in Text: moves the focus from an entry of the view "Layers" to the layer itself. */
import * as vscode from 'vscode';
import type { GraphEditorProvider } from '../editor/graphEditorProvider.ts';
import { showGraph } from '../editor/showGraph.ts';
import type { Entry } from '../layersView/layerTree.ts';
import { type Networks, toRange } from '../networks.ts';
import { columnOf } from '../shown/tabs.ts';

export async function revealInGraph(
  entry: Entry,
  networks: Networks,
  graphs: GraphEditorProvider,
): Promise<void> {
  const { uri, layer } = entry;
  if (layer === undefined) return;
  await showGraph(uri);
  const document = networks.open.find((one) => one.uri.toString() === uri.toString());
  if (document) graphs.select(document, [layer], 'list');
}

export async function revealInText({ uri, layer }: Entry, networks: Networks): Promise<void> {
  if (layer === undefined) return;
  const document = await vscode.workspace.openTextDocument(uri);
  const range = networks.analysis(document).layerRanges.get(layer)?.name;
  await vscode.window.showTextDocument(document, {
    viewColumn: columnOf(uri, 'text'),
    ...(range ? { selection: toRange(document, range) } : {}),
  });
}

/** Shows the graph of a network where it is already open, so that no second one appears. */
import * as vscode from 'vscode';
import { columnOf, isGraphOpen, isInView } from '../shown/tabs.ts';
import { GraphEditorProvider } from './graphEditorProvider.ts';

/** Brings the graph of a network to the front if it is open, but nothing shows the network, as while the walkthrough is in front. */
export async function showOpenGraph(uri: vscode.Uri): Promise<void> {
  if (isGraphOpen(uri) && !isInView(uri)) await showGraph(uri, vscode.ViewColumn.Active);
}

/** `otherwise`: the group of editors in which it is opened if it is not open yet; by default the one beside the active group. */
export const showGraph = (uri: vscode.Uri, otherwise?: vscode.ViewColumn): Thenable<unknown> =>
  vscode.commands.executeCommand(
    'vscode.openWith',
    uri,
    GraphEditorProvider.viewType,
    columnOf(uri, 'graph', otherwise),
  );

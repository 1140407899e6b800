/** Shows the graph of a network where it is already open, so that no second one appears. */
import * as vscode from 'vscode';
import { columnOf } from '../shown/tabs.ts';
import { GraphEditorProvider } from './graphEditorProvider.ts';

/** `otherwise`: the group of editors in which it is opened if it is not open yet; by default the one beside the active group. */
export const showGraph = (uri: vscode.Uri, otherwise?: vscode.ViewColumn): Thenable<unknown> =>
  vscode.commands.executeCommand(
    'vscode.openWith',
    uri,
    GraphEditorProvider.viewType,
    columnOf(uri, 'graph', otherwise),
  );

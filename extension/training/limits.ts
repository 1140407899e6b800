/** The limits that the settings put on a run of a network. */
import * as vscode from 'vscode';

/** Bytes. */
export const memoryLimitFor = (uri: vscode.Uri): number =>
  vscode.workspace.getConfiguration('netloom.training', uri).get('memoryLimit', 2048) * 2 ** 20;

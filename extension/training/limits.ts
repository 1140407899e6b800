/** What the settings allow a run of a network to take. */
import * as vscode from 'vscode';

/** Bytes. */
export const memoryLimitFor = (uri: vscode.Uri): number =>
  vscode.workspace.getConfiguration('netloom.training', uri).get('memoryLimit', 2048) * 2 ** 20;

/** Which network a command is about, and which are in view. */
import * as vscode from 'vscode';
import { isNetwork } from '../networks.ts';

export function findNetwork(given: unknown): vscode.Uri | undefined {
  if (given instanceof vscode.Uri) return given;
  const { activeTab } = vscode.window.tabGroups.activeTabGroup;
  const uri = uriOf(activeTab?.input) ?? vscode.window.activeTextEditor?.document.uri;
  return uri && isNetwork(uri) ? uri : undefined;
}

/** Some group of editors shows it, as a graph or as text. */
export const isInView = (uri: vscode.Uri): boolean =>
  vscode.window.tabGroups.all.some(({ activeTab }) => uriOf(activeTab?.input)?.toString() === uri.toString());

function uriOf(input: unknown): vscode.Uri | undefined {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  if (input instanceof vscode.TabInputTextDiff) return input.modified;
  return undefined;
}

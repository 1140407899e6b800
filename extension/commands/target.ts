/** Which network a command is about: the one given by a menu, else the one in front. */
import * as vscode from 'vscode';
import { isNetwork } from '../networks.ts';

export function findNetwork(given: unknown): vscode.Uri | undefined {
  if (given instanceof vscode.Uri) return given;
  const { activeTab } = vscode.window.tabGroups.activeTabGroup;
  const uri = uriOf(activeTab?.input) ?? vscode.window.activeTextEditor?.document.uri;
  return uri && isNetwork(uri) ? uri : undefined;
}

function uriOf(input: unknown): vscode.Uri | undefined {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  if (input instanceof vscode.TabInputTextDiff) return input.modified;
  return undefined;
}

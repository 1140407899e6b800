/** The networks that the tabs of the window show. */
import * as vscode from 'vscode';
import { isNetwork } from '../networks.ts';

/** The network in the active tab, or in the active text editor. */
export function inFront(): vscode.Uri | undefined {
  const { activeTab } = vscode.window.tabGroups.activeTabGroup;
  const uri = uriOf(activeTab?.input) ?? vscode.window.activeTextEditor?.document.uri;
  return uri && isNetwork(uri) ? uri : undefined;
}

/** The networks in tabs, one for each tab. */
export const networksIn = (tabs: readonly vscode.Tab[]): vscode.Uri[] =>
  tabs.flatMap(({ input }) => {
    const uri = uriOf(input);
    return uri && isNetwork(uri) ? [uri] : [];
  });

/** Every network in some tab. */
export const networksOpen = (): vscode.Uri[] =>
  vscode.window.tabGroups.all.flatMap(({ tabs }) => networksIn(tabs));

/** Whether some tab has it, in view or not. */
export const isOpen = (uri: vscode.Uri): boolean =>
  networksOpen().some((one) => one.toString() === uri.toString());

/** Whether a group of editors shows it, as a graph or as text. */
export const isInView = (uri: vscode.Uri): boolean =>
  vscode.window.tabGroups.all.some(({ activeTab }) => uriOf(activeTab?.input)?.toString() === uri.toString());

/** Whether a group of editors shows its graph, with the training panel. */
export const isGraphInView = (uri: vscode.Uri): boolean =>
  vscode.window.tabGroups.all.some(({ activeTab }) => isViewOf(uri, 'graph', activeTab?.input));

/** Whether some tab has its graph, in view or not. */
export const isGraphOpen = (uri: vscode.Uri): boolean =>
  vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ input }) => isViewOf(uri, 'graph', input)));

type View = 'graph' | 'text';

/** The group of editors that has this view of a network: one that shows it, or else one beside the active group. */
export function columnOf(
  uri: vscode.Uri,
  view: View,
  otherwise: vscode.ViewColumn = vscode.ViewColumn.Beside,
): vscode.ViewColumn {
  const { all } = vscode.window.tabGroups;
  const showing = all.find(({ activeTab }) => isViewOf(uri, view, activeTab?.input));
  const having = all.find(
    ({ isActive, tabs }) => !isActive && tabs.some(({ input }) => isViewOf(uri, view, input)),
  );
  return (showing ?? having)?.viewColumn ?? otherwise;
}

function isViewOf(uri: vscode.Uri, view: View, input: unknown): boolean {
  const isThis =
    view === 'graph' ? input instanceof vscode.TabInputCustom : input instanceof vscode.TabInputText;
  return isThis && uriOf(input)?.toString() === uri.toString();
}

function uriOf(input: unknown): vscode.Uri | undefined {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  if (input instanceof vscode.TabInputTextDiff) return input.modified;
  return undefined;
}

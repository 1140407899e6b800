/** Which network a command is about, and which are in view. */
import * as vscode from 'vscode';
import { isNetwork } from '../networks.ts';

/** The network that was in front last: what a command is about while something else is, such as the walkthrough. */
export class FrontNetwork {
  readonly #listeners: readonly vscode.Disposable[];
  #last: vscode.Uri | undefined;

  constructor() {
    const look = () => {
      this.#last = inFront() ?? this.#last;
    };
    this.#listeners = [
      vscode.window.tabGroups.onDidChangeTabs(look),
      vscode.window.tabGroups.onDidChangeTabGroups(look),
    ];
    look();
  }

  /** The one given, in front, or else the one that was in front last of those open; else the only one open. */
  find(given: unknown): vscode.Uri | undefined {
    if (given instanceof vscode.Uri) return given;
    const front = inFront();
    if (front) return front;
    const open = new Map(networksOpen().map((uri) => [uri.toString(), uri]));
    if (this.#last && open.has(this.#last.toString())) return this.#last;
    return open.size === 1 ? [...open.values()][0] : undefined;
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }
}

function inFront(): vscode.Uri | undefined {
  const { activeTab } = vscode.window.tabGroups.activeTabGroup;
  const uri = uriOf(activeTab?.input) ?? vscode.window.activeTextEditor?.document.uri;
  return uri && isNetwork(uri) ? uri : undefined;
}

const networksOpen = (): vscode.Uri[] =>
  vscode.window.tabGroups.all.flatMap(({ tabs }) =>
    tabs.flatMap(({ input }) => {
      const uri = uriOf(input);
      return uri && isNetwork(uri) ? [uri] : [];
    }),
  );

/** Some group of editors shows it, as a graph or as text. */
export const isInView = (uri: vscode.Uri): boolean =>
  vscode.window.tabGroups.all.some(({ activeTab }) => uriOf(activeTab?.input)?.toString() === uri.toString());

/** Some group of editors shows its graph, with the training panel. */
export const isGraphInView = (uri: vscode.Uri): boolean =>
  vscode.window.tabGroups.all.some(
    ({ activeTab }) =>
      activeTab?.input instanceof vscode.TabInputCustom && activeTab.input.uri.toString() === uri.toString(),
  );

function uriOf(input: unknown): vscode.Uri | undefined {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  if (input instanceof vscode.TabInputTextDiff) return input.modified;
  return undefined;
}

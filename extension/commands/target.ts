/** Which network a command is about. */
import * as vscode from 'vscode';
import { inFront, networksOpen } from '../shown/tabs.ts';

/** The network that was in front last: what a command is about while something else is, such as the walkthrough. */
export class FrontNetwork {
  readonly #listeners: readonly vscode.Disposable[];
  #last: vscode.Uri | undefined;

  constructor() {
    const look = () => {
      this.#last = inFront() ?? this.#last;
      // So that the palette offers the commands of a network while something else is in front.
      void vscode.commands.executeCommand(
        'setContext',
        'netloom.networkOpen',
        this.find(undefined) !== undefined,
      );
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

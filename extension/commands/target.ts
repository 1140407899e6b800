/** Determines the network to which a command applies. */
import * as vscode from 'vscode';
import { inFront, networksOpen } from '../shown/tabs.ts';

/** The last active network, to which a command applies while something else is active, such as the walkthrough. */
export class FrontNetwork {
  readonly #listeners: readonly vscode.Disposable[];
  #last: vscode.Uri | undefined;

  constructor() {
    const look = () => {
      this.#last = inFront() ?? this.#last;
      // The Command Palette then offers the commands of a network while something else is active.
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

  /** The given network, otherwise the active one, otherwise the last active one that is open, otherwise the only open one. */
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

/**
 * Jumps from one place in a text to another one. VS Code opens the target of Go to Definition with the default editor of its file, also if
 * that file is in front as text. For a network this is the graph (https://github.com/microsoft/vscode/issues/215589). The graph editor
 * that is opened in this way takes the jump, and lets the text make it.
 */
import * as vscode from 'vscode';

export class Jumps {
  #last:
    | { readonly uri: string; readonly target: vscode.Range; readonly column: vscode.ViewColumn | undefined }
    | undefined;

  /** VS Code receives this place as that to which something in the active text leads, and may go there next. */
  offer(uri: vscode.Uri, target: vscode.Range): void {
    this.#last = { uri: uri.toString(), target, column: vscode.window.activeTextEditor?.viewColumn };
  }

  /** A person does something else. */
  drop(): void {
    this.#last = undefined;
  }

  /** The target, if an editor of this document that opens in this group is opened for it. It is taken once. */
  take(uri: vscode.Uri, column: vscode.ViewColumn | undefined): vscode.Range | undefined {
    const last = this.#last;
    this.#last = undefined;
    return last?.uri === uri.toString() && last.column === column ? last.target : undefined;
  }
}

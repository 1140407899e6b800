/**
 * Jumps from one place in a text to another one. VS Code opens the target of Go to Definition with the default editor of its file, also if
 * that file is in front as text. For a network this is the graph (https://github.com/microsoft/vscode/issues/215589). The graph editor
 * that is opened in this way takes the jump, and lets the text make it.
 *
 * VS Code also asks where a name leads when it only shows it: under the pointer with Ctrl, or in a peek view. Such a request is no jump.
 */
import * as vscode from 'vscode';

export class Jumps {
  #last:
    | { readonly uri: string; readonly target: vscode.Range; readonly column: vscode.ViewColumn | undefined }
    | undefined;
  #visible: readonly vscode.TextEditor[] = vscode.window.visibleTextEditors;
  readonly #listeners = vscode.Disposable.from(
    vscode.window.onDidChangeTextEditorSelection(() => this.drop()),
    vscode.window.onDidChangeVisibleTextEditors((editors) => {
      // A peek view is one more editor. That of the text may go, because the graph replaces it.
      if (editors.some((editor) => !this.#visible.includes(editor))) this.drop();
      this.#visible = editors;
    }),
  );

  dispose(): void {
    this.#listeners.dispose();
  }

  /**
   * VS Code receives `target` as the place to which the one at `from` leads, and may go there next. It goes there from the cursor only: a
   * click with Ctrl moves the cursor first.
   */
  offer(uri: vscode.Uri, from: vscode.Position, target: vscode.Range): void {
    const editor = vscode.window.activeTextEditor;
    const isAtCursor =
      editor?.document.uri.toString() === uri.toString() && editor.selection.active.isEqual(from);
    this.#last = isAtCursor ? { uri: uri.toString(), target, column: editor.viewColumn } : undefined;
  }

  /** Something else follows. */
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

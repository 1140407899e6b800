/**
 * Graph and text side by side: the text scrolls to the layer that a gesture in the graph selected, and marks it. The cursor belongs
 * to the person. A program would set it too late, because the request takes time to reach the window, and the person may have
 * clicked into the text and typed meanwhile.
 */
import * as vscode from 'vscode';
import { type Networks, toRange } from '../networks.ts';

export class LayerMarks {
  readonly #type = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.selectionHighlightBackground'),
    border: '1px dotted',
    borderColor: new vscode.ThemeColor('editor.selectionHighlightBorder'),
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });

  constructor(readonly networks: Networks) {}

  /** Marks layers in the visible text editors of a document, and brings the first of them into view. */
  show(document: vscode.TextDocument, layers: readonly string[]): void {
    const editors = editorsOf(document);
    if (editors.length === 0) return;
    const { layerRanges } = this.networks.analysis(document);
    const ranges = layers.flatMap((layer) => {
      const found = layerRanges.get(layer);
      return found ? [toRange(document, found.whole)] : [];
    });
    for (const editor of editors) {
      editor.setDecorations(this.#type, ranges);
      if (ranges.length > 0)
        editor.revealRange(ranges[0], vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }

  clear(document: vscode.TextDocument): void {
    for (const editor of editorsOf(document)) editor.setDecorations(this.#type, []);
  }

  dispose(): void {
    this.#type.dispose();
  }
}

const editorsOf = (document: vscode.TextDocument): vscode.TextEditor[] =>
  vscode.window.visibleTextEditors.filter(
    (editor) => editor.document.uri.toString() === document.uri.toString(),
  );

/** Graph and text side by side: what is selected in one is shown in the other. */
import * as vscode from 'vscode';
import { analyze } from '../../engine/graph/analyze.ts';
import { layerAt, toRange } from '../networks.ts';

/** Puts the cursor of visible text editors on the first of the layers, unless it stands in it already. */
export function revealInText(document: vscode.TextDocument, layers: readonly string[]): void {
  const editors = vscode.window.visibleTextEditors.filter(
    (editor) => editor.document.uri.toString() === document.uri.toString(),
  );
  if (editors.length === 0 || layers.length === 0) return;
  const analysis = analyze(document.getText());
  const ranges = analysis.layerRanges.get(layers[0]);
  if (!ranges) return;
  for (const editor of editors) {
    if (layerAt(analysis, document.offsetAt(editor.selection.active)) === layers[0]) continue;
    const name = toRange(document, ranges.name);
    editor.selection = new vscode.Selection(name.start, name.start);
    editor.revealRange(name, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

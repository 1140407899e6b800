/** Layers copied in a graph or a text are pasted into the text with their indentation and commas. */
import * as vscode from 'vscode';
import { longestText } from '../../engine/language/networkText.ts';
import { pasteOfLayers } from '../../engine/language/pastedLayers.ts';
import { toWorkspaceEdit } from '../networks.ts';
import { pasteEdit } from '../shown/shown.ts';

const plainText = 'text/plain';
const kind = vscode.DocumentDropOrPasteEditKind.Text.append('netloom', 'layers');

export class LayerPaste implements vscode.DocumentPasteEditProvider {
  static readonly metadata: vscode.DocumentPasteProviderMetadata = {
    pasteMimeTypes: [plainText],
    providedPasteEditKinds: [kind],
  };

  async provideDocumentPasteEdits(
    document: vscode.TextDocument,
    ranges: readonly vscode.Range[],
    data: vscode.DataTransfer,
  ): Promise<vscode.DocumentPasteEdit[]> {
    const pasted = await data.get(plainText)?.asString();
    const text = document.getText();
    const [range] = ranges;
    if (!pasted || ranges.length !== 1 || !range.isEmpty || text.length + pasted.length > longestText)
      return [];
    const change = pasteOfLayers(text, document.offsetAt(range.start), pasted);
    if (!change) return [];
    return [pasteEdit(vscode.l10n.t('Paste as Layers'), kind, toWorkspaceEdit(document, [change]))];
  }
}

/** Folding and formatting. */
import * as vscode from 'vscode';
import { foldsOf } from '../../engine/language/folding.ts';
import { formatChanges } from '../../engine/language/format.ts';
import { type Networks, toRange } from '../networks.ts';

export class NetworkFoldingProvider implements vscode.FoldingRangeProvider {
  constructor(readonly networks: Networks) {}

  provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
    const network = this.networks.network(document);
    if (!network) return [];
    return foldsOf(network.text, network.tokens).map(({ start, end, of }) => {
      const [first, last] = [start, end].map((offset) => document.positionAt(offset).line);
      return of === 'comment'
        ? { start: first, end: last, kind: vscode.FoldingRangeKind.Comment }
        : { start: first, end: Math.max(first, last - 1) };
    });
  }
}

export class NetworkFormatter
  implements vscode.DocumentFormattingEditProvider, vscode.DocumentRangeFormattingEditProvider
{
  constructor(readonly networks: Networks) {}

  provideDocumentFormattingEdits(
    document: vscode.TextDocument,
    options: vscode.FormattingOptions,
  ): vscode.TextEdit[] {
    return this.#edits(document, options);
  }

  provideDocumentRangeFormattingEdits(
    document: vscode.TextDocument,
    range: vscode.Range,
    options: vscode.FormattingOptions,
  ): vscode.TextEdit[] {
    return this.#edits(document, options, range);
  }

  #edits(
    document: vscode.TextDocument,
    { insertSpaces, tabSize }: vscode.FormattingOptions,
    range?: vscode.Range,
  ): vscode.TextEdit[] {
    if (!this.networks.network(document)) return [];
    const unit = insertSpaces ? ' '.repeat(tabSize) : '\t';
    const endOfLine = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
    const part = range && { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
    return formatChanges(document.getText(), { unit, endOfLine }, part).map(({ offset, length, text }) =>
      vscode.TextEdit.replace(toRange(document, { start: offset, end: offset + length }), text),
    );
  }
}

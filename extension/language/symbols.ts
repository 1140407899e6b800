/** The outline and the breadcrumbs of a network: its layers in the order of the text, and its training settings. */
import * as vscode from 'vscode';
import { longestOutline } from '../../engine/language/networkText.ts';
import { type OutlineItem, outlineOf } from '../../engine/language/outline.ts';
import { type Networks, toRange } from '../networks.ts';
import { symbol } from '../shown/shown.ts';

/** The closest symbols of VS Code, so that kinds of layers look different. */
const symbolKinds = {
  input: vscode.SymbolKind.Interface,
  core: vscode.SymbolKind.Class,
  convolution: vscode.SymbolKind.Class,
  pooling: vscode.SymbolKind.Struct,
  recurrent: vscode.SymbolKind.Class,
  activation: vscode.SymbolKind.Function,
  normalization: vscode.SymbolKind.Struct,
  regularization: vscode.SymbolKind.Struct,
  shape: vscode.SymbolKind.Array,
  merge: vscode.SymbolKind.Operator,
  attention: vscode.SymbolKind.Class,
  block: vscode.SymbolKind.Package,
  section: vscode.SymbolKind.Module,
  setting: vscode.SymbolKind.Property,
} as const satisfies Record<OutlineItem['kind'], vscode.SymbolKind>;

export class NetworkSymbolProvider implements vscode.DocumentSymbolProvider {
  constructor(readonly networks: Networks) {}

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    const network = this.networks.network(document, longestOutline);
    const toSymbol = ({ name, detail, kind, whole, ofName, children }: OutlineItem): vscode.DocumentSymbol =>
      symbol(
        name,
        detail,
        symbolKinds[kind],
        toRange(document, whole),
        toRange(document, ofName),
        children.map(toSymbol),
      );
    return network ? outlineOf(network, []).map(toSymbol) : [];
  }
}

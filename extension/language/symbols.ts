/** The outline of a network: its layers in the order of the text, with the shape each gives. */
import * as vscode from 'vscode';
import type { Category } from '../../engine/layers/define.ts';
import { layers } from '../../engine/layers/registry.ts';
import { shapeText } from '../../engine/schema/text.ts';
import { type Networks, networkSuffix, toRange } from '../networks.ts';
import { symbol } from '../shown/shown.ts';

/** The nearest of the symbols that VS Code has, so that kinds of layers look different. */
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
} as const satisfies Record<Category, vscode.SymbolKind>;

/**
 * The JSON service, which takes part in our language, would list every layer once more and call the outline its own. An
 * exclusive selector leaves outline and breadcrumbs to one provider; VS Code honours it though its types do not name it.
 */
export const symbolSelector = {
  pattern: `**/*${networkSuffix}`,
  exclusive: true,
} satisfies vscode.DocumentFilter & { readonly exclusive: true };

export class NetworkSymbolProvider implements vscode.DocumentSymbolProvider {
  constructor(readonly networks: Networks) {}

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    const { spec, graph, layerRanges } = this.networks.analysis(document);
    return spec.layers.flatMap(({ name, type }) => {
      const ranges = layerRanges.get(name);
      if (!ranges) return [];
      const typed = graph.byName.get(name);
      const category = layers.find(type)?.category;
      return symbol(
        name,
        typed ? `${type} → ${shapeText(typed.inferred.output)}` : type,
        category ? symbolKinds[category] : vscode.SymbolKind.Null,
        toRange(document, ranges.whole),
        toRange(document, ranges.name),
      );
    });
  }
}

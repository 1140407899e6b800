/** Completes names of layers where the text reads from one. Types and attributes come from the JSON schema. */
import { getLocation } from 'jsonc-parser';
import type * as vscode from 'vscode';
import type { Path } from '../../engine/schema/attributes.ts';
import { shapeText } from '../../engine/schema/text.ts';
import { type Networks, toRange } from '../networks.ts';
import { completion } from '../shown/shown.ts';

export class LayerNameProvider implements vscode.CompletionItemProvider {
  constructor(readonly networks: Networks) {}

  provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): vscode.CompletionItem[] | undefined {
    const { path, previousNode, isAtPropertyKey } = getLocation(
      document.getText(),
      document.offsetAt(position),
    );
    const known = this.networks.lastReadable(document);
    if (isAtPropertyKey || !readsLayer(path) || !known) return undefined;
    const replaced =
      previousNode?.type === 'string'
        ? toRange(document, { start: previousNode.offset, end: previousNode.offset + previousNode.length })
        : undefined;
    const reader = path[0] === 'layers' ? path[1] : undefined;
    return known.spec.layers
      .filter(({ name }) => name !== reader)
      .map(({ name, type }, index) => {
        const shape = known.graph.byName.get(name)?.inferred.output;
        const item = completion(name, shape ? `${type} → ${shapeText(shape)}` : type);
        // In the order of the text.
        item.sortText = String(index).padStart(6, '0');
        if (replaced) item.range = replaced;
        return item;
      });
  }
}

/** `"from": "…"` or an entry of `"from": […]`, of a layer or a loss. */
function readsLayer(path: Path): boolean {
  const key = typeof path.at(-1) === 'number' ? path.at(-2) : path.at(-1);
  return key === 'from' && (path[0] === 'layers' || path[0] === 'training');
}

/** The places in a text where layers and losses name outputs of layers. */
import type { DocumentText } from './documentText.ts';
import type { Node } from './syntax.ts';

/** The strings in a layer's `from`. */
export function inputNodes(document: DocumentText, layer: Node): Node[] {
  const from = document.source.childOf(layer, 'from');
  const nodes = from?.type === 'array' ? from.children! : from ? [from] : [];
  return nodes.filter((node) => node.type === 'string');
}

/** The `from` of every loss that has one. Losses judge layers of the network. */
export function judgedNodes(document: DocumentText): Node[] {
  const loss = document.source.node(['training', 'loss']);
  const losses = loss?.type === 'array' ? loss.children! : loss ? [loss] : [];
  return losses.flatMap((one) => {
    const node = document.source.childOf(one, 'from');
    return node?.type === 'string' ? [node] : [];
  });
}

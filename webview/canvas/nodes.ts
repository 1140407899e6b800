/** Makes React Flow's nodes and edges from ours. */
import { type Edge, MarkerType, type Node, type NodeHandle } from 'reactflow';
import { edgeId, type FlowEdge, type FlowNode, inputHandle, outputHandle } from '../model/flow.ts';
import type { Direction, Point } from '../model/geometry.ts';
import { cardNameId } from './CardName.tsx';
import { handleSize, handlesOf, type PlacedHandle } from './handles.ts';

export type LayerNodeType = Node<
  { readonly node: FlowNode; readonly handles: readonly PlacedHandle[] },
  'layer'
>;
export type LayerEdgeType = Edge<{ readonly edge: FlowEdge }, 'layer'>;

/** Seams are drawn above the rows that they join, frames under all connections. */
const overCards = 1;
const underCards = -100;
/** What React Flow adds for a card that is selected. */
const raised = 1000;

/** Selected, a frame stays under what is inside. */
export const selectedNode = (node: LayerNodeType): LayerNodeType => ({
  ...node,
  selected: true,
  ...(node.data.node.frame ? { zIndex: (node.zIndex ?? 0) - raised } : {}),
});

/** With everything React Flow would otherwise measure, so that cards out of view need not be rendered for it. */
export function toNode(node: FlowNode, direction: Direction): LayerNodeType {
  const handles = handlesOf(node, direction);
  const size = { width: node.width, height: node.height };
  const part = node.frames.length > 0;
  return {
    id: node.id,
    type: 'layer',
    // We handle keys on cards: React Flow would move them with the arrow keys.
    className: node.layer.given.bypass === true ? 'nokey bypassed' : 'nokey',
    // Layers in a frame move with it. They are changed in the view of their block.
    ...(part ? { draggable: false, connectable: false } : {}),
    ...(node.frame ? { zIndex: underCards + node.frames.length } : {}),
    position: { x: node.position[0], y: node.position[1] },
    ariaLabel: node.ariaLabel,
    // The canvas is a single stop of the Tab key; inside it the arrow keys move the focus.
    domAttributes: { tabIndex: -1, 'aria-labelledby': cardNameId(node.id) },
    ...size,
    measured: size,
    handles: handles.map(
      ({ id, type, position, x, y }): NodeHandle => ({
        id,
        type,
        position,
        x: x - handleSize / 2,
        y: y - handleSize / 2,
        width: handleSize,
        height: handleSize,
      }),
    ),
    data: { node, handles },
  };
}

export const placedAt = (node: LayerNodeType, [x, y]: Point): LayerNodeType => ({
  ...node,
  position: { x, y },
});

export function toEdge(edge: FlowEdge): LayerEdgeType {
  return {
    id: edgeId(edge.end),
    type: 'layer',
    source: edge.from.layer,
    sourceHandle: outputHandle(edge.from),
    target: edge.end.to,
    targetHandle: inputHandle(edge.end.index),
    ariaLabel: edge.ariaLabel,
    ...(edge.seam
      ? { zIndex: overCards }
      : {
          markerEnd: {
            type: MarkerType.ArrowClosed,
            width: 14,
            height: 14,
            color: 'var(--edge)',
            markerUnits: 'userSpaceOnUse',
          },
        }),
    data: { edge },
    ...(edge.written ? {} : { selectable: false, reconnectable: false }),
  };
}

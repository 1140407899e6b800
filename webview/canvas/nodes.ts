/** React Flow's nodes and edges made from ours. */
import { type Edge, MarkerType, type Node } from 'reactflow';
import { edgeId, type FlowEdge, type FlowNode, inputHandle, outputHandle } from '../model/flow.ts';
import type { Direction } from '../model/layout.ts';
import type { LayerView } from '../model/network.ts';

export type LayerNodeType = Node<
  { readonly layer: LayerView; readonly inputOrder: readonly number[]; readonly direction: Direction },
  'layer'
>;
export type LayerEdgeType = Edge<{ readonly edge: FlowEdge }, 'layer'>;

export function toNode(
  { id, position, ariaLabel, layer, inputOrder }: FlowNode,
  direction: Direction,
): LayerNodeType {
  return {
    id,
    type: 'layer',
    // Keys of cards are ours: React Flow would move them by arrows.
    className: layer.given.bypass === true ? 'nokey bypassed' : 'nokey',
    position: { x: position[0], y: position[1] },
    ariaLabel,
    data: { layer, inputOrder, direction },
  };
}

export function toEdge(edge: FlowEdge, selected: boolean): LayerEdgeType {
  return {
    id: edgeId(edge.end),
    type: 'layer',
    source: edge.from.layer,
    sourceHandle: outputHandle(edge.from),
    target: edge.end.to,
    targetHandle: inputHandle(edge.end.index),
    ariaLabel: edge.ariaLabel,
    selected,
    markerEnd: {
      type: MarkerType.ArrowClosed,
      width: 20,
      height: 20,
      color: 'var(--edge)',
      markerUnits: 'userSpaceOnUse',
    },
    data: { edge },
  };
}

/** React Flow's nodes and edges, made from ours. One that has not changed is the same object, so that only changed ones are rendered again. */
import { type Edge, MarkerType, type Node, type NodeHandle } from 'reactflow';
import { describeEdge, type FlowEdge, type FlowNode, inputHandle, outputHandle } from '../model/flow.ts';
import type { Direction } from '../model/geometry.ts';
import { cardNameId } from './CardName.tsx';
import { handleSize, handlesOf, type PlacedHandle } from './handles.ts';

export type LayerNodeType = Node<
  { readonly node: FlowNode; readonly handles: readonly PlacedHandle[] },
  'layer'
>;
export type LayerEdgeType = Edge<{ readonly edge: FlowEdge }, 'layer'>;

/** Seams are drawn above the rows that they join, frames under all connections, except those that pass behind the head of a frame. */
const overCards = 1;
const underCards = -100;
const underFrames = 2 * underCards;
/** What React Flow adds for a card that is selected. */
const raised = 1000;

interface Both<T> {
  readonly plain: T;
  readonly selected: T;
}

const nodes: { readonly [D in Direction]: WeakMap<FlowNode, Both<LayerNodeType>> } = {
  down: new WeakMap(),
  right: new WeakMap(),
};
const edges = new WeakMap<FlowEdge, Both<LayerEdgeType>>();

export function nodeOf(node: FlowNode, direction: Direction, selected: boolean): LayerNodeType {
  let known = nodes[direction].get(node);
  if (!known) {
    const plain = { ...toNode(node, direction), selected: false };
    // Selected, a frame stays under what is inside.
    const under = node.frame ? { zIndex: (plain.zIndex ?? 0) - raised } : {};
    known = { plain, selected: { ...plain, selected: true, ...under } };
    nodes[direction].set(node, known);
  }
  return selected ? known.selected : known.plain;
}

export function edgeOf(edge: FlowEdge, selected: boolean): LayerEdgeType {
  let known = edges.get(edge);
  if (!known) {
    const plain = toEdge(edge);
    known = { plain, selected: { ...plain, selected: true } };
    edges.set(edge, known);
  }
  return selected ? known.selected : known.plain;
}

type Look = Omit<LayerNodeType, 'position' | 'data'> & { readonly places: readonly PlacedHandle[] };

const looks: { readonly [D in Direction]: WeakMap<object, Look> } = {
  down: new WeakMap(),
  right: new WeakMap(),
};

/** A card that only moves looks as before. */
function toNode(node: FlowNode, direction: Direction): LayerNodeType {
  let look = looks[direction].get(node.look);
  if (!look) {
    look = lookOf(node, direction);
    looks[direction].set(node.look, look);
  }
  const { places, ...about } = look;
  const [x, y] = node.position;
  return { ...about, position: { x, y }, data: { node, handles: places } };
}

/** With everything React Flow would otherwise measure, so that cards out of view need not be rendered for it. */
function lookOf(node: FlowNode, direction: Direction): Look {
  const places = handlesOf(node, direction);
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
    // The canvas is a single stop of the Tab key; inside it the arrow keys move the focus.
    domAttributes: { tabIndex: -1, 'aria-labelledby': cardNameId(node.id) },
    ...size,
    measured: size,
    handles: places.map(
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
    places,
  };
}

function toEdge(edge: FlowEdge): LayerEdgeType {
  return {
    id: edge.id,
    type: 'layer',
    source: edge.from.layer,
    sourceHandle: outputHandle(edge.from),
    target: edge.end.to,
    targetHandle: inputHandle(edge.end.index),
    ariaLabel: describeEdge(edge),
    ...(edge.enters ? { zIndex: underFrames } : {}),
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

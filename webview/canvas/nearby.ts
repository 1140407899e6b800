/**
 * The part of a large network that is passed to React Flow: everything near the view, and the selection. React Flow's work grows
 * with the number of cards that it knows, even if it draws few of them.
 */
import { useMemo } from 'react';
import { type ReactFlowState, useStore } from 'reactflow';
import { card } from '../model/cardSizes.ts';
import type { Flow, FlowEdge, FlowNode } from '../model/flow.ts';

/** Networks with at most this many cards are passed completely. */
const few = 200;

/** A part of the graph, in its coordinates. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * The view with margins of a quarter to half its size, in steps of about a quarter, so that it seldom changes while the view moves.
 * Wider margins would make every edit slower. As text, so that equal areas are equal values.
 */
export function areaAround({
  transform: [x, y, zoom],
  width,
  height,
}: Pick<ReactFlowState, 'transform' | 'width' | 'height'>): string {
  const step = 2 ** Math.round(Math.log2(Math.max(1, width, height) / zoom)) / 4;
  const [left, top] = [-x / zoom, -y / zoom];
  const down = (place: number) => (Math.floor(place / step) - 1) * step;
  const up = (place: number) => (Math.ceil(place / step) + 1) * step;
  return [down(left), down(top), up(left + width / zoom), up(top + height / zoom)].join();
}

export const areaOf = (text: string): Area => {
  const [left, top, right, bottom] = text.split(',').map(Number);
  return { left, top, right, bottom };
};

/** The layer from which a connection is being dragged, which the view may leave meanwhile. */
const dragged = ({ connection }: ReactFlowState): string | undefined =>
  connection.inProgress ? connection.fromNode.id : undefined;

/** `selection` and `edgeSelection`: ids of what is shown wherever it is. */
export function useNearby(whole: Flow, selection: Ids, edgeSelection: Ids): Flow {
  const area = useStore(areaAround);
  const held = useStore(dragged);
  // The area of a network that is passed completely does not matter.
  const relevant = whole.nodes.length <= few ? '' : area;
  return useMemo(
    () =>
      relevant === ''
        ? whole
        : nearby(
            whole,
            areaOf(relevant),
            held === undefined ? selection : new Set([...selection, held]),
            edgeSelection,
          ),
    [whole, relevant, held, selection, edgeSelection],
  );
}

type Ids = ReadonlySet<string>;

const none: Ids = new Set();

/** Connections that may cross the area, with the cards at both ends, and all cards in it. */
export function nearby({ nodes, edges }: Flow, area: Area, selection = none, edgeSelection = none): Flow {
  const isNear = new Uint8Array(nodes.length);
  for (let index = 0; index < nodes.length; index++)
    if (isIn(area, nodes[index]) || selection.has(nodes[index].id)) isNear[index] = 1;
  const isEnd = new Set<number>();
  const find = finder(nodes);
  let target = 0;
  const crossing = edges.filter((edge) => {
    target = find(edge.end.to, target);
    const source = find(edge.from.layer, target - 1);
    if (source < 0 || target < 0) return false;
    const shown =
      (isNear[source] === 1 && isNear[target] === 1) ||
      edgeSelection.has(edge.id) ||
      mayCross(area, edge, nodes[source], nodes[target]);
    if (shown) isEnd.add(source).add(target);
    return shown;
  });
  for (const end of isEnd) isNear[end] = 1;
  return { nodes: nodes.filter((_, index) => isNear[index] === 1), edges: crossing };
}

/** Finds the index of a card, -1 if there is none. Most are at the place where they are expected, or at the next. */
function finder(nodes: readonly FlowNode[]): (id: string, expected: number) => number {
  let indices: Map<string, number> | undefined;
  return (id, expected) => {
    if (nodes[expected]?.id === id) return expected;
    if (nodes[expected + 1]?.id === id) return expected + 1;
    indices ??= new Map(nodes.map((node, index) => [node.id, index]));
    return indices.get(id) ?? -1;
  };
}

const isIn = (area: Area, { position: [x, y], width, height }: FlowNode): boolean =>
  x <= area.right && x + width >= area.left && y <= area.bottom && y + height >= area.top;

/** Where a line may be, with its route. One that leads back runs around its two cards. */
function mayCross(area: Area, { route }: FlowEdge, source: FlowNode, target: FlowNode): boolean {
  const [fromX, fromY] = source.position;
  const [toX, toY] = target.position;
  let left = Math.min(fromX, toX);
  let top = Math.min(fromY, toY);
  let right = Math.max(fromX + source.width, toX + target.width);
  let bottom = Math.max(fromY + source.height, toY + target.height);
  if (route)
    for (let leg = 0; leg < route.legs.length; leg++) {
      const [x, y] = route.legs[leg].to;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  const around = card.width;
  return (
    left - around <= area.right &&
    right + around >= area.left &&
    top - around <= area.bottom &&
    bottom + around >= area.top
  );
}

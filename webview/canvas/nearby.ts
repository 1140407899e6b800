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
  const byId = new Map<string, FlowNode>();
  const near = new Set<string>();
  for (const node of nodes) {
    byId.set(node.id, node);
    if (isIn(area, node) || selection.has(node.id)) near.add(node.id);
  }
  const ends: string[] = [];
  const crossing = edges.filter((edge) => {
    const [source, target] = [byId.get(edge.from.layer), byId.get(edge.end.to)];
    if (!source || !target) return false;
    const shown =
      (near.has(source.id) && near.has(target.id)) ||
      edgeSelection.has(edge.id) ||
      mayCross(area, edge, source, target);
    if (shown) ends.push(source.id, target.id);
    return shown;
  });
  for (const end of ends) near.add(end);
  return { nodes: nodes.filter(({ id }) => near.has(id)), edges: crossing };
}

const isIn = (area: Area, { position: [x, y], width, height }: FlowNode): boolean =>
  x <= area.right && x + width >= area.left && y <= area.bottom && y + height >= area.top;

/** Where a line may be, with its route. One that leads back runs around its two cards. */
function mayCross(area: Area, { route }: FlowEdge, source: FlowNode, target: FlowNode): boolean {
  let left = Math.min(source.position[0], target.position[0]);
  let top = Math.min(source.position[1], target.position[1]);
  let right = Math.max(source.position[0] + source.width, target.position[0] + target.width);
  let bottom = Math.max(source.position[1] + source.height, target.position[1] + target.height);
  if (route)
    for (const {
      to: [x, y],
    } of route.legs) {
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  const around = card.width;
  return (
    left - around <= area.right &&
    right + around >= area.left &&
    top - around <= area.bottom &&
    bottom + around >= area.top
  );
}

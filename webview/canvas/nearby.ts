/**
 * The part of a large network that is passed to React Flow: everything near the view, and the selection. React Flow's work grows
 * with the number of cards that it knows, even if it draws few of them.
 */
import { useMemo } from 'react';
import { type ReactFlowState, useStore } from 'reactflow';
import { card } from '../model/cardSizes.ts';
import type { LayerEdgeType, LayerNodeType } from './nodes.ts';

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
 * The view with margins of its own size, in steps of half its size, so that it rarely changes while the view moves. As text, so
 * that equal areas are equal values.
 */
function areaAround({ transform: [x, y, zoom], width, height }: ReactFlowState): string {
  const step = 2 ** Math.ceil(Math.log2(Math.max(1, width, height) / zoom)) / 2;
  const [left, top] = [-x / zoom, -y / zoom];
  const down = (place: number) => (Math.floor(place / step) - 1) * step;
  const up = (place: number) => (Math.ceil(place / step) + 1) * step;
  return [down(left), down(top), up(left + width / zoom), up(top + height / zoom)].join();
}

const areaOf = (text: string): Area => {
  const [left, top, right, bottom] = text.split(',').map(Number);
  return { left, top, right, bottom };
};

/** The layer from which a connection is being dragged, which the view may leave meanwhile. */
const dragged = ({ connection }: ReactFlowState): string | undefined =>
  connection.inProgress ? connection.fromNode.id : undefined;

export function useNearby(nodes: readonly LayerNodeType[], edges: readonly LayerEdgeType[]) {
  const area = useStore(areaAround);
  const held = useStore(dragged);
  const whole = nodes.length <= few;
  // The area of a network that is given whole does not matter.
  const relevant = whole ? '' : area;
  return useMemo(
    () =>
      relevant === ''
        ? { nodes: [...nodes], edges: [...edges] }
        : nearby(nodes, edges, areaOf(relevant), held),
    [nodes, edges, relevant, held],
  );
}

interface Part {
  readonly nodes: LayerNodeType[];
  readonly edges: LayerEdgeType[];
}

/** Connections that may cross the area, with the cards at both ends, and all cards in it. */
export function nearby(
  nodes: readonly LayerNodeType[],
  edges: readonly LayerEdgeType[],
  area: Area,
  held?: string,
): Part {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const near = new Set<string>();
  for (const node of nodes)
    if (node.selected || node.id === held || overlaps(area, extentOf(node))) near.add(node.id);
  const crossing = edges.filter((edge) => {
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
    if (!source || !target) return false;
    if (near.has(source.id) && near.has(target.id)) return true;
    return edge.selected || overlaps(area, extentOfEdge(edge, source, target));
  });
  for (const { source, target } of crossing) near.add(source).add(target);
  return { nodes: nodes.filter(({ id }) => near.has(id)), edges: crossing };
}

const overlaps = (a: Area, b: Area): boolean =>
  a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;

const extentOf = ({ position: { x, y }, data }: LayerNodeType): Area => ({
  left: x,
  top: y,
  right: x + data.node.width,
  bottom: y + data.node.height,
});

/** With its route. A line that leads back runs around its two cards. */
function extentOfEdge({ data }: LayerEdgeType, source: LayerNodeType, target: LayerNodeType): Area {
  const [a, b] = [extentOf(source), extentOf(target)];
  let [left, right] = [Math.min(a.left, b.left), Math.max(a.right, b.right)];
  let [top, bottom] = [Math.min(a.top, b.top), Math.max(a.bottom, b.bottom)];
  for (const {
    to: [x, y],
  } of data?.edge.route?.legs ?? []) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const around = card.width;
  return { left: left - around, top: top - around, right: right + around, bottom: bottom + around };
}

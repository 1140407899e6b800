/** The lines of connections, computed from the places of cards alone, for drawings on one canvas and for pictures. */
import { Position } from 'reactflow';
import { type Flow, type FlowEdge, inputHandle, outputHandle } from '../model/flow.ts';
import type { Direction, Point } from '../model/geometry.ts';
import { type LabelPlace, labelPlace, showsShape } from './edgeLabel.ts';
import { handlesOf } from './handles.ts';
import { edgePath, outside } from './path.ts';

export interface Connection {
  readonly path: string;
  /** Where it ends. */
  readonly tip: Point;
  /** Whether it arrives from above, otherwise from the left. */
  readonly down: boolean;
  readonly edge: FlowEdge;
  /** Where its shape is written, if it is. */
  readonly label: LabelPlace | undefined;
}

/** All connections except those within a stack, which are seams. */
export function connectionsOf({ nodes, edges }: Flow, direction: Direction): Connection[] {
  const cards = new Map(nodes.map((node) => [node.id, { node, handles: handlesOf(node, direction) }]));
  const at = (name: string, type: 'source' | 'target', id: string) => {
    const { node, handles } = cards.get(name)!;
    const handle = handles.find((one) => one.type === type && one.id === id);
    return (
      handle && { x: node.position[0] + handle.x, y: node.position[1] + handle.y, side: handle.position }
    );
  };
  return edges.flatMap((edge) => {
    if (edge.seam) return [];
    const start = at(edge.from.layer, 'source', outputHandle(edge.from));
    const end = at(edge.end.to, 'target', inputHandle(edge.end.index));
    if (!start || !end) return [];
    const down = start.side === Position.Bottom;
    const ends = {
      // Where React Flow ends connections: at the outermost point of a handle.
      sourceX: start.x + (down ? 0 : outside),
      sourceY: start.y + (down ? outside : 0),
      targetX: end.x - (end.side === Position.Left ? outside : 0),
      targetY: end.y - (end.side === Position.Top ? outside : 0),
      sourcePosition: start.side,
      targetPosition: end.side,
    };
    const [path, x, y] = edgePath(ends, edge.route);
    const label = showsShape(edge) ? labelPlace(ends, edge, [x, y]) : undefined;
    return [{ path, tip: [end.x, end.y], down: end.side === Position.Top, edge, label }];
  });
}

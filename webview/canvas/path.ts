/** The line of a connection. */
import { type EdgeProps, getBezierPath, Position } from 'reactflow';
import type { FlowEdge } from '../model/flow.ts';
import { card, type Point } from '../model/layout.ts';

type Ends = Pick<
  EdgeProps,
  'sourceX' | 'sourceY' | 'targetX' | 'targetY' | 'sourcePosition' | 'targetPosition'
>;

/** A handle's centre lies this far outside its card at most. */
const margin = 8;

/** The path and the place of its label. Short ways are a curve; long ones follow their route while the cards stand there. */
export function edgePath(ends: Ends, route: FlowEdge['route']): [path: string, x: number, y: number] {
  const down = ends.sourcePosition === Position.Bottom;
  if (!route || !standsAt(ends, route)) {
    const [path, x, y] = getBezierPath(ends);
    return [path, x, y];
  }
  const points: readonly Point[] = [
    [ends.sourceX, ends.sourceY],
    ...route.between,
    [ends.targetX, ends.targetY],
  ];
  const pieces = points.slice(1).map((to, index) => piece(points[index], to, down));
  const [x, y] = points[Math.floor(points.length / 2)];
  return [`M${ends.sourceX},${ends.sourceY}${pieces.join('')}`, x, y];
}

/** From point to point, leaving and arriving along the direction of the layout. */
function piece([x, y]: Point, [toX, toY]: Point, down: boolean): string {
  const [middleX, middleY] = [(x + toX) / 2, (y + toY) / 2];
  return down
    ? `C${x},${middleY} ${toX},${middleY} ${toX},${toY}`
    : `C${middleX},${y} ${middleX},${toY} ${toX},${toY}`;
}

/** Handles lie on their cards' sides, as long as the cards have not been dragged away. */
function standsAt(
  { sourceX, sourceY, targetX, targetY }: Ends,
  { start, end }: NonNullable<FlowEdge['route']>,
): boolean {
  const on = (x: number, y: number, [left, top]: Point) =>
    x >= left - margin &&
    x <= left + card.width + margin &&
    y >= top - margin &&
    y <= top + card.height + card.statisticsHeight + margin;
  return on(sourceX, sourceY, start) && on(targetX, targetY, end);
}

/** Where the shape of a connection is written, in the graph and in pictures. */
import { type EdgeProps, Position } from 'reactflow';
import type { FlowEdge } from '../model/flow.ts';
import type { Point } from '../model/geometry.ts';

/** Whether the shape is written without being asked for. */
export const showsShape = ({ shape, reshaped, seam, enters }: FlowEdge): boolean =>
  shape !== undefined && reshaped && !seam && !enters;

/**
 * A line that leads so far to the side has its label on it, because left of it may be the line to a neighbour. The names of further
 * inputs are on the right of the first one, and a line that comes from there has its label on the left.
 */
const far = 120;
/** A label below a folded block is so much lower, off the further cards on which the block is drawn. */
const belowBlock = 4;
/** Between a label and its line. */
const gap = 6;

export interface LabelPlace {
  readonly at: Point;
  /** Whether it ends there, otherwise its middle is there. */
  readonly ends: boolean;
}

type Ends = Pick<EdgeProps, 'sourceX' | 'targetX' | 'sourcePosition'>;

/** A label that was asked for, or of a route, lies on its line at `middle`. Another is to the left of both ends, so that it covers neither the line nor names of ports. */
export function labelPlace(
  { sourceX, targetX, sourcePosition }: Ends,
  { amongNames, fromBlock, route }: Pick<FlowEdge, 'amongNames' | 'fromBlock' | 'route'>,
  middle: Point,
): LabelPlace {
  const leadsAside = Math.abs(sourceX - targetX) > far;
  const crossesNames = amongNames && sourceX > targetX;
  const isBeside = (!leadsAside || crossesNames) && sourcePosition === Position.Bottom && !route;
  if (!isBeside) return { at: middle, ends: false };
  return { at: [Math.min(sourceX, targetX) - gap, middle[1] + (fromBlock ? belowBlock : 0)], ends: true };
}

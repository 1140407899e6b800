/** The line of a connection: straight or curved over a short distance, along its route over a long one. */
import { type EdgeProps, Position } from 'reactflow';
import { card } from '../model/cardSizes.ts';
import type { FlowEdge } from '../model/flow.ts';
import type { Leg, Point } from '../model/geometry.ts';
import { handleSize } from './handles.ts';

type Ends = Pick<
  EdgeProps,
  'sourceX' | 'sourceY' | 'targetX' | 'targetY' | 'sourcePosition' | 'targetPosition'
>;

/** How far a handle's centre lies outside its card at most. */
const margin = 8;
/** Radius of corners, and the distance that a route keeps from cards. */
const corner = 8;
const clearance = 14;

/**
 * The path, and the position of its label: in the middle of the line, or of the part of a route that runs across the page, where a
 * label covers the least.
 */
export function edgePath(ends: Ends, route: FlowEdge['route']): [path: string, x: number, y: number] {
  const down = ends.sourcePosition === Position.Bottom;
  const start: Point = down ? [ends.sourceX, ends.sourceY - outside] : [ends.sourceX - outside, ends.sourceY];
  const end = onCard(ends);
  const legs = legsOf(ends, end, route);
  const path = draw(start, legs, down);
  const [x, y] = legs.length > 1 ? labelled(piecesOf(start, legs, down)) : between(start, end);
  return [path, x, y];
}

const between = ([x, y]: Point, [otherX, otherY]: Point): Point => [(x + otherX) / 2, (y + otherY) / 2];

/** A piece that a label fits on. */
const roomy = 60;

/** The middle of the longest piece across the page on which a label has room, or else of the longest one. */
function labelled(pieces: readonly Piece[]): Point {
  const longest = (some: readonly Piece[]): Piece | undefined =>
    some.reduce<Piece | undefined>(
      (best, piece) => (best && length(best.from, best.to) >= length(piece.from, piece.to) ? best : piece),
      undefined,
    );
  const across = pieces.filter(({ from, to }) => from[1] === to[1] && length(from, to) >= roomy);
  const { from, to } = longest(across) ?? longest(pieces)!;
  return between(from, to);
}

/** Lines reach to the cards: dots of inputs that are connected are seldom seen. */
const onCard = ({ targetX, targetY, targetPosition }: Ends): Point =>
  targetPosition === Position.Top ? [targetX, targetY + outside] : [targetX + outside, targetY];

function legsOf(ends: Ends, end: Point, route: FlowEdge['route']): readonly Leg[] {
  if (route && standsAt(ends, route)) return [...route.legs, { to: end, by: route.arrive }];
  if (leadsUnder(ends)) return [...besideStack(ends), { to: end, by: 'along' }];
  if (!leadsBack(ends)) return [{ to: end, by: 'curve' }];
  return [...aroundCards(ends), { to: end, by: 'across' }];
}

/** The target's input is on the wrong side of the source's output: a curve would run through both cards. */
function leadsBack({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition }: Ends): boolean {
  if (sourcePosition === Position.Bottom && targetPosition === Position.Top) return targetY < sourceY;
  return sourcePosition === Position.Right && targetPosition === Position.Left && targetX < sourceX;
}

/** From the side of a row to a card below it and not beside it: a curve would run through the rows under it. */
const leadsUnder = ({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition }: Ends): boolean =>
  sourcePosition === Position.Right &&
  targetPosition === Position.Top &&
  targetX < sourceX + clearance &&
  targetY > sourceY + clearance;

/** Down the side of the stack, to above the target. */
const besideStack = ({ sourceX, targetY }: Ends): Leg[] => [
  { to: [sourceX + clearance, targetY - clearance], by: 'along' },
];

/** Beside both cards, or between them if there is room. */
function aroundCards({ sourceX, sourceY, targetX, targetY, sourcePosition }: Ends): Leg[] {
  const half = card.width / 2 + clearance;
  if (sourcePosition === Position.Bottom) {
    const apart = Math.abs(sourceX - targetX) > 2 * half;
    const x = apart ? (sourceX + targetX) / 2 : Math.max(sourceX, targetX) + half;
    return [
      { to: [x, sourceY + clearance], by: 'along' },
      { to: [x, targetY - clearance], by: 'curve' },
    ];
  }
  const below = Math.max(sourceY, targetY) + card.full + clearance;
  return [
    { to: [sourceX + clearance, below], by: 'along' },
    { to: [targetX - clearance, below], by: 'curve' },
  ];
}

interface Piece {
  readonly from: Point;
  readonly to: Point;
  readonly curved: boolean;
}

function piecesOf(start: Point, legs: readonly Leg[], down: boolean): readonly Piece[] {
  let from = start;
  return legs.flatMap(({ to, by }) => {
    const begin = from;
    from = to;
    if (by === 'curve') return [{ from: begin, to, curved: begin[0] !== to[0] && begin[1] !== to[1] }];
    const corner: Point = (by === 'along') === down ? [begin[0], to[1]] : [to[0], begin[1]];
    return [
      { from: begin, to: corner, curved: false },
      { from: corner, to, curved: false },
    ];
  });
}

/** Straight pieces meet in rounded corners. */
function draw(start: Point, legs: readonly Leg[], down: boolean): string {
  const parts = [`M${start}`];
  let straight: Point[] = [start];
  const flush = () => parts.push(polyline(straight));
  for (const { from, to, curved } of piecesOf(start, legs, down)) {
    if (!curved) {
      straight.push(to);
      continue;
    }
    flush();
    parts.push(curve(from, to, down));
    straight = [to];
  }
  flush();
  return parts.join('');
}

/** The line leaves and arrives along the direction of the layout. */
function curve([x, y]: Point, [toX, toY]: Point, down: boolean): string {
  const [middleX, middleY] = [(x + toX) / 2, (y + toY) / 2];
  return down
    ? `C${x},${middleY} ${toX},${middleY} ${toX},${toY}`
    : `C${middleX},${y} ${middleX},${toY} ${toX},${toY}`;
}

function polyline(points: readonly Point[]): string {
  const path = points.slice(1).map((point, index) => {
    const [before, after] = [points[index], points[index + 2]];
    if (!after) return `L${point}`;
    const radius = Math.min(corner, length(before, point) / 2, length(point, after) / 2);
    return `L${toward(point, before, radius)}Q${point} ${toward(point, after, radius)}`;
  });
  return path.join('');
}

const length = ([x, y]: Point, [otherX, otherY]: Point): number => Math.hypot(otherX - x, otherY - y);

function toward(from: Point, to: Point, by: number): Point {
  const whole = length(from, to) || 1;
  return [from[0] + ((to[0] - from[0]) * by) / whole, from[1] + ((to[1] - from[1]) * by) / whole];
}

/** Whether the ends are still on the sides of the cards, which have then not been dragged away. */
function standsAt(
  { sourceX, sourceY, targetX, targetY }: Ends,
  { start, end }: NonNullable<FlowEdge['route']>,
): boolean {
  const on = (x: number, y: number, [left, top]: Point) =>
    x >= left - margin &&
    x <= left + card.width + margin &&
    y >= top - margin &&
    y <= top + card.full + margin;
  return on(sourceX, sourceY, start) && on(targetX, targetY, end);
}

/** Half of a handle lies outside its card; React Flow ends connections at the outermost point of it. */
export const outside = handleSize / 2;

/**
 * A line along the seam between two layers of a stack, where the pointer finds their connection. None while one of them
 * is dragged away.
 */
export function seamPath(ends: Ends): [path: string, x: number, y: number] | undefined {
  const { sourceX, sourceY, targetX, targetY } = ends;
  const left = targetX + outside;
  const between = targetY - sourceY;
  const joined =
    Math.abs(sourceX - outside - card.width - left) < 1 &&
    [card.full, card.row].some((height) => Math.abs(height - between) < 1);
  if (!joined) return undefined;
  const y = targetY - card.row / 2;
  return [`M${left},${y}h${card.width}`, left + card.width / 2, y];
}

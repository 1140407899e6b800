/** Types for places on the canvas. */

export type Direction = 'down' | 'right';
export type Point = readonly [x: number, y: number];

/** How it is reached from the previous point: by a curve, or by a right angle that goes first along or first across. */
export type Bend = 'curve' | 'along' | 'across';

export interface Leg {
  readonly to: Point;
  readonly by: Bend;
}

/** The route of a connection between its handles: the points between, and how the line leaves the last of them. */
export interface Route {
  readonly legs: readonly Leg[];
  readonly arrive: Bend;
}

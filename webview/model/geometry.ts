/** Words for places on the canvas. */

export type Direction = 'down' | 'right';
export type Point = readonly [x: number, y: number];

/** From the point before: a curve, or a right angle that first goes along the direction of the layout or first across. */
export type Bend = 'curve' | 'along' | 'across';

export interface Leg {
  readonly to: Point;
  readonly by: Bend;
}

/** The way of a connection between its handles: the points between, and how the last of them is left. */
export interface Route {
  readonly legs: readonly Leg[];
  readonly arrive: Bend;
}

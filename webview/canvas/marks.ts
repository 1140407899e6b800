/**
 * The shapes that mark the state of a layer on cards, in the overview, and in pictures of the network. They are recognizable from
 * afar and without colour. Each is a tile that is repeated along the edge of the card.
 */
import type { HealthState } from '../../engine/schema/healthStates.ts';

export const tile = 12;

export interface Mark {
  /** Within a square of `tile` pixels. Only its first command has absolute coordinates. */
  readonly path: string;
  /** Filled; otherwise drawn as lines of `lineWidth`. */
  readonly filled: boolean;
}

export const lineWidth = 2;

export const marks: { readonly [S in HealthState]: Mark } = {
  // Crosses.
  notFinite: { path: 'M2.5,2.5l7,7m0,-7l-7,7', filled: false },
  // Arrowheads, up and out.
  exploding: { path: 'M2,9l4,-5l4,5', filled: false },
  // Open squares, as empty as dead units.
  dead: { path: 'M3,3h6v6h-6z', filled: false },
  // Hatching: values at a bound.
  saturated: { path: 'M0,6l6,-6m-4,12l10,-10', filled: false },
  // A dot: hardly anything left.
  vanished: { path: 'M6,3.4a2.6,2.6 0 1 0 0.01,0z', filled: true },
  // Two bars: a pause.
  stopped: { path: 'M3,2v8m6,-8v8', filled: false },
};

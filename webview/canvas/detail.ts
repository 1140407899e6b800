/**
 * The details that have room at each zoom. Text is enlarged when the view is zoomed out, so that it stays legible. What then does
 * not fit is left out.
 */

export type Detail = 'near' | 'middle' | 'far' | 'specks';

export interface Level {
  readonly detail: Detail;
  /** The factor by which text sizes are multiplied. */
  readonly text: number;
}

/** Text on a card is at least this large at zoom 1, in pixels; card.css has sizes as multiples of it. */
export const smallestText = 11;

/** The levels of detail, each with the zoom from which it applies. */
const zooms: readonly (readonly [from: number, detail: Detail])[] = [
  [0.92, 'near'],
  [0.8, 'middle'],
  [0.7, 'middle'],
  [0.6, 'middle'],
  [0.5, 'middle'],
  [0.42, 'far'],
  [0.35, 'far'],
  [0.29, 'far'],
  [0.24, 'far'],
  [0.2, 'far'],
];

/** The smallest zoom at which cards have their names. */
export const [zoomWithNames] = zooms.at(-1)!;

const specks: Level = { detail: 'specks', text: 1 };

/** Returns the same object for the same level. */
const levels: readonly (readonly [from: number, level: Level])[] = zooms.map(([from, detail]) => [
  from,
  { detail, text: 1 / from },
]);

export const levelOf = (zoom: number): Level => levels.find(([from]) => zoom >= from - 1e-6)?.[1] ?? specks;

/**
 * Breaks long networks into columns (or rows, if the layout goes to the right), as a text is broken into lines. Columns
 * depend on the network alone and not on the window, so that a network looks the same for everyone.
 */
import { firstFrom } from './sorted.ts';

export interface Strip {
  /** The extent of each rank along the direction of the layout. */
  readonly lengths: readonly number[];
  /** Gap between two ranks. */
  readonly gap: number;
  /** The number of layers whose connections cross the border after each rank. */
  readonly crossings: readonly number[];
  /** Width of a column across, including the gap beside it. */
  readonly breadth: number;
}

/** The area that columns aim to fill, in pixels along and across: about half a window that shows charts below. */
export interface Page {
  readonly along: number;
  readonly across: number;
}

/** If connections from more layers than this cross a border, it is not a place for a break. */
const mostCrossings = 3;
/** Another column must make everything larger by this factor, because one line is easier to follow, and grows without a jump. */
const worthwhile = 1.3;

/** The column of each rank. */
export function columnsOf(strip: Strip, page: Page): number[] {
  const ends = endsOf(strip);
  const total = ends.at(-1) ?? 0;
  let best: { readonly starts: readonly number[]; readonly zoom: number } | undefined;
  const most = Math.ceil(Math.sqrt((total * page.across) / (page.along * strip.breadth))) + 1;
  for (let count = 1; count <= most; count++) {
    const starts = breakInto(ends, strip.crossings, count);
    const zoom = zoomOf(strip, ends, starts, page);
    if (!best || zoom > best.zoom * worthwhile) best = { starts, zoom };
  }
  let column = -1;
  return strip.lengths.map((_, rank) => {
    if (rank === best?.starts[column + 1]) column++;
    return column;
  });
}

/** Where each rank ends along the strip, with the gap behind it. */
function endsOf({ lengths, gap }: Strip): number[] {
  let end = 0;
  return lengths.map((length) => {
    end += length + gap;
    return end;
  });
}

/** Divides ranks into this many columns, each about as long as an equal share of the rest: the first rank of each. */
function breakInto(ends: readonly number[], crossings: readonly number[], count: number): number[] {
  const starts: number[] = [];
  for (let start = 0; start < ends.length; ) {
    starts.push(start);
    start = breakAfter(ends, crossings, start, count - starts.length + 1);
  }
  return starts;
}

/** The range of column sizes, as shares of the equal size, that is searched for the best border. */
const reach = { least: 0.7, most: 1.3 };

/** The first rank of the next column: at the border within reach that the fewest connections cross. */
function breakAfter(
  ends: readonly number[],
  crossings: readonly number[],
  start: number,
  columnsLeft: number,
): number {
  if (columnsLeft <= 1) return ends.length;
  const from = start === 0 ? 0 : ends[start - 1];
  const length = (ends[ends.length - 1] - from) / columnsLeft;
  let [best, least] = [ends.length, Number.POSITIVE_INFINITY];
  for (let at = firstFrom(ends, from + reach.least * length, start) + 1; at < ends.length; at++) {
    const size = (ends[at - 1] - from) / length;
    if (size > reach.most && least < Number.POSITIVE_INFINITY) break;
    if (crossings[at - 1] > mostCrossings) continue;
    const cost = Math.abs(size - 1) + 0.3 * crossings[at - 1];
    if (cost < least) [best, least] = [at, cost];
  }
  return best;
}

function zoomOf(
  { gap, breadth }: Strip,
  ends: readonly number[],
  starts: readonly number[],
  page: Page,
): number {
  let longest = 0;
  for (const [column, start] of starts.entries()) {
    const next = starts[column + 1] ?? ends.length;
    longest = Math.max(longest, ends[next - 1] - (start === 0 ? 0 : ends[start - 1]) - gap);
  }
  return Math.min(1, page.along / longest, page.across / (starts.length * breadth));
}

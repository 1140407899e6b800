/**
 * Breaks long networks into columns (or rows, if the layout goes to the right), as a text is broken into lines. Columns
 * depend on the network alone and not on the window, so that a network looks the same for everyone.
 */

export interface Strip {
  /** The extent of each rank along the direction of the layout. */
  readonly lengths: readonly number[];
  /** Gap between two ranks. */
  readonly gap: number;
  /** How many layers are read across the border after each rank. */
  readonly crossings: readonly number[];
  /** Width of a column across, including the gap beside it. */
  readonly breadth: number;
}

/** The area that columns aim to fill, in pixels along and across: about half a window that shows charts below. */
export interface Page {
  readonly along: number;
  readonly across: number;
}

/** A border that more layers than this are read across is no place for a break. */
const mostCrossings = 3;
/** Another column must make everything larger by this factor. */
const worthwhile = 1.08;

/** The column of each rank. */
export function columnsOf(strip: Strip, page: Page): number[] {
  const total = strip.lengths.reduce((sum, length) => sum + length + strip.gap, 0);
  let best: { readonly columns: number[]; readonly zoom: number } | undefined;
  const most = Math.ceil(Math.sqrt((total * page.across) / (page.along * strip.breadth))) + 1;
  for (let count = 1; count <= most; count++) {
    const columns = breakInto(strip, count);
    const zoom = zoomOf(strip, columns, page);
    if (!best || zoom > best.zoom * worthwhile) best = { columns, zoom };
  }
  return best?.columns ?? [];
}

/** Divides ranks into this many columns, each about as long as an equal share of the rest. */
function breakInto({ lengths, gap, crossings }: Strip, count: number): number[] {
  const ends: number[] = [];
  for (const [index, length] of lengths.entries()) ends.push((ends[index - 1] ?? 0) + length + gap);
  const columns: number[] = [];
  for (let column = 0; columns.length < lengths.length; column++) {
    const end = breakAfter(ends, crossings, columns.length, count - column);
    while (columns.length < end) columns.push(column);
  }
  return columns;
}

/** The rank that begins the next column: at the border within reach that the fewest layers are read across. */
function breakAfter(
  ends: readonly number[],
  crossings: readonly number[],
  start: number,
  columnsLeft: number,
): number {
  if (columnsLeft <= 1) return ends.length;
  const from = start === 0 ? 0 : ends[start - 1];
  const length = (ends[ends.length - 1] - from) / columnsLeft;
  let best: { readonly at: number; readonly cost: number } | undefined;
  for (let at = start + 1; at < ends.length; at++) {
    const size = (ends[at - 1] - from) / length;
    if (size > 1.3 && best) break;
    if (size < 0.7 || crossings[at - 1] > mostCrossings) continue;
    const cost = Math.abs(size - 1) + 0.3 * crossings[at - 1];
    if (!best || cost < best.cost) best = { at, cost };
  }
  return best?.at ?? ends.length;
}

function zoomOf({ lengths, gap, breadth }: Strip, columns: readonly number[], page: Page): number {
  const extents = new Map<number, number>();
  for (const [rank, column] of columns.entries())
    extents.set(column, (extents.get(column) ?? -gap) + lengths[rank] + gap);
  return Math.min(1, page.along / Math.max(...extents.values()), page.across / (extents.size * breadth));
}

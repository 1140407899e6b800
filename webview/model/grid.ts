/** Lays out ranks like lines on a page: the position and the column of each, and the routes of connections between columns. */
import { columnsOf } from './columns.ts';
import type { Direction, Leg, Route } from './geometry.ts';
import type { Ranked, Slot } from './ranked.ts';

/** Gaps between ranks, between cards side by side, around lanes, and between columns. */
export const gaps: {
  readonly [D in Direction]: {
    readonly rank: number;
    readonly beside: number;
    readonly lane: number;
    readonly column: number;
  };
} = {
  down: { rank: 26, beside: 28, lane: 16, column: 40 },
  right: { rank: 44, beside: 22, lane: 14, column: 44 },
};

/** Gap between the routes of two connections from one column to the next. */
const apart = 8;

/** The area that columns fill, in pixels: about half a window that shows charts below. */
const page = { width: 620, height: 480 } as const;

/** How far a slot extends before and after its line. */
export interface Breadth {
  readonly low: number;
  readonly high: number;
}

export interface Frame {
  readonly direction: Direction;
  breadthOf(slot: Slot): Breadth;
  /** Along, of each rank. */
  readonly lengths: readonly number[];
}

export interface Grid {
  along(slot: Slot): number;
  across(slot: Slot): number;
  /** From box to box, in [along, across]; none for a straight connection, or one to an earlier rank. */
  route(from: number, to: number): Route | undefined;
}

interface Column {
  /** Across: where the gap beside it begins. Along: where it ends. */
  readonly border: number;
  readonly end: number;
  /** Boxes with readers in later columns, in the order of their routes. */
  readonly leaving: readonly number[];
}

export function intoColumns(ranked: Ranked, frame: Frame): Grid {
  const { direction, lengths, breadthOf } = frame;
  const free = gaps[direction];
  const { lows, highs } = extentsOf(ranked, breadthOf);
  let broadest = 0;
  for (let rank = 0; rank < lows.length; rank++) broadest = Math.max(broadest, highs[rank] - lows[rank]);
  const columnOf = columnsOf(
    {
      lengths,
      gap: free.rank,
      crossings: ranked.ranks.map(leaving),
      breadth: broadest + free.column,
    },
    direction === 'down'
      ? { along: page.height, across: page.width }
      : { along: page.width, across: page.height },
  );
  const starts: number[] = [];
  const shifts: number[] = [];
  const columns: Column[] = [];
  let across = 0;
  for (let rank = 0; rank < lengths.length; ) {
    const last = columnOf.lastIndexOf(columnOf[rank]);
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let own = rank; own <= last; own++) {
      low = Math.min(low, lows[own]);
      high = Math.max(high, highs[own]);
    }
    let along = 0;
    for (; rank <= last; rank++) {
      starts.push(along);
      shifts.push(across - low);
      along += lengths[rank] + free.rank;
    }
    across += high - low;
    // A rank has one slot of each box at most: the box itself, or its lane.
    const leaving = ranked.ranks[last].filter(leads).map(({ box }) => box);
    columns.push({ border: across, end: along - free.rank, leaving });
    across += free.column + Math.max(0, leaving.length - 1) * apart;
  }

  const acrossOf = (slot: Slot): number => slot.at + shifts[slot.rank];
  const past = (lanes: readonly Slot[], by: Leg['by']): Leg[] =>
    lanes.flatMap((slot, index): Leg[] => [
      { to: [starts[slot.rank], acrossOf(slot)], by: index === 0 ? by : 'curve' },
      { to: [starts[slot.rank] + lengths[slot.rank], acrossOf(slot)], by: 'curve' },
    ]);
  return {
    along: (slot) => starts[slot.rank],
    across: acrossOf,
    route(from, to) {
      const [first, last] = [ranked.slots[from].rank, ranked.slots[to].rank];
      const [column, target] = [columnOf[first], columnOf[last]];
      if (target < column || (target === column && last - first < 2)) return undefined;
      const lanes = ranked.lanes[from].slice(0, Math.max(0, last - first - 1));
      if (column === target)
        return lanes.length > 0 ? { legs: past(lanes, 'curve'), arrive: 'curve' } : undefined;
      const { border, end, leaving } = columns[column];
      const way = Math.max(0, leaving.indexOf(from));
      const beside = border + free.column / 2 + way * apart;
      const turn = free.rank / 2;
      const arriving = past(
        lanes.filter(({ rank }) => columnOf[rank] === target),
        'across',
      );
      return {
        legs: [
          ...past(
            lanes.filter(({ rank }) => columnOf[rank] === column),
            'curve',
          ),
          { to: [end + turn + way * apart, beside], by: 'along' },
          { to: [-turn - way * apart, beside], by: 'curve' },
          ...arriving,
        ],
        arrive: arriving.length > 0 ? 'curve' : 'across',
      };
    },
  };
}

const leads = ({ behind }: Slot): boolean => behind.length > 0;

/** The number of connections that leave a rank. */
function leaving(rank: readonly Slot[]): number {
  let count = 0;
  for (let order = 0; order < rank.length; order++) if (leads(rank[order])) count++;
  return count;
}

/** Where each rank begins and ends across. */
function extentsOf({ ranks }: Ranked, breadthOf: Frame['breadthOf']) {
  const lows = new Float64Array(ranks.length).fill(Number.POSITIVE_INFINITY);
  const highs = new Float64Array(ranks.length).fill(Number.NEGATIVE_INFINITY);
  for (let rank = 0; rank < ranks.length; rank++)
    for (let order = 0; order < ranks[rank].length; order++) {
      const slot = ranks[rank][order];
      const { low, high } = breadthOf(slot);
      lows[rank] = Math.min(lows[rank], slot.at - low);
      highs[rank] = Math.max(highs[rank], slot.at + high);
    }
  return { lows, highs };
}

/**
 * Boxes in ranks, each rank ordered, with lanes for the connections that pass it. The order starts as in the text and
 * then follows the mean position of neighbours, so that few connections cross.
 */

/** An item of a rank: a box, or the lane of a long connection past the rank. */
export interface Slot {
  /** The box, or the one at which the connection of the lane starts. */
  readonly box: number;
  readonly lane: boolean;
  readonly rank: number;
  /** Slots of the previous rank that lead here, and of the next rank to which this one leads. */
  before: Slot[];
  behind: Slot[];
  /** Index in its rank. */
  order: number;
  /** Its position across the direction of the layout. */
  at: number;
}

export interface Ranked {
  readonly slots: readonly Slot[];
  readonly ranks: readonly (readonly Slot[])[];
  /** Lanes by the box at which they start, from the nearest rank on; shared by all its connections. */
  readonly lanes: readonly (readonly Slot[])[];
}

/** The most lanes. The longest ones are dropped first, because nobody could follow more. */
const mostLanes = 3000;
const sweeps = 6;

export function arrange(sources: readonly (readonly number[])[], rankOf: readonly number[]): Ranked {
  const slots = sources.map((_, box) => slot(box, false, rankOf[box]));
  const lanes = new Array<readonly Slot[]>(sources.length).fill(none);
  const reach = reaches(sources, rankOf);
  for (const box of affordable(reach, rankOf)) {
    const own: Slot[] = [];
    for (let rank = rankOf[box] + 1; rank < reach[box]; rank++) {
      const lane = slot(box, true, rank);
      join(own.at(-1) ?? slots[box], lane);
      own.push(lane);
      slots.push(lane);
    }
    lanes[box] = own;
  }
  for (let box = 0; box < sources.length; box++)
    for (let input = 0; input < sources[box].length; input++) {
      const source = sources[box][input];
      const gap = rankOf[box] - rankOf[source];
      const last = gap > 1 ? lanes[source][gap - 2] : slots[source];
      if (gap > 0 && last) join(last, slots[box]);
    }
  const ranks = intoRanks(slots);
  untangle(ranks);
  return { slots, ranks, lanes };
}

const none: Slot[] = [];

const slot = (box: number, lane: boolean, rank: number): Slot => ({
  box,
  lane,
  rank,
  before: none,
  behind: none,
  order: 0,
  at: 0,
});

function join(from: Slot, to: Slot): void {
  from.behind = withOne(from.behind, to);
  to.before = withOne(to.before, from);
}

/** A list of one, which most are, has no room for more. Others grow. */
function withOne(list: Slot[], one: Slot): Slot[] {
  if (list.length === 0) return [one];
  list.push(one);
  return list;
}

function intoRanks(slots: readonly Slot[]): Slot[][] {
  const ranks: Slot[][] = [];
  for (let index = 0; index < slots.length; index++) {
    const one = slots[index];
    while (ranks.length <= one.rank) ranks.push(none);
    ranks[one.rank] = withOne(ranks[one.rank], one);
  }
  return ranks;
}

/** For each box, the last rank with a reader. */
function reaches(sources: readonly (readonly number[])[], rankOf: readonly number[]): number[] {
  const reach = rankOf.slice();
  for (let box = 0; box < sources.length; box++)
    for (let input = 0; input < sources[box].length; input++) {
      const source = sources[box][input];
      reach[source] = Math.max(reach[source], rankOf[box]);
    }
  return reach;
}

function affordable(reach: readonly number[], rankOf: readonly number[]): number[] {
  const length = (box: number) => reach[box] - rankOf[box] - 1;
  const long: number[] = [];
  for (let box = 0; box < reach.length; box++) if (length(box) > 0) long.push(box);
  let left = mostLanes;
  return long
    .sort((a, b) => length(a) - length(b))
    .filter((box) => {
      left -= length(box);
      return left >= 0;
    });
}

function untangle(ranks: readonly Slot[][]): void {
  for (let index = 0; index < ranks.length; index++) number(ranks[index]);
  const wide = ranks.filter(({ length }) => length > 1);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const down = sweep % 2 === 0;
    for (const rank of down ? wide : wide.toReversed()) {
      const mean = new Map(rank.map((one) => [one, meanOrder(down ? one.before : one.behind) ?? one.order]));
      rank.sort((a, b) => mean.get(a)! - mean.get(b)!);
      number(rank);
    }
  }
}

function number(rank: readonly Slot[]): void {
  for (let order = 0; order < rank.length; order++) rank[order].order = order;
}

const meanOrder = (neighbours: readonly Slot[]): number | undefined =>
  neighbours.length === 0
    ? undefined
    : neighbours.reduce((sum, { order }) => sum + order, 0) / neighbours.length;

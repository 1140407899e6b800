/** Positions of boxes and lanes across the direction of the layout: near their inputs, with straight lanes. */
import type { Ranked, Slot } from './ranked.ts';
import { settle, type Wish } from './settle.ts';

export interface Breadths {
  /** How far a slot extends before and after its line. */
  of(slot: Slot): { readonly low: number; readonly high: number };
  /** Gap between two boxes, and between anything and a lane. */
  readonly gap: number;
  readonly laneGap: number;
}

const sweeps = 4;

/** Sets the line of each slot. */
export function placeAcross(ranked: Ranked, breadths: Breadths): void {
  const { ranks } = ranked;
  const upwards = ranks.toReversed();
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const movedDown = placeAll(ranks, true, ranked, breadths);
    const movedUp = placeAll(upwards, false, ranked, breadths);
    // Then no further sweep moves anything.
    if (!movedDown && !movedUp) return;
  }
  placeAll(ranks, true, ranked, breadths);
}

/** Returns whether anything has moved. */
function placeAll(
  ranks: readonly (readonly Slot[])[],
  down: boolean,
  ranked: Ranked,
  breadths: Breadths,
): boolean {
  let moved = false;
  for (const rank of ranks) if (place(rank, down, ranked, breadths)) moved = true;
  return moved;
}

function place(rank: readonly Slot[], down: boolean, { slots }: Ranked, breadths: Breadths): boolean {
  const wish = (slot: Slot) => wishOf(slot, down ? slot.before : slot.behind, slots);
  // Most ranks of a deep network.
  if (rank.length === 1) return move(rank[0], wish(rank[0]).at);
  const wishes = rank.map(wish);
  const apart = rank.slice(1).map((slot, index) => distance(rank[index], slot, breadths));
  let moved = false;
  for (const [index, at] of settle(wishes, apart).entries()) if (move(rank[index], at)) moved = true;
  return moved;
}

function move(slot: Slot, at: number): boolean {
  const moved = slot.at !== at;
  slot.at = at;
  return moved;
}

function distance(a: Slot, b: Slot, breadths: Breadths): number {
  return breadths.of(a).high + breadths.of(b).low + (a.lane || b.lane ? breadths.laneGap : breadths.gap);
}

/** The position of a box depends on boxes, and a lane continues straight. Otherwise a lane makes room for boxes. */
function wishOf({ lane, at }: Slot, neighbours: readonly Slot[], slots: readonly Slot[]): Wish {
  const isBox = (slot: Slot): boolean => !slot.lane || isBranch(slot, slots);
  const alike = meanOf(neighbours, (slot) => (lane ? slot.lane : isBox(slot)));
  const mean = alike ?? meanOf(neighbours, () => true);
  if (mean === undefined) return { at, weight: lane ? 0.01 : 0.5 };
  return { at: mean, weight: lane ? (alike === undefined ? 0.001 : 0.01) : 4 };
}

/**
 * Whether a lane is all that leads on from its box. Then the box is a shorter branch, and counts as much as the others where they join;
 * otherwise the lane is a skip connection, which does not pull the network aside.
 */
const isBranch = ({ box }: Slot, slots: readonly Slot[]): boolean => slots[box].behind.length === 1;

function meanOf(slots: readonly Slot[], counts: (slot: Slot) => boolean): number | undefined {
  let sum = 0;
  let count = 0;
  for (const slot of slots)
    if (counts(slot)) {
      sum += slot.at;
      count++;
    }
  return count === 0 ? undefined : sum / count;
}

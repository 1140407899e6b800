/** Positions of boxes and lanes across the direction of the layout: near their inputs, with straight lanes. */
import type { Breadth } from './grid.ts';
import type { Ranked, Slot } from './ranked.ts';
import { settle, type Wish } from './settle.ts';

export interface Breadths {
  of(slot: Slot): Breadth;
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
  for (let index = 0; index < ranks.length; index++)
    if (place(ranks[index], down, ranked, breadths)) moved = true;
  return moved;
}

function place(rank: readonly Slot[], down: boolean, { slots }: Ranked, breadths: Breadths): boolean {
  // Most ranks of a deep network.
  if (rank.length === 1) {
    const [slot] = rank;
    return move(slot, wishedAt(slot, down ? slot.before : slot.behind, slots));
  }
  const wishes = rank.map((slot) => wishOf(slot, down ? slot.before : slot.behind, slots));
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

const always = () => true;
const isLane = ({ lane }: Slot): boolean => lane;

/** The mean of those neighbours that count, or of all: the position of a box depends on boxes, and a lane continues straight. */
const alikeOf = ({ lane }: Slot, neighbours: readonly Slot[], slots: readonly Slot[]): number | undefined =>
  meanOf(neighbours, lane ? isLane : (slot) => !slot.lane || isBranch(slot, slots));

const wishedAt = (slot: Slot, neighbours: readonly Slot[], slots: readonly Slot[]): number =>
  alikeOf(slot, neighbours, slots) ?? meanOf(neighbours, always) ?? slot.at;

/** A lane makes room for boxes, unless it continues straight. */
function wishOf(slot: Slot, neighbours: readonly Slot[], slots: readonly Slot[]): Wish {
  const { lane } = slot;
  const at = wishedAt(slot, neighbours, slots);
  if (neighbours.length === 0) return { at, weight: lane ? 0.01 : 0.5 };
  const isStraight = alikeOf(slot, neighbours, slots) !== undefined;
  return { at, weight: lane ? (isStraight ? 0.01 : 0.001) : 4 };
}

/**
 * Whether a lane is all that leads on from its box. Then the box is a shorter branch, and counts as much as the others where they join;
 * otherwise the lane is a skip connection, which does not pull the network aside.
 */
const isBranch = ({ box }: Slot, slots: readonly Slot[]): boolean => slots[box].behind.length === 1;

function meanOf(slots: readonly Slot[], counts: (slot: Slot) => boolean): number | undefined {
  let sum = 0;
  let count = 0;
  for (let index = 0; index < slots.length; index++)
    if (counts(slots[index])) {
      sum += slots[index].at;
      count++;
    }
  return count === 0 ? undefined : sum / count;
}

/**
 * Stacks: a layer and the rows that follow it, edge to edge. A row joins the layer it reads if the row has no position of its own and
 * nothing else reads that layer, except copies: rows that were placed by hand, and rows of the same kind that nothing reads.
 */
import { card } from './cardSizes.ts';
import type { Point } from './geometry.ts';
import type { Placeable, Reads } from './placeable.ts';

export interface Stack {
  /** From the top; the first is the head, which determines the position of the stack. */
  readonly members: readonly Placeable[];
  readonly width: number;
  readonly height: number;
}

/** The most layers in a stack; a longer chain of rows continues in the next. */
const most = 8;

/** The layers of a stack from the top, by index. */
export type Chain = readonly number[];

/** Those of all stacks, in the order of their heads in the text. */
export function chainsOf(
  layers: readonly Placeable[],
  reads: Reads,
  placed: ReadonlyMap<string, Point>,
): readonly Chain[] {
  const followers = followersOf(layers, reads, placed);
  const isFollowing = new Uint8Array(layers.length);
  for (let index = 0; index < layers.length; index++)
    if (followers[index] >= 0) isFollowing[followers[index]] = 1;
  const isTaken = new Uint8Array(layers.length);
  const chains = new Array<Chain | undefined>(layers.length).fill(undefined);
  const gather = (head: number) => {
    const chain = [head];
    isTaken[head] = 1;
    for (
      let member = followers[head];
      member >= 0 && isTaken[member] === 0 && chain.length < most;
      member = followers[member]
    ) {
      isTaken[member] = 1;
      chain.push(member);
    }
    chains[head] = chain;
  };
  for (let index = 0; index < layers.length; index++) if (isFollowing[index] === 0) gather(index);
  // What is left are rows of a chain that is too long for a stack, and rows in a cycle, which a faulty text may contain.
  for (let index = 0; index < layers.length; index++) if (isTaken[index] === 0) gather(index);
  return chains.filter((chain) => chain !== undefined);
}

export function stackOfChain(layers: readonly Placeable[], chain: Chain): Stack {
  const members = chain.map((index) => layers[index]);
  let height = 0;
  for (let row = 0; row < members.length; row++) height += members[row].height;
  return { members, width: members[0].width ?? card.width, height };
}

/** The row under each layer; -1 if there is none. */
function followersOf(
  layers: readonly Placeable[],
  reads: Reads,
  placed: ReadonlyMap<string, Point>,
): Int32Array {
  const copies = copiesIn(layers, reads);
  const readers = new Int32Array(layers.length);
  for (let index = 0; index < layers.length; index++) {
    if (copies.has(index)) continue;
    const { follows, name } = layers[index];
    const read = reads[index];
    for (let input = 0; input < read.length; input++) {
      const source = read[input];
      if (source >= 0 && !(follows && standsElsewhere(placed, layers[source], name))) readers[source]++;
    }
  }
  const followers = new Int32Array(layers.length).fill(-1);
  for (let index = 0; index < layers.length; index++) {
    if (!isRowUnder(layers[index]) || copies.has(index)) continue;
    const [source] = reads[index];
    if (source < 0 || source === index || readers[source] !== 1) continue;
    const above = layers[source];
    if (above.alone !== true && !standsElsewhere(placed, above, layers[index].name))
      followers[source] = index;
  }
  return followers;
}

const isRowUnder = ({ follows, from }: Placeable): boolean =>
  follows === true && from.length === 1 && from[0].output === undefined;

/** Of rows of one kind that read the same layer, those that nothing reads, except one: a copy that was just made. */
function copiesIn(layers: readonly Placeable[], reads: Reads): ReadonlySet<number> {
  const copies = new Set<number>();
  const readers = new Int32Array(layers.length);
  let isBranching = false;
  for (let index = 0; index < layers.length; index++) {
    const read = reads[index];
    for (let input = 0; input < read.length; input++)
      if (read[input] >= 0 && ++readers[read[input]] > 1) isBranching = true;
  }
  if (!isBranching) return copies;
  const firsts = new Map<string, number>();
  for (let index = 0; index < layers.length; index++) {
    const { type } = layers[index];
    const [source] = reads[index];
    if (!isRowUnder(layers[index]) || type === undefined || !(readers[source] > 1)) continue;
    const key = JSON.stringify([source, type]);
    const first = firsts.get(key);
    if (first !== undefined && readers[index] === 0) copies.add(index);
    else if (first !== undefined && readers[first] === 0) copies.add(first);
    if (first === undefined || copies.has(first)) firsts.set(key, index);
  }
  return copies;
}

/** Whether it was placed by hand, and not where it would be in a stack. */
function standsElsewhere(placed: ReadonlyMap<string, Point>, source: Placeable, name: string): boolean {
  const below = placed.size === 0 ? undefined : placed.get(name);
  if (!below) return false;
  const above = placed.get(source.name);
  return above?.[0] !== below[0] || above[1] + source.height !== below[1];
}

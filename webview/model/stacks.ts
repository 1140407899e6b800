/**
 * Stacks: a layer and the rows that follow it, edge to edge. A row joins the layer it reads if the row has no position of its own and
 * nothing else reads that layer, except copies: rows that were placed by hand, and rows of the same kind that nothing reads.
 */
import { card } from './cardSizes.ts';
import type { Point } from './geometry.ts';

/** The properties of a layer that the layout needs. */
export interface Placeable {
  readonly name: string;
  readonly from: readonly { readonly layer: string; readonly output?: string }[];
  /** The size of its card; without a width, that of all cards. */
  readonly height: number;
  readonly width?: number;
  /** How far its connections are from its left side, or from its top if the layout goes to the right; without it, as on a card. */
  readonly line?: number;
  /** Whether it is drawn as a row and reads one layer. */
  readonly follows?: boolean;
  /** Its kind, by which a copy is known. */
  readonly type?: string;
  /** Whether nothing lies under it. */
  readonly alone?: boolean;
  /** Whether it can have an input. */
  readonly takesInput?: boolean;
}

export interface Stack {
  /** From the top; the first is the head, which determines the position of the stack. */
  readonly members: readonly Placeable[];
  readonly width: number;
  readonly height: number;
}

/** The most layers in a stack; a longer chain of rows continues in the next. */
const most = 8;

/** In the order of their heads in the text. */
export function stacksOf(layers: readonly Placeable[], placed: ReadonlyMap<string, Point>): readonly Stack[] {
  const followers = followersOf(layers, placed);
  const isFollowing = new Array<boolean>(layers.length).fill(false);
  for (const follower of followers) if (follower !== undefined) isFollowing[follower] = true;
  const isTaken = new Array<boolean>(layers.length).fill(false);
  const chains = new Array<readonly Placeable[] | undefined>(layers.length).fill(undefined);
  const gather = (head: number) => {
    const members: Placeable[] = [];
    for (
      let member: number | undefined = head;
      member !== undefined && !isTaken[member] && members.length < most;
      member = followers[member]
    ) {
      isTaken[member] = true;
      members.push(layers[member]);
    }
    chains[head] = members;
  };
  for (let index = 0; index < layers.length; index++) if (!isFollowing[index]) gather(index);
  // What is left are rows of a chain that is too long for a stack, and rows in a cycle, which a faulty text may contain.
  for (let index = 0; index < layers.length; index++) if (!isTaken[index]) gather(index);
  const stacks: Stack[] = [];
  for (const members of chains) {
    if (!members) continue;
    let height = 0;
    for (let row = 0; row < members.length; row++) height += members[row].height;
    stacks.push({ members, width: members[0].width ?? card.width, height });
  }
  return stacks;
}

/** The row under each layer that has one. All layers by their indices. */
function followersOf(
  layers: readonly Placeable[],
  placed: ReadonlyMap<string, Point>,
): readonly (number | undefined)[] {
  const indices = new Map<string, number>();
  for (let index = 0; index < layers.length; index++) indices.set(layers[index].name, index);
  const copies = copiesIn(layers);
  const readers = new Array<number>(layers.length).fill(0);
  for (const layer of layers)
    for (const { layer: read } of layer.from) {
      const source = indices.get(read);
      if (source === undefined || copies.has(layer)) continue;
      if (!layer.follows || !standsElsewhere(placed, layers[source], layer.name)) readers[source]++;
    }
  const followers = new Array<number | undefined>(layers.length).fill(undefined);
  for (let index = 0; index < layers.length; index++) {
    const { from, name } = layers[index];
    if (!isRowUnder(layers[index]) || copies.has(layers[index])) continue;
    const source = indices.get(from[0].layer);
    if (source === undefined || source === index || readers[source] !== 1) continue;
    const above = layers[source];
    if (above.alone !== true && !standsElsewhere(placed, above, name)) followers[source] = index;
  }
  return followers;
}

const isRowUnder = ({ follows, from }: Placeable): boolean =>
  follows === true && from.length === 1 && from[0].output === undefined;

/** Of rows of one kind that read the same layer, those that nothing reads, except one: a copy that was just made. */
function copiesIn(layers: readonly Placeable[]): ReadonlySet<Placeable> {
  const firsts = new Map<string, Placeable>();
  const read = new Set<string>();
  const readTwice = new Set<string>();
  for (const { from } of layers)
    for (const { layer } of from) (read.has(layer) ? readTwice : read).add(layer);
  const copies = new Set<Placeable>();
  if (readTwice.size === 0) return copies;
  for (const layer of layers) {
    if (!isRowUnder(layer) || layer.type === undefined || !readTwice.has(layer.from[0].layer)) continue;
    const key = JSON.stringify([layer.from[0].layer, layer.type]);
    const first = firsts.get(key);
    if (first && !read.has(layer.name)) copies.add(layer);
    else if (first && !read.has(first.name)) copies.add(first);
    if (!first || copies.has(first)) firsts.set(key, layer);
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

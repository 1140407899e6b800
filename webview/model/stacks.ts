/**
 * Stacks: a layer and the rows that follow it, edge to edge. A row joins the layer it reads if nothing else reads that
 * layer and the row has no position of its own.
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
  const following = new Set(followers.values());
  const taken = new Set<string>();
  const chains = new Map<string, Placeable[]>();
  const gather = (head: Placeable) => {
    const members: Placeable[] = [];
    for (
      let member: Placeable | undefined = head;
      member && !taken.has(member.name) && members.length < most;
    ) {
      taken.add(member.name);
      members.push(member);
      member = followers.get(member.name);
    }
    chains.set(head.name, members);
  };
  for (const layer of layers) if (!following.has(layer)) gather(layer);
  // Only rows in a cycle, which a faulty text may contain, have no head.
  for (const layer of layers) if (!taken.has(layer.name)) gather(layer);
  return layers.flatMap(({ name }) => {
    const members = chains.get(name);
    if (!members) return [];
    const height = members.reduce((sum, { height }) => sum + height, 0);
    return [{ members, width: members[0].width ?? card.width, height }];
  });
}

/** The row under each layer that has one. */
function followersOf(
  layers: readonly Placeable[],
  placed: ReadonlyMap<string, Point>,
): ReadonlyMap<string, Placeable> {
  const byName = new Map<string, Placeable>();
  for (const layer of layers) byName.set(layer.name, layer);
  const readers = new Map<string, number>();
  for (const { from } of layers)
    for (const { layer } of from) readers.set(layer, (readers.get(layer) ?? 0) + 1);
  const followers = new Map<string, Placeable>();
  for (const layer of layers) {
    const [source, ...more] = layer.from;
    const joins =
      layer.follows === true &&
      more.length === 0 &&
      source !== undefined &&
      source.output === undefined &&
      source.layer !== layer.name &&
      readers.get(source.layer) === 1 &&
      byName.get(source.layer)?.alone !== true &&
      (!placed.has(layer.name) || liesUnder(placed, byName.get(source.layer), layer.name));
    if (joins) followers.set(source.layer, layer);
  }
  return followers;
}

/** Whether it was placed by hand where it would be in a stack. */
function liesUnder(placed: ReadonlyMap<string, Point>, source: Placeable | undefined, name: string): boolean {
  const [above, below] = [source && placed.get(source.name), placed.get(name)];
  if (!source || !above || !below) return false;
  return above[0] === below[0] && above[1] + source.height === below[1];
}

/**
 * Stacks placed by hand for which the automatic layout leaves no room, so that adding, copying or connecting a card there moves no
 * other card.
 */
import { sourcesOf } from './automatic.ts';
import type { Point } from './geometry.ts';
import { ranksOf } from './ranks.ts';
import type { Placeable, Stack } from './stacks.ts';

type Places = ReadonlyMap<string, Point>;

const isPlaced = ({ members: [head] }: Stack, saved: Places): boolean => saved.has(head.name);

/** Those that are connected to nothing. The first layer always takes part, because the others are laid out from it. */
export function looseStacks(
  layers: readonly Placeable[],
  stacks: readonly Stack[],
  saved: Places,
): ReadonlySet<Stack> {
  if (saved.size === 0) return new Set();
  const stackOf = new Map(stacks.flatMap((stack) => stack.members.map(({ name }) => [name, stack] as const)));
  const joined = new Set([stackOf.get(layers[0].name)!]);
  for (const { name, from } of layers)
    for (const { layer } of from) {
      const [source, reader] = [stackOf.get(layer), stackOf.get(name)!];
      if (source && source !== reader) joined.add(source).add(reader);
    }
  return new Set(stacks.filter((stack) => isPlaced(stack, saved) && !joined.has(stack)));
}

/**
 * Those that are read at most by others of them, such as a copy or the beginning of a new branch. Beside each is a stack that the layout
 * places: the ranks, and with them the columns, are the same without it.
 */
export function deadEnds(
  layers: readonly Placeable[],
  stacks: readonly Stack[],
  saved: Places,
): ReadonlySet<Stack> {
  if (saved.size === 0 || !stacks.some((stack) => isPlaced(stack, saved))) return new Set();
  const sources = sourcesOf(layers, stacks);
  const ranks = ranksOf(sources);
  const taken = new Set(ranks.filter((_, index) => !isPlaced(stacks[index], saved)));
  const mayGo = stacks.map(
    (stack, index) => stack.members[0] !== layers[0] && isPlaced(stack, saved) && taken.has(ranks[index]),
  );
  // Readers are in later ranks than what they read, except in a cycle, which a faulty text may contain.
  const fromTheEnd = [...stacks.keys()].sort((a, b) => ranks[b] - ranks[a]);
  for (const reader of fromTheEnd)
    if (!mayGo[reader]) for (const source of sources[reader]) mayGo[source] = false;
  return new Set(stacks.filter((_, index) => mayGo[index]));
}

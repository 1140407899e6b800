/**
 * Stacks placed by hand for which the automatic layout leaves no room, so that adding, copying or connecting a card there moves no
 * other card.
 */
import type { Point } from './geometry.ts';
import type { Stack } from './stacks.ts';
import type { Wiring } from './wiring.ts';

type Places = ReadonlyMap<string, Point>;

const isPlaced = ({ members: [head] }: Stack, saved: Places): boolean => saved.has(head.name);

/** Those that are connected to nothing. The first layer always takes part, because the others are laid out from it. */
export function looseStacks({ reads, stacks, stackOf }: Wiring, saved: Places): ReadonlySet<Stack> {
  if (saved.size === 0) return new Set();
  const joined = new Uint8Array(stacks.length);
  joined[stackOf[0]] = 1;
  for (let index = 0; index < reads.length; index++)
    for (let input = 0; input < reads[index].length; input++) {
      const reader = stackOf[index];
      const source = reads[index][input] < 0 ? reader : stackOf[reads[index][input]];
      if (source !== reader) joined[source] = joined[reader] = 1;
    }
  return new Set(stacks.filter((stack, box) => joined[box] === 0 && isPlaced(stack, saved)));
}

/**
 * Those that are read at most by others of them, such as a copy or the beginning of a new branch. Beside each is a stack that the layout
 * places: the ranks, and with them the columns, are the same without it.
 */
export function deadEnds({ stacks, chains, sources, ranks }: Wiring, saved: Places): ReadonlySet<Stack> {
  const boxes: number[] = [];
  for (let box = 0; box < stacks.length; box++)
    if (saved.size > 0 && isPlaced(stacks[box], saved)) boxes.push(box);
  const placed = new Set(boxes);
  if (placed.size === 0) return new Set();
  const taken = new Set<number>();
  for (let box = 0; box < stacks.length; box++) if (!placed.has(box)) taken.add(ranks[box]);
  const mayGo = new Set(boxes.filter((box) => chains[box][0] !== 0 && taken.has(ranks[box])));
  const keepSources = (reader: number) => {
    for (let input = 0; input < sources[reader].length; input++) mayGo.delete(sources[reader][input]);
  };
  for (let box = 0; box < stacks.length; box++) if (!mayGo.has(box)) keepSources(box);
  // Readers are in later ranks than what they read, except in a cycle, which a faulty text may contain.
  for (const box of boxes.sort((a, b) => ranks[b] - ranks[a])) if (!mayGo.has(box)) keepSources(box);
  return new Set([...mayGo].map((box) => stacks[box]));
}

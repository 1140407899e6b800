/**
 * What a drag writes so that no other card moves. Without a card that was beside them, the layout would centre the other branches under
 * what they read, so these get the places that they have.
 */
import { type Item, layoutItems } from './frames.ts';
import type { Direction, Point } from './geometry.ts';

type Places = ReadonlyMap<string, Point>;

/** More cards than this are laid out again instead. */
const most = 4;
/** A card that stays can leave others without it, and these others again. */
const rounds = 3;

/** `moves` and the places of the cards beside them that would otherwise move. All without what frames push aside. */
export function movesWithNeighbours(
  items: readonly Item[],
  saved: Places,
  direction: Direction,
  moves: Places,
): Places {
  const before = ownPlaces(items, saved, direction);
  const along = direction === 'down' ? 1 : 0;
  const written = new Map(moves);
  for (let round = 0; round < rounds; round++) {
    const after = ownPlaces(items, new Map([...saved, ...written]), direction);
    const moved = [...after].filter(([name, at]) => {
      const was = before.get(name);
      return was && !written.has(name) && (was[0] !== at[0] || was[1] !== at[1]);
    });
    if (moved.length === 0) return written;
    const isBeside = moved.every(([name, at]) => before.get(name)![along] === at[along]);
    if (!isBeside || written.size + moved.length > moves.size + most) return moves;
    for (const [name] of moved) written.set(name, before.get(name)!);
  }
  return moves;
}

/** Of the first layer of each stack, with which the others move. */
function ownPlaces(items: readonly Item[], saved: Places, direction: Direction): Places {
  const { positions, heads, pushed } = layoutItems(items, saved, direction);
  return new Map(
    items.flatMap(({ placeable: { name } }): [string, Point][] => {
      if (heads.get(name) !== name) return [];
      const [[x, y], [right, down]] = [positions.get(name)!, pushed.get(name) ?? [0, 0]];
      return [[name, [x - right, y - down]]];
    }),
  );
}

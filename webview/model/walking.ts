/**
 * Moves the focus through the graph with the arrow keys: along connections in that direction if there are any, otherwise to the
 * nearest card.
 */
import type { Point } from './geometry.ts';
import { type NetworkView, readersOf } from './network.ts';

export type Arrow = 'up' | 'down' | 'left' | 'right';

const ways: { readonly [A in Arrow]: Point } = {
  up: [0, -1],
  down: [0, 1],
  left: [-1, 0],
  right: [1, 0],
};

/** The largest distance of a card from the straight line, relative to the distance along it. */
const spread = 1.5;

export function neighbour(
  view: NetworkView,
  places: ReadonlyMap<string, Point>,
  from: string,
  arrow: Arrow,
  flow: 'down' | 'right',
): string | undefined {
  const start = places.get(from);
  if (!start) return undefined;
  const [wayX, wayY] = ways[arrow];
  /** Along the arrow and beside it. */
  const offset = (name: string): Point | undefined => {
    const place = places.get(name);
    if (!place) return undefined;
    const [x, y] = [place[0] - start[0], place[1] - start[1]];
    return [x * wayX + y * wayY, Math.abs(x * wayY) + Math.abs(y * wayX)];
  };
  const nearest = (
    names: readonly string[],
    weight: number,
    reach: (along: number, beside: number) => boolean,
  ) =>
    names
      .flatMap((name) => {
        const found = name === from ? undefined : offset(name);
        return found && reach(...found) ? [{ name, distance: found[0] + weight * found[1] }] : [];
      })
      .sort((a, b) => a.distance - b.distance)[0]?.name;
  const inputs = view.byName.get(from)?.from.map(({ layer }) => layer) ?? [];
  const readers = readersOf(view, from).map(({ to }) => to);
  const along = flow === 'down' ? { up: inputs, down: readers } : { left: inputs, right: readers };
  const connected: readonly string[] = (along as { [A in Arrow]?: string[] })[arrow] ?? [];
  return (
    // The next rank before a layer straight ahead in a later one.
    nearest(connected, 0.4, (ahead) => ahead > 0) ??
    nearest([...places.keys()], 2, (ahead, beside) => ahead > 0 && beside <= spread * ahead) ??
    // In a chain broken into columns, the next layer may be anywhere.
    connected.find((name) => places.has(name))
  );
}

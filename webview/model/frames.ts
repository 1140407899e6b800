/**
 * Positions of everything that is drawn, including frames and their contents. A frame is laid out like a card of its size. In a
 * network placed by hand it pushes aside the cards to its right and below it, by the difference in size from the card of the folded
 * block.
 */
import { sideHandle } from './automatic.ts';
import { boundsOf } from './bounds.ts';
import { card } from './cardSizes.ts';
import type { Direction, Point, Route } from './geometry.ts';
import { type Layout, layoutNetwork } from './layout.ts';
import type { Placeable } from './placeable.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface FramedLayout extends Layout {
  /** Of frames. */
  readonly sizes: ReadonlyMap<string, Size>;
  /** How far the connections of frames are from their left sides, or from their tops if the layout goes to the right. */
  readonly lines: ReadonlyMap<string, number>;
  /** The distance of cards from their positions with all blocks folded; absent if it is 0. */
  readonly pushed: ReadonlyMap<string, Point>;
}

/** Space within a frame around its content, and below its head, where connections enter. */
const padding = 18;
const headroom = 14;
/** Everything outside is treated as a point above the content, so that connections lead around cards. */
const outside = { from: [], height: 1, width: 1 };

export interface Item {
  readonly placeable: Placeable;
  readonly content: readonly Item[] | undefined;
}

/** `saved`: positions in the text; those of layers inside of blocks do not matter. */
export function layoutItems(
  items: readonly Item[],
  saved: ReadonlyMap<string, Point>,
  direction: Direction,
): FramedLayout {
  const inner = new Map(
    items.flatMap(({ placeable: { name }, content }): [string, Inner][] =>
      content && content.length > 0 ? [[name, layoutContent(content, direction)]] : [],
    ),
  );
  const layers = items.map(({ placeable }): Placeable => {
    const own = saved.size > 0 ? undefined : inner.get(placeable.name);
    return own ? { ...placeable, ...own.size, line: own.line } : placeable;
  });
  const layout = layoutNetwork(layers, saved, direction);
  if (inner.size === 0) return { ...layout, sizes: new Map(), lines: new Map(), pushed: new Map() };
  const pushed = saved.size > 0 ? pushedBy(inner, layout) : new Map<string, Point>();
  const positions = new Map([...layout.positions].map(([name, at]) => [name, plus(at, pushed.get(name))]));
  const heads = new Map(layout.heads);
  const feet = new Set(layout.feet);
  const routes = new Map(saved.size > 0 ? [] : layout.routes);
  const sizes = new Map<string, Size>();
  const lines = new Map<string, number>();
  for (const [name, { layout: content, size, line, corner }] of inner) {
    const [x, y] = positions.get(name)!;
    const by: Point = [x + padding - corner[0], y + card.full + headroom - corner[1]];
    sizes.set(name, size);
    lines.set(name, line);
    for (const [part, at] of content.positions) positions.set(part, plus(at, by));
    for (const [part, head] of content.heads) heads.set(part, head);
    for (const foot of content.feet) feet.add(foot);
    for (const [part, own] of content.sizes) sizes.set(part, own);
    for (const [key, route] of content.routes) routes.set(key, moved(route, by));
  }
  return { positions, heads, feet, routes, sizes, lines, pushed };
}

interface Inner {
  readonly layout: FramedLayout;
  readonly size: Size;
  /** The line of its first reader from outside, so that a connection leads straight to it. */
  readonly line: number;
  /** The upper left corner of the content. */
  readonly corner: Point;
}

function layoutContent(content: readonly Item[], direction: Direction): Inner {
  const names = new Set(content.map(({ placeable }) => placeable.name));
  const readers = new Map<string, number>();
  for (const { placeable } of content)
    for (const { layer } of placeable.from)
      if (!names.has(layer)) readers.set(layer, (readers.get(layer) ?? 0) + 1);
  // An input that is read once leads straight to its reader.
  const doors = [...readers]
    .filter(([, count]) => count > 1)
    .map(([name]): Item => ({ placeable: { ...outside, name }, content: undefined }));
  const { positions: all, heads, ...layout } = layoutItems([...doors, ...content], new Map(), direction);
  const isDoor = new Set(doors.map(({ placeable }) => placeable.name));
  const inside = <T>(known: ReadonlyMap<string, T>) =>
    new Map([...known].filter(([name]) => !isDoor.has(name)));
  const cards = content.map(({ placeable: { name, height } }) => ({
    position: all.get(name)!,
    ...(layout.sizes.get(name) ?? { width: card.width, height }),
  }));
  const turns = [...layout.routes.values()].flatMap(({ legs }) => legs.map(({ to }) => to));
  const { y } = boundsOf(cards);
  // Turns above the content are in the space below the head.
  const { x, width, height } = boundsOf([
    ...cards,
    ...turns.map(([at, down]) => ({ position: [at, Math.max(y, down)] as const, width: 0, height: 0 })),
  ]);
  const first = content.find(({ placeable }) => placeable.from.some(({ layer }) => !names.has(layer)));
  const { name } = (first ?? content[0]).placeable;
  const [axis, before, own] =
    direction === 'down' ? [0, padding - x, card.width / 2] : [1, card.full + headroom - y, sideHandle];
  return {
    layout: { ...layout, positions: inside(all), heads: inside(heads) },
    line: before + all.get(heads.get(name)!)![axis] + (layout.lines.get(name) ?? own),
    size: { width: width + 2 * padding, height: card.full + headroom + height + padding },
    corner: [x, y],
  };
}

/**
 * Cards to the right of a folded block's card move by the additional width of the frame, and cards below it by the additional
 * height. The order of cards stays in both directions, so none covers another.
 */
function pushedBy(frames: ReadonlyMap<string, Inner>, { positions, heads }: Layout): Map<string, Point> {
  const pushed = new Map<string, Point>();
  for (const name of positions.keys()) {
    // A stack moves as a whole.
    const at = positions.get(heads.get(name)!)!;
    let by: Point = [0, 0];
    for (const [frame, { size }] of frames) {
      const [x, y] = positions.get(frame)!;
      const [right, down] = [at[0] >= x + card.width, at[1] >= y + card.full];
      by = plus(by, [right ? size.width - card.width : 0, down ? size.height - card.full : 0]);
    }
    if (by[0] !== 0 || by[1] !== 0) pushed.set(name, by);
  }
  return pushed;
}

const plus = ([x, y]: Point, by: Point = [0, 0]): Point => [x + by[0], y + by[1]];

const moved = ({ legs, arrive }: Route, by: Point): Route => ({
  legs: legs.map((leg) => ({ ...leg, to: plus(leg.to, by) })),
  arrive,
});

/** The layout of stacks without a saved position: in ranks, and the ranks in columns. */
import { placeAcross } from './across.ts';
import { card } from './cardSizes.ts';
import type { Direction, Point, Route } from './geometry.ts';
import { type Frame, gaps, intoColumns } from './grid.ts';
import { arrange, type Slot } from './ranked.ts';
import { ranksOf } from './ranks.ts';
import type { Placeable, Stack } from './stacks.ts';

/** A connection by its end, since an input has at most one connection. */
export const routeKey = (to: string, index: number): string => `${to}:${index}`;

export interface Automatic {
  /** The upper left corner of each stack. */
  readonly places: readonly Point[];
  /** Routes of connections between stacks that are where the layout put them. */
  routes(saved: ReadonlyMap<string, Point>): ReadonlyMap<string, Route>;
}

/** Handles at the sides of a card are this far below its top. */
export const sideHandle = card.row / 2;

const laneBreadth = { low: 2, high: 2 };

export function layOut(
  layers: readonly Placeable[],
  stacks: readonly Stack[],
  direction: Direction,
  anchor: Point,
): Automatic {
  const down = direction === 'down';
  const stackOf = indicesOf(stacks);
  const sources = sourcesOf(layers, stacks, stackOf);
  const ranked = arrange(sources, ranksOf(sources));
  const breadthOf = ({ lane, box }: Slot) => {
    if (lane) return laneBreadth;
    const { width, height, members } = stacks[box];
    const { line = down ? width / 2 : sideHandle } = members[0];
    return { low: line, high: (down ? width : height) - line };
  };
  placeAcross(ranked, { of: breadthOf, gap: gaps[direction].beside, laneGap: gaps[direction].lane });
  const frame: Frame = {
    direction,
    breadthOf,
    lengths: ranked.ranks.map((rank) =>
      rank.reduce(
        (most, { lane, box }) =>
          lane ? most : Math.max(most, down ? stacks[box].height : stacks[box].width),
        0,
      ),
    ),
  };
  const grid = intoColumns(ranked, frame);
  const turn = (along: number, across: number): Point => (down ? [across, along] : [along, across]);
  const cornerOf = (box: number): Point => {
    const slot = ranked.slots[box];
    return turn(grid.along(slot), grid.across(slot) - breadthOf(slot).low);
  };
  const [firstX, firstY] = cornerOf(stackOf.get(layers[0].name)!);
  const moved = ([x, y]: Point): Point => [
    Math.round(x - firstX + anchor[0]),
    Math.round(y - firstY + anchor[1]),
  ];
  return {
    places: stacks.map((_, box) => moved(cornerOf(box))),
    routes(saved) {
      const routes = new Map<string, Route>();
      const stands = (box: number | undefined): box is number =>
        box !== undefined && (saved.size === 0 || !saved.has(stacks[box].members[0].name));
      for (const { name, from } of layers) {
        const end = stackOf.get(name);
        if (!stands(end)) continue;
        for (let index = 0; index < from.length; index++) {
          const start = stackOf.get(from[index].layer);
          const route = start !== end && stands(start) ? grid.route(start, end) : undefined;
          if (!route) continue;
          const legs = route.legs.map(({ to, by }) => ({ to: moved(turn(...to)), by }));
          routes.set(routeKey(name, index), { legs, arrive: route.arrive });
        }
      }
      return routes;
    },
  };
}

/** The stack of each layer. */
function indicesOf(stacks: readonly Stack[]): ReadonlyMap<string, number> {
  const stackOf = new Map<string, number>();
  for (let index = 0; index < stacks.length; index++)
    for (const { name } of stacks[index].members) stackOf.set(name, index);
  return stackOf;
}

/**
 * Which stacks each stack reads. One that has lost its input stays after its predecessor in the text, so that cutting a
 * connection moves nothing.
 */
export function sourcesOf(
  layers: readonly Placeable[],
  stacks: readonly Stack[],
  stackOf = indicesOf(stacks),
): number[][] {
  // Stacks are in the order of their heads.
  let head = 0;
  return stacks.map(({ members }, box) => {
    const read: number[] = [];
    for (const { from } of members)
      for (const { layer } of from) {
        const source = stackOf.get(layer);
        if (source !== undefined && source !== box && !read.includes(source)) read.push(source);
      }
    while (layers[head] !== members[0]) head++;
    if (read.length === 0 && members[0].takesInput && head > 0)
      read.push(stackOf.get(layers[head - 1].name)!);
    return read;
  });
}

/** The layout of stacks without a saved position: in ranks, and the ranks in columns. */
import { placeAcross } from './across.ts';
import { card } from './cardSizes.ts';
import type { Direction, Point, Route } from './geometry.ts';
import { type Breadth, gaps, intoColumns } from './grid.ts';
import { arrange, type Slot } from './ranked.ts';
import type { Wiring } from './wiring.ts';

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

const laneBreadth: Breadth = { low: 2, high: 2 };

export function layOut(
  { layers, reads, stacks, stackOf, sources, ranks }: Wiring,
  direction: Direction,
  anchor: Point,
): Automatic {
  const down = direction === 'down';
  const ranked = arrange(sources, ranks);
  const breadths = stacks.map(({ width, height, members }): Breadth => {
    const { line = down ? width / 2 : sideHandle } = members[0];
    return { low: line, high: (down ? width : height) - line };
  });
  const breadthOf = ({ lane, box }: Slot): Breadth => (lane ? laneBreadth : breadths[box]);
  placeAcross(ranked, { of: breadthOf, gap: gaps[direction].beside, laneGap: gaps[direction].lane });
  const lengths = new Array<number>(ranked.ranks.length).fill(0);
  for (let box = 0; box < stacks.length; box++) {
    const { rank } = ranked.slots[box];
    lengths[rank] = Math.max(lengths[rank], down ? stacks[box].height : stacks[box].width);
  }
  const grid = intoColumns(ranked, { direction, breadthOf, lengths });
  const alongOf = (box: number): number => grid.along(ranked.slots[box]);
  const acrossOf = (box: number): number => grid.across(ranked.slots[box]) - breadths[box].low;
  const first = stackOf[0];
  const [firstX, firstY] = down ? [acrossOf(first), alongOf(first)] : [alongOf(first), acrossOf(first)];
  const moved = (along: number, across: number): Point => [
    Math.round((down ? across : along) - firstX + anchor[0]),
    Math.round((down ? along : across) - firstY + anchor[1]),
  ];
  return {
    places: stacks.map((_, box) => moved(alongOf(box), acrossOf(box))),
    routes(saved) {
      const routes = new Map<string, Route>();
      const stands = (box: number): boolean => saved.size === 0 || !saved.has(stacks[box].members[0].name);
      for (let index = 0; index < layers.length; index++) {
        const end = stackOf[index];
        const read = reads[index];
        for (let input = 0; input < read.length; input++) {
          const start = read[input] < 0 ? end : stackOf[read[input]];
          const route = start === end ? undefined : grid.route(start, end);
          if (!route || !stands(start) || !stands(end)) continue;
          const legs = route.legs.map(({ to, by }) => ({ to: moved(...to), by }));
          routes.set(routeKey(layers[index].name, input), { legs, arrive: route.arrive });
        }
      }
      return routes;
    },
  };
}

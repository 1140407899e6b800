/** Routes of connections into and out of frames. */
import { sideHandle } from './automatic.ts';
import { card } from './cardSizes.ts';
import type { FramedLayout } from './frames.ts';
import type { Direction, Point, Route } from './geometry.ts';
import type { Drawn } from './unfolding.ts';

/** The route of a connection through frames to its end; each part begins as the one before would arrive. */
export function routeThrough(
  frames: readonly string[],
  last: string,
  routes: FramedLayout['routes'],
): Route | undefined {
  if (frames.length === 0) return routes.get(last);
  let whole: Route | undefined;
  for (const key of [...frames, last]) {
    const part = routes.get(key);
    if (!part) continue;
    const [first, ...rest] = part.legs;
    const { arrive } = whole ?? {};
    whole = whole
      ? {
          legs: [...whole.legs, ...(first ? [{ ...first, by: arrive ?? first.by }, ...rest] : [])],
          arrive: part.arrive,
        }
      : part;
  }
  return whole;
}

/**
 * A connection that leaves frames leads straight to the edge of the outermost one before it turns, because cards of another column
 * may be beside its start. `route`: the rest of its way.
 */
export function outOfFrame(
  route: Route | undefined,
  source: Drawn,
  target: Drawn,
  { positions, sizes }: FramedLayout,
  direction: Direction,
): Route | undefined {
  const frame = source.frames.find((name) => !target.frames.includes(name));
  if (frame === undefined) return route;
  const [along, across, own] = direction === 'down' ? [1, 0, card.width / 2] : [0, 1, sideHandle];
  const { width, height } = sizes.get(frame)!;
  const edge = positions.get(frame)![along] + (direction === 'down' ? height : width);
  const line = positions.get(source.layer.name)![across] + own;
  const next = route?.legs[0]?.to ?? positions.get(target.layer.name)!;
  const isStraight = Math.abs((route ? next[across] : next[across] + own) - line) < 1;
  if (isStraight || next[along] < edge) return route;
  const exit: Point = direction === 'down' ? [line, edge] : [edge, line];
  return { legs: [{ to: exit, by: 'curve' }, ...(route?.legs ?? [])], arrive: route?.arrive ?? 'curve' };
}

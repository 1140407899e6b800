/** The progress of training: at most ten events a second, and one at the end. */
import { count, list, number, optional, record } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';
import { curvePoint } from './fields.ts';

/** Points of the curve that wait for a slow reader. */
const mostPoints = 256;

export const step = defineEvent(
  {
    /** Counts from 1; `loss`, `metrics` and `penalty` are those of this step. */
    step: count,
    epoch: count,
    loss: number,
    metrics: record(number),
    penalty: optional(number),
    samplesPerSecond: number,
    /** The windows that were completed after the last event of this kind. */
    points: list(curvePoint),
  },
  {
    together: (waiting, event) => {
      const points = [...waiting.flatMap((one) => one.points), ...event.points];
      return [{ ...event, points: spaced(points, mostPoints) }];
    },
  },
);

/**
 * At most `most` points of a curve, about evenly spaced in steps, including the first and the last. Takes time in proportion to
 * their number, because the shortest steps complete thousands of windows between two events.
 */
function spaced<T extends { readonly step: number }>(points: readonly T[], most: number): readonly T[] {
  if (points.length <= most) return points;
  const last = points[points.length - 1];
  const spacing = (last.step - points[0].step) / (most - 1);
  const kept: T[] = [];
  let next = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    if (point.step < next || last.step - point.step < spacing) continue;
    kept.push(point);
    next = point.step + spacing;
  }
  return [...kept, last];
}

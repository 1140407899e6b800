/** The progress of training: at most ten events a second, and one at the end. */
import { list, number, optional, record } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';
import { curvePoint } from './fields.ts';

/** Points of the curve that wait for a slow reader. */
const mostPoints = 256;

export const step = defineEvent(
  {
    /** Counts from 1; `loss`, `metrics` and `penalty` are those of this step. */
    step: number,
    epoch: number,
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
      return [{ ...event, points: thinned(points, mostPoints) }];
    },
  },
);

/**
 * At most `most` points of a curve, including the first and the last. The points whose removal leaves the smallest gaps are
 * removed.
 */
function thinned<T extends { readonly step: number }>(points: readonly T[], most: number): readonly T[] {
  const left = [...points];
  while (left.length > most) {
    let least = 1;
    const gap = (index: number) => left[index + 1].step - left[index - 1].step;
    for (let index = 2; index < left.length - 1; index++) if (gap(index) < gap(least)) least = index;
    left.splice(least, 1);
  }
  return left;
}

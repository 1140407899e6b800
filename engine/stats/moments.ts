/** Moments of a tensor that is measured in several parts. Records are in the order of `momentAt`. */
import { momentAt as at } from '../kernels/kernels.ts';
import type { Moments } from './define.ts';

/** The moments of no elements. */
export function emptyMoments(record: Float64Array): void {
  record.fill(0);
  record[at.min] = Number.POSITIVE_INFINITY;
  record[at.max] = Number.NEGATIVE_INFINITY;
}

/**
 * Adds `more` to `record`. The sums of squared deviations add up, with a term for the difference between the two means
 * (Chan et al., 1979).
 */
export function addMoments(record: Float64Array, more: Float64Array): void {
  const before = record[at.count] - record[at.notFinite];
  const added = more[at.count] - more[at.notFinite];
  if (added > 0) {
    const share = added / (before + added);
    const between = more[at.mean] - record[at.mean];
    record[at.deviations] += more[at.deviations] + between * between * before * share;
    record[at.mean] = before === 0 ? more[at.mean] : record[at.mean] + between * share;
  }
  record[at.min] = Math.min(record[at.min], more[at.min]);
  record[at.max] = Math.max(record[at.max], more[at.max]);
  for (const sum of [at.count, at.zeros, at.below, at.above, at.notFinite]) record[sum] += more[sum];
}

/** A record as named values. */
export function momentsOf(record: Float64Array): Moments {
  const finite = record[at.count] - record[at.notFinite];
  const ofFinite = (moment: number): number => (finite > 0 ? record[moment] : Number.NaN);
  return {
    count: record[at.count],
    notFinite: record[at.notFinite],
    finite,
    mean: ofFinite(at.mean),
    deviations: ofFinite(at.deviations),
    min: ofFinite(at.min),
    max: ofFinite(at.max),
    zeros: record[at.zeros],
    saturated: record[at.below] + record[at.above],
  };
}

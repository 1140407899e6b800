/** How the weights of classes in a loss change what samples count for. */
import type { DataLook } from './look.ts';
import { targetsFor } from './network.ts';

/** The counts of classes times their weights in the loss that reads these targets; the counts themselves where it has none. */
export function weighedCounts(look: DataLook, name: string, counts: readonly number[]): readonly number[] {
  const read = look.analysis.spec.training?.losses ?? [];
  for (const [index, loss] of read.entries()) {
    if (targetsFor(look, loss, index)?.name !== name) continue;
    const { classWeights, positiveWeights } = loss.attributes;
    if (isList(classWeights) && classWeights.length === counts.length)
      return counts.map((count, place) => count * classWeights[place]);
    if (isList(positiveWeights) && positiveWeights.length === 1 && counts.length === 2)
      return [counts[0], counts[1] * positiveWeights[0]];
  }
  return counts;
}

const isList = (value: unknown): value is readonly number[] => Array.isArray(value) && value.length > 0;

/**
 * How many samples with equal weights say as much about the mean loss as one sample with the weights of the loss does, at most 1: Kish's
 * effective sample size. A few samples of a rare class with a large weight decide the mean of a batch.
 */
export function worthOfSample(look: DataLook): number {
  const worths = look.data.targets.flatMap(({ name, counts }) => {
    if (!counts) return [];
    const weighed = weighedCounts(look, name, counts);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const squares = weighed.map((value, place) => (counts[place] === 0 ? 0 : value ** 2 / counts[place]));
    const worth = sum(weighed) ** 2 / (sum(counts) * sum(squares));
    return worth > 0 ? [worth] : [];
  });
  return Math.min(1, ...worths);
}

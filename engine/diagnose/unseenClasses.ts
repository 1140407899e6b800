/** Classes that occur in the test data and never in the training data. */
import type { Dataset } from '../data/define.ts';
import { trainTargets } from './trainTargets.ts';

export interface UnseenClass {
  readonly index: number;
  /** Of the test targets that were examined. */
  readonly count: number;
}

/**
 * For one target of classes. `train` and `test`: the targets of the samples that are examined. Before a class counts as unseen, it is looked for in all
 * training samples.
 */
export function unseenClasses(
  dataset: Dataset,
  target: number,
  train: ArrayLike<number>,
  test: ArrayLike<number>,
): readonly UnseenClass[] {
  const known = new Set(Array.from(train));
  const counts = new Map<number, number>();
  for (const index of Array.from(test))
    if (!known.has(index)) counts.set(index, (counts.get(index) ?? 0) + 1);
  if (counts.size > 0) removeSeen(dataset, target, counts);
  return [...counts].map(([index, count]) => ({ index, count }));
}

function removeSeen(dataset: Dataset, target: number, wanted: Map<number, unknown>): void {
  for (const values of trainTargets(dataset, target)) {
    for (let i = 0; i < values.length; i++) wanted.delete(values[i]);
    if (wanted.size === 0) return;
  }
}

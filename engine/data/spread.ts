/** Some samples of a split instead of all. */
import type { Split } from './define.ts';

/** This many samples of a split, evenly spaced, because neighbours are often similar, for example of the same class. */
export function spread(split: Split, count: number): Split {
  const chosen = new Int32Array(count);
  return {
    ...split,
    size: count,
    fill(indices, length, batch) {
      for (let i = 0; i < length; i++) chosen[i] = Math.floor((indices[i] * split.size) / count);
      split.fill(chosen, length, batch);
    },
  };
}

/** A split over sequences that differ in length, padded with zeros to the longest. */
import type { FloatArray } from '../kernels/tensor.ts';
import type { Split } from './define.ts';

export interface RaggedStore {
  /** Steps of all sequences, one after the other: [steps, features]. */
  readonly steps: FloatArray | Uint8Array;
  readonly features: number;
  /** The first step of each sequence, and one more entry for the end of the last. */
  readonly starts: Int32Array;
  /** Steps of a padded sequence. */
  readonly length: number;
}

/** Copies sequence `index` into row `row` of `batch`, and returns the number of its steps. */
export function copySequence(
  { steps, features, starts, length }: RaggedStore,
  index: number,
  batch: FloatArray | Int32Array,
  row: number,
): number {
  const begin = starts[index];
  const count = starts[index + 1] - begin;
  const to = row * length * features;
  for (let i = 0; i < count * features; i++) batch[to + i] = steps[begin * features + i];
  batch.fill(0, to + count * features, to + length * features);
  return count;
}

/** Sequences `first … first + size`, each with one target. */
export function raggedSplit(store: RaggedStore, targets: Int32Array, first: number, size: number): Split {
  return {
    size,
    holds: [store.steps, store.starts, targets],
    fill(indices, count, batch) {
      for (let i = 0; i < count; i++) {
        const index = first + indices[i];
        const steps = copySequence(store, index, batch.inputs[0], i);
        batch.targets[0][i] = targets[index];
        if (batch.lengths) batch.lengths[i] = steps;
      }
    },
  };
}

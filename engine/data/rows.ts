/** A split over samples that lie one after the other in memory. */
import { purposeOf, Random } from '../kernels/random.ts';
import type { BatchBuffers, Split } from './define.ts';

type Numbers = ArrayLike<number>;

export interface RowStore {
  /** [samples, size], times `scale`. */
  readonly inputs: Numbers & ArrayBufferView;
  readonly inputSize: number;
  readonly scale?: number;
  /** [samples, size]. */
  readonly targets: Numbers & ArrayBufferView;
  readonly targetSize: number;
  /** [samples, size], times this. */
  readonly targetScale?: number;
  /**
   * Makes the inputs of a sample, which is called when they are first read. Generated samples need it: a run then begins with its
   * first step, and not with the last sample. What it makes depends on the row alone.
   */
  readonly make?: (row: number) => void;
}

/** The samples of `store` that `chosen` names, in its order; if `chosen` is a number, that many samples. */
export function rowSplit(store: RowStore, chosen: Int32Array | number): Split {
  const { inputs, inputSize, targets, targetSize, scale = 1, targetScale = 1 } = store;
  const order = typeof chosen === 'number' ? undefined : chosen;
  const made = store.make && new Uint8Array(inputs.length / inputSize);
  const demand = (row: number) => {
    if (!made || made[row] === 1) return;
    store.make?.(row);
    made[row] = 1;
  };
  const fillTargets = (indices: Int32Array, count: number, [t]: BatchBuffers['targets']) => {
    for (let i = 0; i < count; i++) {
      const row = order ? order[indices[i]] : indices[i];
      if (targets === inputs) demand(row);
      for (let j = 0; j < targetSize; j++)
        t[i * targetSize + j] = targets[row * targetSize + j] * targetScale;
    }
  };
  return {
    size: typeof chosen === 'number' ? chosen : chosen.length,
    ...(order ? { rows: order } : {}),
    holds: [inputs, targets, ...(order ? [order] : []), ...(made ? [made] : [])],
    fill(indices, count, batch: BatchBuffers) {
      const x = batch.inputs[0];
      for (let i = 0; i < count; i++) {
        const row = order ? order[indices[i]] : indices[i];
        const from = row * inputSize;
        const to = i * inputSize;
        demand(row);
        for (let j = 0; j < inputSize; j++) x[to + j] = inputs[from + j] * scale;
      }
      fillTargets(indices, count, batch.targets);
    },
    fillTargets,
  };
}

/** One more than the largest of whole numbers from 0; undefined for other numbers. */
export function indexBound(values: Numbers): number | undefined {
  let largest = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isInteger(value) || value < 0) return undefined;
    if (value > largest) largest = value;
  }
  return largest < 0 ? undefined : largest + 1;
}

/** Divides `count` samples into a training and a test part by a seeded shuffle. Each gets at least one, if there are two. */
export function dealOut(
  count: number,
  testFraction: number,
  seed: number,
): { readonly train: Int32Array; readonly test: Int32Array } {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  new Random(seed, purposeOf('split')).shuffle(order);
  const testCount =
    testFraction === 0 ? 0 : Math.min(count - 1, Math.max(1, Math.round(count * testFraction)));
  return { test: order.slice(0, testCount), train: order.slice(testCount) };
}

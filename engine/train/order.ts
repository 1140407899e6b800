/** Determines the samples of each batch in one pass over a split. */
import { purposeOf, Random } from '../kernels/random.ts';

export interface BatchOrder {
  readonly batches: number;
  /** Begins another pass. */
  begin(epoch: number): void;
  /** The number of samples in a batch. */
  count(batch: number): number;
  /** Writes the sample numbers of a batch, counted from 0, and returns their count. */
  fill(batch: number, indices: Int32Array): number;
}

/** Every sample once: in an order that depends only on seed and epoch or, without a seed, in the order of the data. */
export function sampleOrder(size: number, batchSize: number, seed?: number): BatchOrder {
  const countOf = (batch: number): number => Math.min(batchSize, size - batch * batchSize);
  const order = Int32Array.from({ length: size }, (_, index) => index);
  const random = new Random(seed ?? 0);
  return {
    batches: Math.ceil(size / batchSize),
    begin(epoch) {
      if (seed === undefined) return;
      for (let i = 0; i < size; i++) order[i] = i;
      random.reset(seed, purposeOf('shuffle'), epoch);
      random.shuffle(order);
    },
    count: countOf,
    fill(batch, indices) {
      const count = countOf(batch);
      for (let i = 0; i < count; i++) indices[i] = order[batch * batchSize + i];
      return count;
    },
  };
}

/**
 * For layers that carry their state from batch to batch: row i of the batches walks through the i-th stretch of the data, so
 * that each sample follows the previous one of its row. The last stretch may be shorter; its row is then missing at the end.
 */
export function streamOrder(size: number, batchSize: number): BatchOrder {
  const batches = Math.ceil(size / batchSize);
  return {
    batches,
    begin() {},
    count: (batch) => Math.ceil((size - batch) / batches),
    fill(batch, indices) {
      let count = 0;
      for (let sample = batch; sample < size; sample += batches) indices[count++] = sample;
      return count;
    },
  };
}

/** Classes that occur in the test data and never in the training data. */
import type { Dataset, Split } from '../data/define.ts';
import { sizeOf } from '../layers/define.ts';

export interface UnseenClass {
  readonly index: number;
  /** Of the test targets that were examined. */
  readonly count: number;
}

/** Samples that are read at once, and the most numbers of them. */
const most = { samples: 500, numbers: 4_000_000 };

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
  const { train } = dataset;
  const batch = batchOf(dataset);
  const buffers = buffersFor(dataset, batch);
  for (let first = 0; first < train.size && wanted.size > 0; first += batch) {
    const count = Math.min(batch, train.size - first);
    const indices = Int32Array.from({ length: count }, (_, place) => first + place);
    fillTargets(train, indices, count, buffers);
    const values = buffers.targets[target];
    const size = values.length / batch;
    for (let i = 0; i < count * size; i++) wanted.delete(values[i]);
  }
}

function batchOf({ train, inputs, targets }: Dataset): number {
  const numbers = [...inputs, ...targets].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return Math.max(1, Math.min(most.samples, train.size, Math.floor(most.numbers / numbers)));
}

function buffersFor({ train, inputs, targets, ragged }: Dataset, batch: number) {
  return {
    inputs: (train.fillTargets ? [] : inputs).map(({ shape }) => new Float32Array(batch * sizeOf(shape))),
    targets: targets.map(({ shape, type }) => {
      const size = batch * sizeOf(shape);
      return type === 'int' ? new Int32Array(size) : new Float32Array(size);
    }),
    ...(ragged ? { lengths: new Int32Array(batch) } : {}),
  };
}

function fillTargets(
  split: Split,
  indices: Int32Array,
  count: number,
  buffers: ReturnType<typeof buffersFor>,
): void {
  if (split.fillTargets) split.fillTargets(indices, count, buffers.targets);
  else split.fill(indices, count, buffers);
}

/** All training targets, for what must be true of every sample: of large data, only a part is examined otherwise. */
import type { Dataset, Split } from '../data/define.ts';
import { sizeOf } from '../layers/define.ts';

type Numbers = Float32Array | Int32Array;

/** Samples that are read at once, and the most numbers of them. */
const most = { samples: 500, numbers: 4_000_000 };

/** The values of one target, part by part. A part is overwritten by the next one. */
export function* trainTargets(dataset: Dataset, target: number): Generator<Numbers, void> {
  const { train } = dataset;
  const batch = batchOf(dataset);
  const buffers = buffersFor(dataset, batch);
  for (let first = 0; first < train.size; first += batch) {
    const count = Math.min(batch, train.size - first);
    const indices = Int32Array.from({ length: count }, (_, place) => first + place);
    fillTargets(train, indices, count, buffers);
    const values = buffers.targets[target];
    yield values.subarray(0, count * (values.length / batch));
  }
}

/** Whether all values of a target are the same. `examined`: some of them, which usually differ already. */
export function neverChanges(dataset: Dataset, target: number, examined: Numbers): boolean {
  const isSame = (value: number) => value === examined[0];
  if (!examined.every(isSame)) return false;
  for (const values of trainTargets(dataset, target)) if (!values.every(isSame)) return false;
  return true;
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

/** The samples of each batch. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type BatchOrder, sampleOrder, streamOrder } from '../../engine/train/order.ts';

const sizes = [fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 12 })] as const;

function passOver(order: BatchOrder, batchSize: number, epoch = 1): number[][] {
  const indices = new Int32Array(batchSize);
  order.begin(epoch);
  return Array.from({ length: order.batches }, (_, batch) => [
    ...indices.slice(0, order.fill(batch, indices)),
  ]);
}

const sorted = (batches: readonly number[][]): number[] => batches.flat().sort((a, b) => a - b);

it.each([
  ['in order', (size: number, batchSize: number) => sampleOrder(size, batchSize)],
  ['shuffled', (size: number, batchSize: number) => sampleOrder(size, batchSize, 7)],
  ['in streams', streamOrder],
])('gives every sample once, %s, in batches that are never empty', (_name, make) => {
  fc.assert(
    fc.property(...sizes, (size, batchSize) => {
      const batches = passOver(make(size, batchSize), batchSize);
      expect(sorted(batches)).toEqual(Array.from({ length: size }, (_, i) => i));
      for (const batch of batches) expect(batch.length).toBeGreaterThan(0);
    }),
  );
});

it('continues each row of a stream with the next sample', () => {
  fc.assert(
    fc.property(...sizes, (size, batchSize) => {
      const batches = passOver(streamOrder(size, batchSize), batchSize);
      batches.slice(1).forEach((batch, before) => {
        expect(batch).toEqual(batches[before].slice(0, batch.length).map((sample) => sample + 1));
      });
    }),
  );
});

it('shuffles by seed and epoch alone, and not at all without a seed', () => {
  const order = sampleOrder(30, 30, 1);
  const [first] = passOver(order, 30, 1);
  expect(passOver(sampleOrder(30, 30, 1), 30, 1)[0]).toEqual(first);
  const [second] = passOver(order, 30, 2);
  expect(second).not.toEqual(first);
  expect(passOver(sampleOrder(30, 30, 1), 30, 2)[0]).toEqual(second);
  expect(passOver(order, 30, 1)[0]).toEqual(first);
  expect(passOver(sampleOrder(30, 30), 30)[0]).toEqual(Array.from({ length: 30 }, (_, i) => i));
});

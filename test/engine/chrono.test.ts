/** Gated layers that begin by remembering: the biases of their gates. */
import { expect, it } from 'vitest';
import { chrono } from '../../engine/initializers/chrono.ts';
import { targetOf } from '../../engine/initializers/define.ts';
import { Random } from '../../engine/kernels/random.ts';

it.each([
  ['an LSTM', 4, 1, 0],
  ['a GRU', 3, 0, -1],
])('the units of %s begin by keeping their state for 1 to 59 of 60 steps', (_, blocks, open, shut) => {
  const units = 400;
  const bias = new Float64Array(blocks * units);
  chrono.fill(bias, targetOf({ shape: [bias.length] }), new Random(1), { steps: 60, blocks, open, shut });
  const blockOf = (block: number) => [...bias.subarray(block * units, (block + 1) * units)];
  const kept = blockOf(open);
  const spans = kept.map(Math.exp).sort((one, other) => one - other);
  expect(spans[0]).toBeGreaterThanOrEqual(1);
  expect(spans[units - 1]).toBeLessThanOrEqual(59.001);
  expect(Math.abs(spans[units / 2] - 30)).toBeLessThan(5);
  for (let block = 0; block < blocks; block++)
    if (block !== open) expect(blockOf(block)).toEqual(kept.map((value) => (block === shut ? -value : 0)));
});

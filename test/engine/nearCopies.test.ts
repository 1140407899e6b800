/** Test samples that are nearly training samples. */
import { describe, expect, it } from 'vitest';
import type { Table } from '../../engine/diagnose/features.ts';
import { nearCopiesIn } from '../../engine/diagnose/nearCopies.ts';
import { Random } from '../../engine/kernels/random.ts';

type Row = (random: Random) => readonly number[];

function tableOf(count: number, seed: number, row: Row): Table {
  const random = new Random(seed, 0, 0);
  const rows = Array.from({ length: count }, () => row(random));
  return { values: Float32Array.from(rows.flat()), features: rows[0].length, count };
}

/** The same samples with values times `scale` and a little more. */
const again = (table: Table, scale = 1, more = 0): Table => ({
  ...table,
  values: table.values.map((value) => scale * (value + more)),
});

const measured: Row = (random) => [random.normal(), random.normal(), random.normal()];
const mostlyCodes: Row = (random) => [random.normal(), ...[2, 3].map((codes) => random.below(codes))];

describe('test samples that are nearly training samples', () => {
  it('are those that were measured again, in any unit', () => {
    const train = tableOf(300, 1, measured);
    for (const scale of [1, 1e-9, 1e9])
      expect(nearCopiesIn(again(train, scale), again(train, scale, 0.001))).toBeGreaterThan(0.9);
  });

  it('are few where the samples are others', () => {
    expect(nearCopiesIn(tableOf(300, 1, measured), tableOf(100, 2, measured))).toBeLessThan(0.02);
  });

  it('are not looked for where only one number is measured beside codes, because many are near by chance', () => {
    const [train, test] = [tableOf(2000, 1, mostlyCodes), tableOf(200, 2, mostlyCodes)];
    expect(nearCopiesIn(train, test)).toBeUndefined();
  });
});

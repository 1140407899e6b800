/** Labels that slipped: whichever way, in data in its order and in data that was dealt out by chance. */
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../engine/data/define.ts';
import { dealOut, rowSplit } from '../../engine/data/rows.ts';
import { lookForSlips } from '../../engine/diagnose/misplaced.ts';
import { Random } from '../../engine/kernels/random.ts';

/** Samples of one number, whose class is its sign. Each has the class of the sample `by` places after it. */
function slipped(count: number, by: number, isDealt: boolean): Dataset {
  const random = new Random(1);
  const inputs = Float32Array.from({ length: count }, () => random.uniform() - 0.5);
  const targets = Int32Array.from({ length: count }, (_, row) =>
    Number(inputs[(row + by + count) % count] > 0),
  );
  const store = { inputs, inputSize: 1, targets, targetSize: 1 };
  const { train } = dealOut(count, 0.2, 1);
  return {
    inputs: [{ name: 'x', shape: [1] }],
    targets: [{ name: 'class', shape: [], type: 'int', classes: 2 }],
    train: rowSplit(store, isDealt ? train : count),
  } as unknown as Dataset;
}

describe('labels', () => {
  it.each([
    [1, false],
    [-1, false],
    [1, true],
    [-1, true],
  ])('that are those of the sample %i after them are found, dealt out by chance: %s', (by, isDealt) => {
    const found = lookForSlips(slipped(400, by, isDealt));
    expect(found?.by).toBe(-by);
    expect(found?.slipped.all).toBeLessThan(0.3);
    expect(found?.own.all).toBeGreaterThan(0.4);
  });

  it('in their places are found to be there', () =>
    expect(lookForSlips(slipped(400, 0, true))).toBeUndefined());

  it('are not compared if the neighbours of all samples are known to agree', () => {
    const known = { samples: 400, sure: 0, unsure: 0.2, all: 0.1, guessing: 0.5 };
    expect(lookForSlips(slipped(400, 1, true), known)).toBeUndefined();
    expect(lookForSlips(slipped(400, 1, true), { ...known, all: 0.5 })?.by).toBe(-1);
  });

  it.each([0, 1, 2, 3])('of %i samples show nothing', (count) =>
    expect(lookForSlips(slipped(count, 1, false))).toBeUndefined(),
  );
});

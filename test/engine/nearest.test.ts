/** The suggested name is always the one that a plain computation of the distance finds. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { nearest } from '../../engine/schema/nearest.ts';
import { runs, seed } from '../hostile/effort.ts';

/** The number of letters inserted, omitted, changed, or swapped with the next, by the definition. */
function distance(a: string, b: string): number {
  const d = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : i)),
  );
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const changed = a[i - 1] === b[j - 1] ? 0 : 1;
      const ways = [
        d[i - 1][j] + 1,
        j === 1 ? i + 1 : d[i][j - 1] + 1,
        (j === 1 ? i - 1 : d[i - 1][j - 1]) + changed,
      ];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) ways.push(d[i - 2][j - 2] + 1);
      d[i][j] = Math.min(...ways);
    }
  return d[a.length][b.length];
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'C', '1'), maxLength: 9 });

it('is the first name that is closest to what was typed, and close enough', () => {
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 8 }), (typed, names) => {
      const distances = names.map((name) => distance(typed.toLowerCase(), name.toLowerCase()));
      const least = Math.min(...distances);
      const isClose = least <= Math.max(1, Math.floor(typed.length / 3));
      expect(nearest(typed, names)).toBe(isClose ? names[distances.indexOf(least)] : undefined);
    }),
    { seed, numRuns: runs(3000) },
  );
});

/**
 * When a training is examined for findings. This depends on its steps and never on the clock, so that the same seed
 * gives the same findings on any machine. Looks are frequent at first, when most faults occur, and then less so.
 */

/** Steps between two looks at least, once a training is past as many: a look costs less than half a step, so it stays within 2 %. */
const leastGap = 25;

/** The first step after `step` at which to look: twice an epoch where epochs are long enough. */
export function nextLook(step: number, stepsPerEpoch: number): number {
  const gap = Math.max(leastGap, Math.floor(stepsPerEpoch / 2));
  // 1, 2, 3, 4, 6, 9, 13, 19, …: each half as far again.
  const sparser = Math.max(step + 1, Math.floor(step * 1.5));
  return Math.min(sparser, step + gap);
}

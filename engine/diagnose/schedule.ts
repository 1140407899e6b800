/**
 * When a training is examined for findings. This depends on its steps and never on the clock, so that the same seed
 * gives the same findings on any machine. Looks are frequent at first, when most faults occur, and then less so.
 */

/**
 * Except at the start of a training, at least this many steps are between two looks. A look takes 0.1 to 0.4 ms, which is a large
 * part of the time only in networks whose steps take microseconds.
 */
const leastGap = 25;

/** The first step after `step` at which to look: twice per epoch if epochs are long enough. */
export function nextLook(step: number, stepsPerEpoch: number): number {
  const gap = Math.max(leastGap, Math.floor(stepsPerEpoch / 2));
  // 1, 2, 3, 4, 6, 9, 13, 19, …: each 1.5 times the one before.
  const sparser = Math.max(step + 1, Math.floor(step * 1.5));
  return Math.min(sparser, step + gap);
}

/** When the threads of a pool are used: where a trial shows that steps are faster with them. */
import { describe, expect, it } from 'vitest';
import { ThreadTrial } from '../../engine/kernels/wasm/threadTrial.ts';

/** Runs steps on a simulated clock. Returns for each step whether it used all threads, and what all of them took. */
function run(trial: ThreadTrial, steps: number, costOf: (together: boolean, step: number) => number) {
  let now = 0;
  const used: boolean[] = [];
  for (let step = 0; step < steps; step++) {
    const together = trial.stepBegins(now);
    used.push(together);
    now += costOf(together, step);
  }
  return { used, total: now };
}

describe('a trial of threads', () => {
  it.each([
    { together: 0.5, alone: 1, uses: true },
    { together: 0.97, alone: 1, uses: true },
    { together: 0.99, alone: 1, uses: false },
    { together: 1.9, alone: 1, uses: false },
  ])('uses threads only if they save time: $together to $alone', ({ together, alone, uses }) => {
    const { used } = run(new ThreadTrial(), 1000, (threads) => (threads ? together : alone));
    expect(used.slice(0, 20)).toEqual(Array(20).fill(true));
    expect(used.slice(20, 32)).toEqual([0, 1, 2, 3].flatMap((turn) => Array(3).fill(turn % 2 === 0)));
    expect(new Set(used.slice(32))).toEqual(new Set([uses]));
  });

  it('costs less than two percent, whichever is faster', () => {
    for (const [together, alone] of [
      [0.5, 1],
      [2, 1],
    ]) {
      const trial = new ThreadTrial();
      run(trial, 32, (threads) => (threads ? together : alone));
      const { total } = run(trial, 50_000, (threads) => (threads ? together : alone));
      expect(total).toBeLessThan(1.02 * 50_000 * Math.min(together, alone));
    }
  });

  it('is not deceived by steps that something else interrupts', () => {
    const { used } = run(new ThreadTrial(), 500, (threads, step) =>
      step % 5 === 0 ? 50 : threads ? 0.6 : 1,
    );
    expect(used.at(-1)).toBe(true);
  });

  it('is repeated, because a machine changes', () => {
    const { used } = run(new ThreadTrial(), 5000, (threads, step) => (threads === step < 2000 ? 1 : 2));
    expect(used[1500]).toBe(true);
    expect(used[4500]).toBe(false);
  });
});

/** When the threads of a pool are used: where a trial shows that steps are faster with them. */
import { describe, expect, it } from 'vitest';
import { ThreadTrial } from '../../engine/kernels/wasm/threadTrial.ts';

/** Runs steps on a simulated clock. Returns for each step whether it used all threads, and what all of them took. */
function run(trial: ThreadTrial, steps: number, costOf: (together: boolean, step: number) => number) {
  let now = 0;
  const used: boolean[] = [];
  for (let step = 0; step < steps; step++) {
    const together = trial.stepBegins(() => now);
    used.push(together);
    now += costOf(together, step);
  }
  return { used, total: now };
}

describe('a trial of threads', () => {
  it.each([
    { together: 0.5, alone: 1, uses: true },
    { together: 0.94, alone: 1, uses: true },
    { together: 0.97, alone: 1, uses: false },
    { together: 1.9, alone: 1, uses: false },
  ])('uses threads only if they save time: $together to $alone', ({ together, alone, uses }) => {
    const { used } = run(new ThreadTrial(), 5000, (threads) => (threads ? together : alone));
    const trial = [0, 1, 2, 3].flatMap((turn) => Array(3).fill(turn % 2 === 0));
    const steady = (steps: number) => Array(steps).fill(uses);
    expect(used.slice(0, 20)).toEqual(Array(20).fill(true));
    let from = 20;
    for (const pause of [60, 120, 240, 480, 960, 1000]) {
      expect(used.slice(from, from + 12)).toEqual(trial);
      expect(used.slice(from + 12, from + 13 + pause)).toEqual(steady(1 + pause));
      from += 13 + pause;
    }
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

  it('says how long a wait is worth: until steps take as long as alone, but not for an interruption of the leader', () => {
    const trial = new ThreadTrial();
    expect(trial.worthOf(7)).toBe(7);
    let now = 0;
    let waited = 0;
    for (let step = 0; step < 40; step++) {
      const together = trial.stepBegins(() => now, waited);
      waited = together ? 0.1 : 0;
      now += together ? 0.6 : 0.8;
    }
    expect(trial.worthOf(0.1)).toBeCloseTo(0.06);
    expect(trial.worthOf(7)).toBeCloseTo(0.3);
  });

  it('says that a wait is worth no more than what all workers can do in the time that the leader works', () => {
    const trial = new ThreadTrial(2);
    run(trial, 40, (together) => (together ? 0.1 : 1));
    expect(trial.worthOf(0.05)).toBeCloseTo(0.1);
  });

  it('looks at the clock in trials only', () => {
    const trial = new ThreadTrial();
    let looks = 0;
    for (let step = 0; step < 10_000; step++)
      trial.stepBegins(() => {
        looks++;
        return step;
      });
    expect(looks).toBeLessThan(10_000 / 50);
  });

  it('is not decided by one trial in which the machine was busy with something else', () => {
    const { used } = run(new ThreadTrial(), 5000, (threads, step) =>
      threads && step >= 500 && step < 600 ? 3 : threads ? 0.6 : 1,
    );
    expect(used.slice(600, 900)).not.toContain(false);
    expect(used.at(-1)).toBe(true);
  });

  it('leaves threads alone that are interrupted more often than they save', () => {
    const { used } = run(new ThreadTrial(), 500, (threads, step) =>
      threads && step % 3 === 0 ? 50 : threads ? 0.6 : 1,
    );
    expect(used.at(-1)).toBe(false);
  });

  it('is repeated, because a machine changes', () => {
    const { used } = run(new ThreadTrial(), 5000, (threads, step) => (threads === step < 2000 ? 1 : 2));
    expect(used[1500]).toBe(true);
    expect(used[4500]).toBe(false);
  });
});

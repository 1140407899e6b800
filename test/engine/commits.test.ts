/** The values of a run that another thread finds, at whatever moment it ends the run. */
import { describe, expect, it } from 'vitest';
import { Commits } from '../../engine/train/commits.ts';

/** A run with one parameter and one running statistic, and the thread that ends it, which has only the shared memory. */
function start(bestEpoch = false) {
  const [parameter, statistic] = [new Float32Array([1]), new Float32Array([10])];
  const commits = new Commits();
  const copies = [commits.copy(parameter, false, bestEpoch), commits.copy(statistic, true, bestEpoch)];
  const ender = new Commits(commits.shared);
  const kept = () => [ender.whole(parameter, copies[0])[0], ender.whole(statistic, copies[1])[0]];
  const step = (number: number) => {
    commits.stepBegins();
    statistic[0]++;
    commits.enter();
    parameter[0]++;
    commits.completed(number);
    commits.leave();
  };
  return { parameter, statistic, commits, ender, kept, step };
}

describe('a run that is ended', () => {
  it('during a step keeps all values from before it', () => {
    const { commits, ender, statistic, kept, step } = start();
    step(1);
    expect(kept()).toEqual([2, 11]);
    commits.stepBegins();
    statistic[0] = 99;
    expect(ender.close()).toBe(true);
    expect([ender.step, ...kept()]).toEqual([1, 2, 11]);
  });

  it('is not ended within a commit, but after it', () => {
    const { commits, ender, parameter, kept } = start();
    commits.stepBegins();
    commits.enter();
    expect(ender.close()).toBe(false);
    expect(ender.isTorn).toBe(true);
    parameter[0] = 5;
    commits.completed(1);
    commits.leave();
    expect(ender.isTorn).toBe(false);
    expect(ender.close()).toBe(true);
    expect(ender.isClosed).toBe(true);
    expect([ender.step, ...kept()]).toEqual([1, 5, 10]);
  });

  it('after its best epoch keeps the values of that one, until another is better', () => {
    const { commits, ender, kept, step, parameter } = start(true);
    step(1);
    commits.keepBest(1);
    expect([ender.betterEpoch, ender.keptStep]).toEqual([undefined, 1]);
    step(2);
    expect([ender.betterEpoch, ender.keptStep, ...kept()]).toEqual([1, 1, 2, 11]);
    step(3);
    commits.keepBest(3);
    step(4);
    expect([ender.betterEpoch, ender.keptStep, ...kept()]).toEqual([3, 3, 4, 13]);
    expect(commits.restoreBest()).toBe(3);
    expect(parameter[0]).toBe(4);
  });

  it('counts a step without an update as complete', () => {
    const { commits, ender, kept, statistic } = start();
    commits.stepBegins();
    statistic[0]++;
    commits.completeWithoutUpdate(1);
    expect([ender.step, ...kept()]).toEqual([1, 1, 11]);
  });
});

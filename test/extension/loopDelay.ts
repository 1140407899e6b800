/** How long the loop of the extension host is blocked, and why. Linux reports how long a thread computed and how long it waited for a core. */
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { timesOfThread } from '../processorTime.ts';

/** The time from one turn of the loop to the next, in milliseconds. */
export interface Turn {
  /** How much later than a millisecond after the one before. */
  readonly late: number;
  readonly computed: number;
  readonly waited: number;
  /** The part of the computing time that was garbage collection. */
  readonly collected: number;
}

/** Watches the loop until the returned function is called, which returns the turns. */
export function watchLoop(): () => Turn[] {
  const turns: Turn[] = [];
  let collected = 0;
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collected += duration;
  });
  collections.observe({ entryTypes: ['gc'] });
  let before = performance.now();
  let timesBefore = timesOfThread();
  const turn = () => {
    const now = performance.now();
    const times = timesOfThread();
    turns.push({
      late: Math.max(0, now - before - 1),
      computed: times.computed - timesBefore.computed,
      waited: times.waited - timesBefore.waited,
      collected,
    });
    [before, timesBefore, collected] = [now, times, 0];
    timer = setTimeout(turn, 1);
  };
  let timer = setTimeout(turn, 1);
  return () => {
    clearTimeout(timer);
    collections.disconnect();
    return turns;
  };
}

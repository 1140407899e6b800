/** How long the extension host's loop is held, and by whom. Linux says how long a thread computed and how long it waited for a core. */
import { existsSync, readFileSync } from 'node:fs';
import { PerformanceObserver, performance } from 'node:perf_hooks';

/** Milliseconds that this thread has computed, and that it was ready to and other threads had the cores. */
function timesOfThread(): readonly [computed: number, waited: number] {
  const file = `/proc/self/task/${process.pid}/schedstat`;
  if (!existsSync(file)) {
    const { user, system } = process.cpuUsage();
    return [(user + system) / 1000, 0];
  }
  const [computed, waited] = readFileSync(file, 'utf8').split(' ').map(Number);
  return [computed / 1e6, waited / 1e6];
}

/** From one turn of the loop to the next, in milliseconds. */
export interface Turn {
  /** How much later than a millisecond after the one before. */
  readonly late: number;
  readonly computed: number;
  readonly waited: number;
  /** Of what was computed, garbage collection. */
  readonly collected: number;
}

/** Watches the loop until it is asked for the turns. */
export function watchLoop(): () => Turn[] {
  const turns: Turn[] = [];
  let collected = 0;
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collected += duration;
  });
  collections.observe({ entryTypes: ['gc'] });
  let before = performance.now();
  let [computedBefore, waitedBefore] = timesOfThread();
  const turn = () => {
    const now = performance.now();
    const [computed, waited] = timesOfThread();
    turns.push({
      late: Math.max(0, now - before - 1),
      computed: computed - computedBefore,
      waited: waited - waitedBefore,
      collected,
    });
    [before, computedBefore, waitedBefore, collected] = [now, computed, waited, 0];
    timer = setTimeout(turn, 1);
  };
  let timer = setTimeout(turn, 1);
  return () => {
    clearTimeout(timer);
    collections.disconnect();
    return turns;
  };
}

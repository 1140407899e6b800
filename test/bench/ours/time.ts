/** Timing on a machine that others use too: medians of short turns. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Milliseconds of one call, over as many calls as fill `budget` milliseconds. */
export function turn(run: () => void, budget: number): number {
  const began = performance.now();
  let calls = 0;
  let elapsed = 0;
  let chunk = 1;
  while (elapsed < budget) {
    for (let i = 0; i < chunk; i++) run();
    calls += chunk;
    elapsed = performance.now() - began;
    // Asking for the time must not show in calls of a microsecond.
    if (elapsed < budget / 8) chunk *= 2;
  }
  return elapsed / calls;
}

/** Median milliseconds of a call of each, in turns, so that other load affects all of them equally. */
export function alternate(runs: readonly (() => void)[], rounds: number, budget: number): number[] {
  for (const run of runs) turn(run, budget);
  const times: number[][] = runs.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, run] of runs.entries()) times[i].push(turn(run, budget));
  return times.map(median);
}

/** The same, as each round's ratio to that round's first. */
export function ratios(runs: readonly (() => void)[], rounds: number, budget: number): number[] {
  for (const run of runs) turn(run, budget);
  const found: number[][] = runs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const times = runs.map((run) => turn(run, budget));
    for (const [i, time] of times.entries()) found[i].push(time / times[0]);
  }
  return found.map(median);
}

/** Timing on a machine that other programs use, too: medians of short turns. */
import { timesOfThread } from '../../processorTime.ts';

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The quantile: this share of the values is below it. It is interpolated between its two neighbours. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.ceil(position);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
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
    // Reading the clock must take a small part of the time, even for calls of a microsecond.
    if (elapsed < budget / 8) chunk *= 2;
  }
  return elapsed / calls;
}

/** Median milliseconds of a call of each function. They take turns, so that other load affects all of them equally. */
export function alternate(runs: readonly (() => void)[], rounds: number, budget: number): number[] {
  for (const run of runs) turn(run, budget);
  const times: number[][] = runs.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, run] of runs.entries()) times[i].push(turn(run, budget));
  return times.map(median);
}

/** The same as ratios to the first function, in each round. */
export function ratios(runs: readonly (() => void)[], rounds: number, budget: number): number[] {
  for (const run of runs) turn(run, budget);
  const found: number[][] = runs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const times = runs.map((run) => turn(run, budget));
    for (const [i, time] of times.entries()) found[i].push(time / times[0]);
  }
  return found.map(median);
}

/** How many times as much processor time one thing takes as another. */
export interface Comparison {
  readonly ratio: number;
  /** A quarter of the comparisons is below the first number, and a quarter is above the second. */
  readonly quartiles: readonly [number, number];
}

/** The times of two things that took turns: one, the other, the other, one. */
export interface Turn {
  /** Milliseconds of processor time. */
  readonly one: readonly [number, number];
  readonly other: readonly [number, number];
}

export const ratioOf = ({ one, other }: Turn): number => (other[0] + other[1]) / (one[0] + one[1]);

/** The comparison over all turns. Slow changes, such as of the speed of the processor, affect both sides of a turn. */
export function comparisonOf(turns: readonly Turn[]): Comparison {
  const ratios = turns.map(ratioOf);
  return { ratio: median(ratios), quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)] };
}

/** Compares two functions in turns of this many calls, until they have taken `budget` milliseconds of processor time. */
export function compare(one: () => void, other: () => void, calls: number, budget: number): Comparison {
  const turns: Turn[] = [];
  const end = timesOfThread().computed + budget;
  while (timesOfThread().computed < end) {
    const [before, first, second, after] = [one, other, other, one].map((run) => portion(run, calls));
    turns.push({ one: [before, after], other: [first, second] });
  }
  return comparisonOf(turns);
}

function portion(run: () => void, calls: number): number {
  const { computed } = timesOfThread();
  for (let call = 0; call < calls; call++) run();
  return timesOfThread().computed - computed;
}

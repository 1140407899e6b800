/**
 * Values along a sequence, reduced to what a view can show: in a long sequence, each number is the mean of several time steps.
 */

/** The most numbers that stand for one sequence. */
const mostBins = 128;

/** The number of bins of a sequence with this many steps. */
export const binsOf = (steps: number): number => Math.min(mostBins, steps);

/** Four digits, to keep the log short. */
export const rounded = (value: number): number => Number(value.toPrecision(4));

/** The bin of a time step. */
export const binOf = (step: number, steps: number): number => Math.floor((step * binsOf(steps)) / steps);

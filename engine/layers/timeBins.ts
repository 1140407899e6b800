/** Courses over a sequence, as long as a view can show: of long sequences, each number is the mean of some time steps. */

/** Numbers in one course. */
const mostBins = 128;

export const binsOf = (steps: number): number => Math.min(mostBins, steps);

/** Short enough for a log: four digits. */
export const rounded = (value: number): number => Number(value.toPrecision(4));

/** Which of the bins a time step falls into. */
export const binOf = (step: number, steps: number): number => Math.floor((step * binsOf(steps)) / steps);

/** Heights of bars on a logarithmic scale, one for each time step of a sequence. */

/** At most this many bars; of longer sequences, each bar is the mean of some steps. */
const mostBars = 100;
/** Powers of ten that the scale spans at least, so that small differences look small. */
const leastSpan = 3;

/** Heights from 0 to 1. */
export function barHeights(norms: readonly number[]): number[] {
  const logs = norms.map((norm) => Math.log10(Math.max(norm, 1e-30)));
  const bars = Math.min(mostBars, logs.length);
  const means = Array.from({ length: bars }, (_, bar) => {
    const [start, end] = [bar, bar + 1].map((edge) => Math.round((edge * logs.length) / bars));
    return logs.slice(start, end).reduce((sum, log) => sum + log, 0) / (end - start);
  });
  const high = Math.max(...means);
  const span = Math.max(leastSpan, high - Math.min(...means));
  return means.map((mean) => 0.06 + 0.94 * (1 - (high - mean) / span));
}

/** Heights of bars on a logarithmic scale, one for each time step of a sequence. */

/** At most this many bars; of longer sequences, each bar is the mean of some steps. */
const mostBars = 100;
/** The scale spans at least this many powers of ten, so that small differences look small. */
const leastSpan = 3;

/** Heights of the bars of these norms: the highest is 1, and none is below 0.06, so that every bar is visible. */
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

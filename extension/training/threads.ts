/**
 * Threads for a new run: all running networks together get at most as many threads as there are cores, and each gets at least one.
 */

/** With more than this, most networks gain nothing. */
const automaticLimit = 4;

/** `wanted` 0 means automatic, which leaves one core free for the editor. `taken` is the number that active runs use. */
export function threadsFor(wanted: number, cores: number, taken: number): number {
  const most = wanted > 0 ? wanted : Math.min(automaticLimit, cores - 1);
  return Math.max(1, Math.min(most, cores - taken));
}

/** The speed of a replay: slow enough to follow, but the whole run in an acceptable time. */

/** Milliseconds between two readings, and for all of them. */
const milliseconds = { least: 125, most: 500, calm: 1000, whole: 20_000 } as const;

/** The number of readings to advance, and the delay in milliseconds. `calm`: whether the person prefers reduced motion. */
export function paceOf(count: number, calm: boolean): { readonly move: number; readonly wait: number } {
  const { least, most, whole } = milliseconds;
  const wait = calm ? milliseconds.calm : Math.min(most, Math.max(least, whole / count));
  return { move: Math.ceil((count * wait) / whole), wait };
}

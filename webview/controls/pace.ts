/** How fast a run is played again: calmly, and the whole run in a time that one can wait for. */

/** Milliseconds between two readings, and for all of them. */
const milliseconds = { least: 125, most: 500, calm: 1000, whole: 20_000 } as const;

/** Readings to go on by, and the milliseconds until then. `calm`: the person prefers reduced motion. */
export function paceOf(count: number, calm: boolean): { readonly move: number; readonly wait: number } {
  const { least, most, whole } = milliseconds;
  const wait = calm ? milliseconds.calm : Math.min(most, Math.max(least, whole / count));
  return { move: Math.ceil((count * wait) / whole), wait };
}

/** At most `limit` entries of a list, evenly spaced, including the first and the last. */
export function thinned<T>(all: readonly T[], limit: number): readonly T[] {
  if (all.length <= limit) return all;
  const stride = Math.ceil(all.length / (limit - 1));
  return all.filter((_, index) => index % stride === 0 || index === all.length - 1);
}

/** At most `limit` of a list, evenly, with the first and the last. */
export function thinned<T>(all: readonly T[], limit: number): readonly T[] {
  if (all.length <= limit) return all;
  const stride = Math.ceil(all.length / (limit - 1));
  return all.filter((_, index) => index % stride === 0 || index === all.length - 1);
}

/** Positions along a line, as near as possible to the desired ones, with minimum distances. */

export interface Wish {
  readonly at: number;
  /** Its weight relative to the others. */
  readonly weight: number;
}

/**
 * Centres in the given order that minimize Σ weight · (centre − wish)², with neighbours at least `apart` from each other: the
 * pool-adjacent-violators algorithm, in linear time. `apart[i]` is the distance between i and i + 1.
 */
export function settle(wishes: readonly Wish[], apart: readonly number[]): number[] {
  const offsets = [0];
  for (const [index, distance] of apart.entries()) offsets.push(offsets[index] + distance);
  const pools: { sum: number; weight: number; count: number }[] = [];
  for (const [index, { at, weight }] of wishes.entries()) {
    let pool = { sum: (at - offsets[index]) * weight, weight, count: 1 };
    for (
      let last = pools.at(-1);
      last && last.sum / last.weight > pool.sum / pool.weight;
      last = pools.at(-1)
    ) {
      pools.pop();
      pool = {
        sum: last.sum + pool.sum,
        weight: last.weight + pool.weight,
        count: last.count + pool.count,
      };
    }
    pools.push(pool);
  }
  const centres: number[] = [];
  for (const { sum, weight, count } of pools)
    for (let i = 0; i < count; i++) centres.push(sum / weight + offsets[centres.length]);
  return centres;
}

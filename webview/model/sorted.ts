/** Searches in ascending numbers. */

/** The index of the first one, from `start` on, that is at least `least`; the number of all if there is none. */
export function firstFrom(numbers: readonly number[], least: number, start = 0): number {
  let [low, high] = [start, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

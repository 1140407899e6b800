/**
 * Ranks of layers: each layer is one rank after the last layer that it reads. Takes time proportional to the size of the network.
 */

/** Sources of each item, by index. In a cycle, the first item in the text comes first. */
export function ranksOf(sources: readonly (readonly number[])[]): readonly number[] {
  const { length } = sources;
  const readers = readersOf(sources);
  const waiting = Int32Array.from(sources, (read) => read.length);
  const ranks = new Array<number>(length).fill(0);
  const done = new Uint8Array(length);
  const ready = new Int32Array(length);
  let count = 0;
  const settle = (item: number) => {
    done[item] = 1;
    ready[count++] = item;
  };
  for (let item = 0; item < length; item++) if (waiting[item] === 0) settle(item);
  for (let next = 0, forced = 0; ; next++) {
    while (next === count && forced < length) {
      if (done[forced] === 0) settle(forced);
      forced++;
    }
    if (next === count) break;
    const item = ready[next];
    for (let at = readers.start[item]; at < readers.start[item + 1]; at++) {
      const reader = readers.list[at];
      if (done[reader] === 1) continue;
      ranks[reader] = Math.max(ranks[reader], ranks[item] + 1);
      if (--waiting[reader] === 0) settle(reader);
    }
  }
  drawNear(sources, readers, ranks);
  return ranks;
}

/** The readers of all items, one after another. */
interface Readers {
  /** Where those of each item start, and behind the last one where they end. */
  readonly start: Int32Array;
  readonly list: Int32Array;
}

function readersOf(sources: readonly (readonly number[])[]): Readers {
  const start = new Int32Array(sources.length + 1);
  for (let item = 0; item < sources.length; item++)
    for (let input = 0; input < sources[item].length; input++) start[sources[item][input] + 1]++;
  for (let item = 0; item < sources.length; item++) start[item + 1] += start[item];
  const list = new Int32Array(start[sources.length]);
  const next = start.slice();
  for (let item = 0; item < sources.length; item++)
    for (let input = 0; input < sources[item].length; input++) list[next[sources[item][input]]++] = item;
  return { start, list };
}

/** A layer without inputs is placed right before its first reader. */
function drawNear(sources: readonly (readonly number[])[], { start, list }: Readers, ranks: number[]): void {
  for (let item = 0; item < sources.length; item++) {
    if (sources[item].length > 0 || start[item] === start[item + 1]) continue;
    let first = Number.POSITIVE_INFINITY;
    for (let at = start[item]; at < start[item + 1]; at++) first = Math.min(first, ranks[list[at]]);
    ranks[item] = Math.max(0, first - 1);
  }
}

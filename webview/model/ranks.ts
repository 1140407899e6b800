/**
 * Ranks of layers: each layer is one rank after the last layer that it reads. Takes time proportional to the size of the network.
 */

/** Sources of each item, by index. In a cycle, the first item in the text comes first. */
export function ranksOf(sources: readonly (readonly number[])[]): number[] {
  const readers: number[][] = sources.map(() => []);
  const waiting = sources.map((read) => read.length);
  for (let item = 0; item < sources.length; item++)
    for (const source of sources[item]) readers[source].push(item);
  const ranks = sources.map(() => 0);
  const done = sources.map(() => false);
  const ready: number[] = [];
  const settle = (item: number) => {
    done[item] = true;
    ready.push(item);
  };
  for (let item = 0; item < waiting.length; item++) if (waiting[item] === 0) settle(item);
  for (let next = 0, forced = 0; ; next++) {
    while (next === ready.length && forced < sources.length) {
      if (!done[forced]) settle(forced);
      forced++;
    }
    if (next === ready.length) break;
    for (const reader of readers[ready[next]]) {
      if (done[reader]) continue;
      ranks[reader] = Math.max(ranks[reader], ranks[ready[next]] + 1);
      if (--waiting[reader] === 0) settle(reader);
    }
  }
  drawNear(sources, readers, ranks);
  return ranks;
}

/** A layer without inputs is placed right before its first reader. */
function drawNear(
  sources: readonly (readonly number[])[],
  readers: readonly (readonly number[])[],
  ranks: number[],
): void {
  for (let item = 0; item < sources.length; item++)
    if (sources[item].length === 0 && readers[item].length > 0)
      ranks[item] = Math.max(0, Math.min(...readers[item].map((reader) => ranks[reader])) - 1);
}

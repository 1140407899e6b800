/**
 * Arena offsets: buffers whose lifetimes do not overlap may share memory. Greedy by size: the largest first, each at
 * the lowest offset where no buffer alive at the same time lies. (tinygrad and TensorFlow Lite plan likewise.)
 */
import { align } from '../kernels/backend.ts';

export interface Life {
  readonly bytes: number;
  /** First and last step that touches the buffer, both included. */
  readonly from: number;
  readonly to: number;
}

export function placeBuffers(lives: readonly Life[]): {
  readonly offsets: readonly number[];
  readonly bytes: number;
} {
  const offsets = new Array<number>(lives.length).fill(0);
  const placed: { readonly start: number; readonly end: number; readonly life: Life }[] = [];
  const first = lives.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY);
  const last = lives.reduce((most, { to }) => Math.max(most, to), Number.NEGATIVE_INFINITY);
  // The first buffers of `placed` that live the whole time and lie one after another, up to this address: nothing fits there any more.
  // Networks of many small layers have thousands of them.
  let [solid, inSolid] = [0, 0];
  let total = 0;
  const bySize = lives.map((_, index) => index).sort((a, b) => lives[b].bytes - lives[a].bytes || a - b);
  for (const index of bySize) {
    const life = lives[index];
    if (life.bytes === 0) continue;
    let start = solid;
    // `placed` is kept in order of start, so the first gap that fits is the lowest.
    for (let next = inSolid; next < placed.length; next++) {
      const other = placed[next];
      if (other.start >= start + life.bytes) break;
      if (other.life.to < life.from || life.to < other.life.from) continue;
      start = Math.max(start, align(other.end));
    }
    const end = start + life.bytes;
    offsets[index] = start;
    total = Math.max(total, end);
    let at = placed.length;
    while (at > 0 && placed[at - 1].start > start) at--;
    placed.splice(at, 0, { start, end, life });
    for (let next = placed[inSolid]; next?.start === solid; next = placed[inSolid]) {
      if (next.life.from > first || next.life.to < last) break;
      solid = align(next.end);
      inSolid++;
    }
  }
  return { offsets, bytes: align(total) };
}

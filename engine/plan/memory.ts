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
  let total = 0;
  const bySize = lives.map((_, index) => index).sort((a, b) => lives[b].bytes - lives[a].bytes || a - b);
  for (const index of bySize) {
    const life = lives[index];
    if (life.bytes === 0) continue;
    let start = 0;
    // `placed` is kept in order of start, so the first gap that fits is the lowest.
    for (const other of placed) {
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
  }
  return { offsets, bytes: align(total) };
}

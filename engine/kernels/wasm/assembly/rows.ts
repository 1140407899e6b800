/** Moves whole rows by int32 indices. Steps are in bytes. */
import { loadSome, storeSome } from './elementwise';

/** y[r, :] = x[index[r], :], or 0 where the index is negative. */
export function gatherRows(rows: usize, width: usize, index: usize, x: usize, xStep: usize, y: usize, yStep: usize): void {
  const block: usize = 4 * width;
  for (let r: usize = 0; r < rows; r++) {
    const source = load<i32>(index + 4 * r);
    if (source < 0) memory.fill(y, 0, block);
    else copyRow(block, x + <usize>source * xStep, y);
    y += yStep;
  }
}

/** y[index[r], :] = x[r, :], or += with `accumulate`, in the order of r; rows with a negative index are skipped. */
export function scatterRows(rows: usize, width: usize, index: usize, x: usize, xStep: usize, y: usize, yStep: usize, accumulate: bool): void {
  const block: usize = 4 * width;
  for (let r: usize = 0; r < rows; r++) {
    const target = load<i32>(index + 4 * r);
    if (target >= 0) {
      const to = y + <usize>target * yStep;
      if (accumulate) addRow(block, x, to);
      else copyRow(block, x, to);
    }
    x += xStep;
  }
}

// @ts-ignore: decorator
@inline
function copyRow(block: usize, from: usize, to: usize): void {
  for (let at: usize = 0; at < block; at += 16) storeSome(to + at, loadSome(from + at, (block - at) >> 2), (block - at) >> 2);
}

// @ts-ignore: decorator
@inline
function addRow(block: usize, from: usize, to: usize): void {
  for (let at: usize = 0; at < block; at += 16) {
    const n = (block - at) >> 2;
    storeSome(to + at, f32x4.add(loadSome(to + at, n), loadSome(from + at, n)), n);
  }
}

/** Means over windows and over all positions of [height, width, channels]: four channels at once. */
import { loadSome, storeSome } from './elementwise';
import { madd } from './simd';
import { Window } from './window';

/** The first of `cells` cells, `dilation` apart and beginning at `start`, that is not before 0. */
// @ts-ignore: decorator
@inline
function firstInside(cells: i32, dilation: i32, start: i32): i32 {
  return start >= 0 ? 0 : min(cells, (dilation - 1 - start) / dilation);
}

/** One past the last cell before `size`. */
// @ts-ignore: decorator
@inline
function lastInside(cells: i32, dilation: i32, start: i32, size: i32): i32 {
  return start >= size ? 0 : min(cells, (size - start + dilation - 1) / dilation);
}

/**
 * Rows of outputs from … to, counted over the whole batch. The mean of a window is over all its cells with `countPadding`,
 * otherwise over those inside.
 */
export function averagePool(w: Window, from: i32, to: i32, countPadding: bool, x: usize, y: usize): void {
  overWindows(w, false, from, to, countPadding, x, y);
}

/** dx += dy / cells. Rows of outputs from … to must be those of whole samples: windows overlap. */
export function averagePoolBackward(w: Window, from: i32, to: i32, countPadding: bool, dx: usize, dy: usize): void {
  overWindows(w, true, from, to, countPadding, dx, dy);
}

// @ts-ignore: decorator
@inline
function overWindows(w: Window, backward: bool, from: i32, to: i32, countPadding: bool, input: usize, output: usize): void {
  const H = w.inputHeight, W = w.inputWidth, C = w.inputChannels, outputHeight = w.outputHeight, outputWidth = w.outputWidth;
  const kernelHeight = w.kernelHeight, kernelWidth = w.kernelWidth, dilationY = w.dilationY, dilationX = w.dilationX;
  const block = <usize>C * 4;
  const rowStep = <usize>(dilationY * W) * block, cellStep = <usize>dilationX * block;
  for (let row = from; row < to; row++) {
    const n = row / outputHeight, oy = row % outputHeight;
    const top = oy * w.strideY - w.padTop;
    const firstRow = firstInside(kernelHeight, dilationY, top);
    const lastRow = lastInside(kernelHeight, dilationY, top, H);
    const countedRows = countPadding ? lastInside(kernelHeight, dilationY, top, H + w.padBottom) : lastRow - firstRow;
    let out = output + <usize>(row * outputWidth) * block;
    for (let ox = 0; ox < outputWidth; ox++) {
      const left = ox * w.strideX - w.padLeft;
      const firstCell = firstInside(kernelWidth, dilationX, left);
      const lastCell = lastInside(kernelWidth, dilationX, left, W);
      const countedCells = countPadding ? lastInside(kernelWidth, dilationX, left, W + w.padRight) : lastCell - firstCell;
      const share = f32x4.splat(1 / <f32>(countedRows * countedCells));
      const corner = input + <usize>((n * H + top + firstRow * dilationY) * W + left + firstCell * dilationX) * block;
      for (let at: usize = 0; at < block; at += 16) {
        const lanes = (block - at) >> 2;
        let sum = backward ? f32x4.mul(share, loadSome(out + at, lanes)) : f32x4.splat(0);
        let line = corner + at;
        for (let ky = firstRow; ky < lastRow; ky++) {
          let cell = line;
          for (let kx = firstCell; kx < lastCell; kx++) {
            const v = loadSome(cell, lanes);
            if (backward) storeSome(cell, f32x4.add(v, sum), lanes);
            else sum = f32x4.add(sum, v);
            cell += cellStep;
          }
          line += rowStep;
        }
        if (!backward) storeSome(out + at, firstRow < lastRow && firstCell < lastCell ? f32x4.mul(sum, share) : f32x4.splat(0), lanes);
      }
      out += block;
    }
  }
}

/** y[n, c] = mean of the first `positions` of x [n, ·, C], samples `step` bytes apart. */
export function averagePositions(samples: usize, positions: usize, C: usize, step: usize, x: usize, y: usize): void {
  const block: usize = 4 * C;
  const share = f32x4.splat(positions > 0 ? 1 / <f32>positions : 0);
  for (let n: usize = 0; n < samples; n++) {
    for (let at: usize = 0; at < block; at += 16) {
      const lanes = (block - at) >> 2;
      let sum = f32x4.splat(0);
      let cell = x + at;
      for (let p: usize = 0; p < positions; p++) {
        sum = f32x4.add(sum, loadSome(cell, lanes));
        cell += block;
      }
      storeSome(y + at, f32x4.mul(sum, share), lanes);
    }
    x += step;
    y += block;
  }
}

/** dx[n, p, c] += dy[n, c] / positions. */
export function averagePositionsBackward(samples: usize, positions: usize, C: usize, step: usize, dy: usize, dx: usize): void {
  const block: usize = 4 * C;
  const share = f32x4.splat(positions > 0 ? 1 / <f32>positions : 0);
  for (let n: usize = 0; n < samples; n++) {
    for (let at: usize = 0; at < block; at += 16) {
      const lanes = (block - at) >> 2;
      const g = loadSome(dy + at, lanes);
      let cell = dx + at;
      for (let p: usize = 0; p < positions; p++) {
        storeSome(cell, madd(g, share, loadSome(cell, lanes)), lanes);
        cell += block;
      }
    }
    dy += block;
    dx += step;
  }
}

/**
 * y[n, c] = the largest of the first `positions` of x [n, ·, C], and its index in x, counted in elements from `origin` at the
 * first sample; 0 and −1 without positions. The first of equal values wins; NaN counts as the largest.
 */
export function maxPositions(
  samples: usize, positions: usize, C: usize, step: usize, origin: i32, x: usize, y: usize, argmax: usize,
): void {
  const block: usize = 4 * C;
  for (let n: usize = 0; n < samples; n++) {
    for (let at: usize = 0; at < block; at += 16) {
      const lanes = (block - at) >> 2;
      let best = f32x4.splat(0), where = i32x4.splat(-1);
      let cell = x + at;
      let here = i32x4.add(i32x4.splat(origin + <i32>(at >> 2)), i32x4(0, 1, 2, 3));
      if (positions > 0) {
        best = loadSome(cell, lanes);
        where = here;
      }
      for (let p: usize = 1; p < positions; p++) {
        cell += block;
        here = i32x4.add(here, i32x4.splat(<i32>C));
        const v = loadSome(cell, lanes);
        const better = v128.or(f32x4.gt(v, best), f32x4.ne(v, v));
        best = v128.bitselect(v, best, better);
        where = v128.bitselect(here, where, better);
      }
      storeSome(y + at, best, lanes);
      storeSome(argmax + at, where, lanes);
    }
    x += step;
    origin += <i32>(step >> 2);
    y += block;
    argmax += block;
  }
}

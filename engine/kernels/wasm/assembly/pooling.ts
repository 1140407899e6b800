/** Pooling over [height, width, channels]: four channels at once. */
import { loadSome, storeSome } from './elementwise';
import { flush, putPair } from './simd';
import { IS_WIDE } from './tiles';
import { Window } from './window';

/**
 * Rows of outputs from … to, counted over the whole batch. The first of equal maxima wins; NaN counts as the largest, and the
 * last NaN wins; −1 if a window covers only padding. With `rectify`, a maximum of at most zero becomes 0, and its index −1.
 */
export function maxPool(w: Window, from: usize, to: usize, rectify: bool, x: usize, y: usize, argmax: usize): void {
  if (areQuarters(w)) {
    maxPoolQuarters(w, from, to, rectify, x, y, argmax);
    return;
  }
  const H = w.inputHeight, W = w.inputWidth, C = w.inputChannels, outputHeight = w.outputHeight, outputWidth = w.outputWidth;
  const kernelHeight = w.kernelHeight, kernelWidth = w.kernelWidth, dilationY = w.dilationY, dilationX = w.dilationX;
  const rowBytes = <usize>(outputWidth * C * 4);
  const rectified = i32x4.splat(-<i32>rectify);
  for (let row = from; row < to; row++) {
    const n = <i32>row / outputHeight, oy = <i32>row % outputHeight;
    const sample = x + <usize>(n * H * W * C) * 4;
    let out = y + row * rowBytes, index = argmax + row * rowBytes;
    const top = oy * w.strideY - w.padTop;
    const firstRow = firstInside(dilationY, top), lastRow = lastInside(kernelHeight, dilationY, top, H);
    for (let ox = 0; ox < outputWidth; ox++) {
      const left = ox * w.strideX - w.padLeft;
      const firstColumn = firstInside(dilationX, left), lastColumn = lastInside(kernelWidth, dilationX, left, W);
      const rows = lastRow - firstRow, columns = lastColumn - firstColumn;
      const corner = ((top + firstRow * dilationY) * W + left + firstColumn * dilationX) * C;
      let c = 0;
      for (; c + 4 <= C; c += 4) largestOf(sample, corner + c, rows, columns, dilationY * W * C, dilationX * C, rectified, 4, out + 4 * c, index + 4 * c);
      if (c < C) largestOf(sample, corner + c, rows, columns, dilationY * W * C, dilationX * C, rectified, C - c, out + 4 * c, index + 4 * c);
      out += 4 * C;
      index += 4 * C;
    }
  }
}

/** Whether windows are of the common kind: 2 × 2 cells, adjacent, none in the padding, channels in whole vectors. */
function areQuarters(w: Window): bool {
  return w.kernelHeight == 2 && w.kernelWidth == 2 && w.strideY == 2 && w.strideX == 2 && w.dilationY == 1 && w.dilationX == 1
    && w.padTop == 0 && w.padLeft == 0 && 2 * w.outputHeight <= w.inputHeight && 2 * w.outputWidth <= w.inputWidth && w.inputChannels % 4 == 0;
}

/** Like maxPool, if windows `areQuarters`. */
function maxPoolQuarters(w: Window, from: usize, to: usize, rectify: bool, x: usize, y: usize, argmax: usize): void {
  const H = w.inputHeight, W = w.inputWidth, C = w.inputChannels, outputHeight = w.outputHeight, outputWidth = w.outputWidth;
  const cell = <usize>C * 4, line = <usize>W * cell;
  const size = <usize>outputWidth * cell;
  const right = i32x4.splat(C), below = i32x4.splat(W * C), four = i32x4.splat(4), rectified = i32x4.splat(-<i32>rectify);
  for (let row = from; row < to; row++) {
    const n = <i32>row / outputHeight, oy = <i32>row % outputHeight;
    const corner = 2 * oy * W * C;
    let at = x + <usize>(n * H * W * C + corner) * 4;
    let here = i32x4.add(i32x4.splat(corner), i32x4(0, 1, 2, 3));
    let out = row * size;
    const end = out + size;
    while (out < end) {
      const next = out + cell;
      // More than fits the registers where vectors are not joined.
      if (IS_WIDE) for (; out + 32 <= next; out += 32) {
        const b = at + cell, c = at + line, d = c + cell, later = i32x4.add(here, four);
        const a0 = v128.load(at), a1 = v128.load(at, 16), b0 = v128.load(b), b1 = v128.load(b, 16);
        const c0 = v128.load(c), c1 = v128.load(c, 16), d0 = v128.load(d), d1 = v128.load(d, 16);
        const inTop0 = larger(b0, a0), inTop1 = larger(b1, a1), inBottom0 = larger(d0, c0), inBottom1 = larger(d1, c1);
        const top0 = v128.bitselect(b0, a0, inTop0), top1 = v128.bitselect(b1, a1, inTop1);
        const bottom0 = v128.bitselect(d0, c0, inBottom0), bottom1 = v128.bitselect(d1, c1, inBottom1);
        const isBelow0 = larger(bottom0, top0), isBelow1 = larger(bottom1, top1);
        const where0 = placeOf(here, v128.bitselect(inBottom0, inTop0, isBelow0), isBelow0, right, below);
        const where1 = placeOf(later, v128.bitselect(inBottom1, inTop1, isBelow1), isBelow1, right, below);
        const best0 = v128.bitselect(bottom0, top0, isBelow0), best1 = v128.bitselect(bottom1, top1, isBelow1);
        const dead0 = v128.and(rectified, notPositive(best0)), dead1 = v128.and(rectified, notPositive(best1));
        putPair(y + out, v128.andnot(best0, dead0), v128.andnot(best1, dead1));
        putPair(argmax + out, v128.or(where0, dead0), v128.or(where1, dead1));
        here = i32x4.add(later, four);
        at += 32;
      }
      for (; out < next; out += 16) {
        const a = v128.load(at), b = v128.load(at + cell), c = v128.load(at + line), d = v128.load(at + line + cell);
        const inTop = larger(b, a), inBottom = larger(d, c);
        const top = v128.bitselect(b, a, inTop), bottom = v128.bitselect(d, c, inBottom);
        const isBelow = larger(bottom, top);
        const best = v128.bitselect(bottom, top, isBelow);
        const dead = v128.and(rectified, notPositive(best));
        v128.store(y + out, v128.andnot(best, dead));
        v128.store(argmax + out, v128.or(placeOf(here, v128.bitselect(inBottom, inTop, isBelow), isBelow, right, below), dead));
        here = i32x4.add(here, four);
        at += 16;
      }
      here = i32x4.add(here, right);
      at += cell;
    }
  }
}

/** The index of the largest of four cells, from the index of the first. */
// @ts-ignore: decorator
@inline
function placeOf(here: v128, isRight: v128, isBelow: v128, right: v128, below: v128): v128 {
  return i32x4.add(i32x4.add(here, v128.and(isRight, right)), v128.and(isBelow, below));
}

/** Where a ReLU gives 0. */
// @ts-ignore: decorator
@inline
function notPositive(v: v128): v128 {
  return f32x4.le(v, f32x4.splat(0));
}

/** Whether a later cell replaces an earlier one: if it is larger, or NaN. */
// @ts-ignore: decorator
@inline
function larger(later: v128, earlier: v128): v128 {
  return v128.or(f32x4.gt(later, earlier), f32x4.ne(later, later));
}

/** The largest of the cells of a window inside the input, for up to four channels, and its index within the sample. */
// @ts-ignore: decorator
@inline
function largestOf(sample: usize, corner: i32, rows: i32, columns: i32, rowStep: i32, columnStep: i32, rectified: v128, lanes: usize, out: usize, index: usize): void {
  const none = rows <= 0 || columns <= 0;
  let best = none ? f32x4.splat(0) : loadSome(sample + 4 * corner, lanes);
  let at = i32x4.splat(corner);
  for (let y = 0; y < rows; y++) {
    let cell = corner + y * rowStep;
    for (let x = 0; x < columns; x++) {
      const v = loadSome(sample + 4 * cell, lanes);
      const better = larger(v, best);
      best = v128.bitselect(v, best, better);
      at = v128.bitselect(i32x4.splat(cell), at, better);
      cell += columnStep;
    }
  }
  const dead = v128.and(rectified, notPositive(best));
  storeSome(out, v128.andnot(best, dead), lanes);
  storeSome(index, none ? i32x4.splat(-1) : v128.or(i32x4.add(at, i32x4(0, 1, 2, 3)), dead), lanes);
}

/** The first cell inside the input, of a window that begins at `start`, and the one after the last. */
// @ts-ignore: decorator
@inline
function firstInside(dilation: i32, start: i32): i32 {
  return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
}

// @ts-ignore: decorator
@inline
function lastInside(kernel: i32, dilation: i32, start: i32, size: i32): i32 {
  return start >= size ? 0 : min(kernel, (size - 1 - start) / dilation + 1);
}

/** Samples from … to: dx = or += dy where its argmax is. Tiny gradients become 0, as in the backward of a ReLU. */
export function maxPoolBackward(w: Window, from: i32, to: i32, accumulate: bool, dy: usize, argmax: usize, dx: usize): void {
  const inputSize = w.inputBytes;
  const outputSize = <usize>(w.outputs * w.inputChannels);
  const quarters = areQuarters(w);
  for (let n = from; n < to; n++) {
    const into = dx + <usize>n * inputSize;
    const first = <usize>n * outputSize;
    if (quarters) {
      // Cells that no window covers, in the last row or column of an odd size, have no gradient.
      if (!accumulate && (2 * w.outputHeight < w.inputHeight || 2 * w.outputWidth < w.inputWidth)) memory.fill(into, 0, inputSize);
      if (accumulate) quartersBackward(w, true, dy + 4 * first, argmax + 4 * first, into);
      else quartersBackward(w, false, dy + 4 * first, argmax + 4 * first, into);
      continue;
    }
    if (!accumulate) memory.fill(into, 0, inputSize);
    for (let i = first; i < first + outputSize; i++) {
      const at = load<i32>(argmax + 4 * i);
      if (at >= 0) {
        const cell = into + 4 * <usize>at;
        store<f32>(cell, load<f32>(cell) + f32x4.extract_lane(flush(v128.load32_zero(dy + 4 * i)), 0));
      }
    }
  }
}

/** One sample, if windows `areQuarters`: every cell belongs to at most one window, so each is written once. */
// @ts-ignore: decorator
@inline
function quartersBackward(w: Window, accumulate: bool, dy: usize, argmax: usize, dx: usize): void {
  const W = w.inputWidth, C = w.inputChannels, outputHeight = w.outputHeight, outputWidth = w.outputWidth;
  const cell = <usize>C * 4, line = <usize>W * cell;
  const right = i32x4.splat(C), below = i32x4.splat(W * C), diagonal = i32x4.splat(W * C + C), four = i32x4.splat(4);
  let out: usize = 0;
  for (let oy = 0; oy < outputHeight; oy++) {
    const corner = 2 * oy * W * C;
    let at = dx + 4 * <usize>corner;
    let here = i32x4.add(i32x4.splat(corner), i32x4(0, 1, 2, 3));
    const end = out + <usize>outputWidth * cell;
    while (out < end) {
      const next = out + cell;
      // More than fits the registers where vectors are not joined.
      if (IS_WIDE) for (; out + 32 <= next; out += 32) {
        const from = dy + out, place = argmax + out, later = i32x4.add(here, four);
        const g0 = flush(v128.load(from)), g1 = flush(v128.load(from, 16));
        const where0 = i32x4.sub(v128.load(place), here), where1 = i32x4.sub(v128.load(place, 16), later);
        writePair(accumulate, at, g0, g1, where0, where1, i32x4.splat(0));
        writePair(accumulate, at + cell, g0, g1, where0, where1, right);
        writePair(accumulate, at + line, g0, g1, where0, where1, below);
        writePair(accumulate, at + line + cell, g0, g1, where0, where1, diagonal);
        here = i32x4.add(later, four);
        at += 32;
      }
      for (; out < next; out += 16) {
        const g = flush(v128.load(dy + out)), where = i32x4.sub(v128.load(argmax + out), here);
        write(accumulate, at, v128.and(g, i32x4.eq(where, i32x4.splat(0))));
        write(accumulate, at + cell, v128.and(g, i32x4.eq(where, right)));
        write(accumulate, at + line, v128.and(g, i32x4.eq(where, below)));
        write(accumulate, at + line + cell, v128.and(g, i32x4.eq(where, diagonal)));
        here = i32x4.add(here, four);
        at += 16;
      }
      here = i32x4.add(here, right);
      at += cell;
    }
  }
}

// @ts-ignore: decorator
@inline
function write(accumulate: bool, at: usize, v: v128): void {
  v128.store(at, accumulate ? f32x4.add(v128.load(at), v) : v);
}

/** The gradients whose index is the given one. */
// @ts-ignore: decorator
@inline
function writePair(accumulate: bool, at: usize, g0: v128, g1: v128, where0: v128, where1: v128, wanted: v128): void {
  const low = v128.and(g0, i32x4.eq(where0, wanted)), high = v128.and(g1, i32x4.eq(where1, wanted));
  if (accumulate) putPair(at, f32x4.add(v128.load(at), low), f32x4.add(v128.load(at, 16), high));
  else putPair(at, low, high);
}

/**
 * The transforms of Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray, 2016): a tile of 4×4 outputs is what a
 * 3×3 kernel g makes of 6×6 inputs d, computed as Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A with 36 products in place of 144. Of the
 * interpolation points that give such matrices, 0, 1, −1, ½, −2 and ∞ lose the fewest bits (Barabasz et al., 2018):
 *
 *     Bᵀ = 1  −3/2   −2   3/2     1   0     G =      1       0       0     Aᵀ = 1  1   1   1   1  0
 *          0    −1  1/2   5/2     1   0            1/3     1/3     1/3          0  1  −1  ½  −2  0
 *          0     1 −5/2   1/2     1   0           −1/3     1/3    −1/3          0  1   1  ¼   4  0
 *          0    −2   −1     2     1   0         −16/15   −8/15   −4/15          0  1  −1  ⅛  −8  1
 *          0   1/2   −1  −1/2     1   0           1/15   −2/15    4/15
 *          0     1 −3/2    −2   3/2   1              0       0       1
 *
 * and likewise for the gradients. Elements of a transformed tile are numbered along its rows, 0 … 35; tiles along rows
 * of tiles, then down an image, then over samples. Channels come in panels of 8, two vectors.
 */
import { madd } from './simd';
import { PANEL_BYTES } from './tiles';
import { Window } from './window';

const TILE: i32 = 4;
/** Elements in a row of a transformed tile. */
const SIDE: usize = 6;
const VECTOR: usize = 16;
const ROW_BYTES: usize = 192;

/** Row i of Bᵀ but for its last element, which is 1: four factors, from column 0, or 1 in the last row. */
const INPUT_FACTORS: usize = memory.data<f32>([1, -1.5, -2, 1.5, 0, -1, 0.5, 2.5, 0, 1, -2.5, 0.5, 0, -2, -1, 2, 0, 0.5, -1, -0.5, 1, -1.5, -2, 1.5]);
/** A. */
const OUTPUT_FACTORS: usize = memory.data<f32>([1, 0, 0, 0, 1, 1, 1, 1, 1, -1, 1, -1, 1, 0.5, 0.25, 0.125, 1, -2, 4, -8, 0, 0, 0, 1]);

/** Tiles along an axis of so many outputs. */
// @ts-ignore: decorator
@inline
function tilesOf(outputs: i32): i32 {
  return (outputs + TILE - 1) / TILE;
}

/** Where an image's row begins at a column; zeros for a row outside of the image. */
// @ts-ignore: decorator
@inline
function rowAt(row: i32, column: i32, height: i32, imageWidth: i32, channels: i32, image: usize, zeros: usize): usize {
  return row >= 0 && row < height ? image + <usize>((row * imageWidth + column) * channels) * 4 : zeros;
}

/**
 * Four rows of an image from `top`, times `factors`, plus the row `whole`; `width` columns from `left`. What lies
 * outside of the image is zero; `zeros` is a row of zeros.
 */
function combineRows(
  factors: usize, top: i32, whole: i32, left: i32, width: i32, height: i32, imageWidth: i32, channels: i32, image: usize, zeros: usize, to: usize,
): void {
  const cell = <usize>channels * 4;
  const first = max(left, 0), last = max(first, min(left + width, imageWidth));
  const start = to + <usize>(first - left) * cell, bytes = <usize>(last - first) * cell;
  if (first > left) memory.fill(to, 0, start - to);
  const row0 = rowAt(top, first, height, imageWidth, channels, image, zeros), row1 = rowAt(top + 1, first, height, imageWidth, channels, image, zeros);
  const row2 = rowAt(top + 2, first, height, imageWidth, channels, image, zeros), row3 = rowAt(top + 3, first, height, imageWidth, channels, image, zeros);
  const row4 = rowAt(whole, first, height, imageWidth, channels, image, zeros);
  const f0 = v128.load_splat<f32>(factors), f1 = v128.load_splat<f32>(factors, 4), f2 = v128.load_splat<f32>(factors, 8), f3 = v128.load_splat<f32>(factors, 12);
  for (let at: usize = 0; at < bytes; at += PANEL_BYTES) {
    const p0 = row0 + at, p1 = row1 + at, p2 = row2 + at, p3 = row3 + at, p4 = row4 + at, into = start + at;
    v128.store(into, madd(f0, v128.load(p0), madd(f1, v128.load(p1), madd(f2, v128.load(p2), madd(f3, v128.load(p3), v128.load(p4))))));
    v128.store(into, madd(f0, v128.load(p0, 16), madd(f1, v128.load(p1, 16), madd(f2, v128.load(p2, 16), madd(f3, v128.load(p3, 16), v128.load(p4, 16))))), 16);
  }
  if (last < left + width) memory.fill(start + bytes, 0, <usize>(left + width - last) * cell);
}

/**
 * Row `i` of Bᵀ·d·B for `count` tiles from the `first`: to[6][block][C]. `zeros` and `line` are 4·block + 2 columns
 * of C floats.
 */
export function transformInput(
  w: Window, i: i32, first: i32, count: i32, block: i32, x: usize, zeros: usize, line: usize, to: usize,
): void {
  const H = w.inputHeight, W = w.inputWidth, C = w.inputChannels, tilesY = tilesOf(w.outputHeight), tilesX = tilesOf(w.outputWidth);
  const cell = <usize>C * 4, step = <usize>block * cell;
  const half = f32x4.splat(0.5), three = f32x4.splat(1.5), two = f32x4.splat(2);
  while (count > 0) {
    const tileX = first % tilesX, row = first / tilesX;
    const run = min(count, tilesX - tileX);
    const top = row % tilesY * TILE - w.padTop + (i == 5 ? 1 : 0);
    combineRows(INPUT_FACTORS + <usize>i * VECTOR, top, top + 4, TILE * tileX - w.padLeft, TILE * run + 2, H, W, C,
      x + <usize>(row / tilesY * H * W) * cell, zeros, line);
    let p = line;
    for (let tile = 0; tile < run; tile++) {
      for (let end = p + cell; p < end; p += VECTOR) {
        const d1 = v128.load(p + cell), d2 = v128.load(p + 2 * cell), d3 = v128.load(p + 3 * cell), d4 = v128.load(p + 4 * cell);
        const odd = f32x4.sub(d1, d3), even = f32x4.sub(d4, d2);
        v128.store(to, f32x4.add(f32x4.sub(v128.load(p), f32x4.mul(three, odd)), f32x4.sub(even, d2)));
        const sum = madd(three, d3, even), difference = f32x4.sub(odd, f32x4.mul(three, d2));
        v128.store(to + step, f32x4.sub(sum, difference));
        v128.store(to + 2 * step, f32x4.add(sum, difference));
        v128.store(to + 3 * step, f32x4.sub(even, f32x4.mul(two, odd)));
        v128.store(to + 4 * step, madd(half, odd, even));
        v128.store(to + 5 * step, f32x4.add(madd(three, even, d1), f32x4.sub(v128.load(p + 5 * cell), f32x4.mul(two, d3))));
        to += VECTOR;
      }
      p += 3 * cell;
    }
    first += run;
    count -= run;
  }
}

/**
 * Row `i` of A·dy·Aᵀ for `count` tiles from the `first` and `panels` of the columns of dy from `base`:
 * to[6][panels][block][8]. `zeros` and `line` are 4·block columns of F floats.
 */
export function transformOutputGradient(
  w: Window, i: i32, first: i32, count: i32, block: i32, base: i32, panels: i32, dy: usize, zeros: usize, line: usize, to: usize,
): void {
  const outputHeight = w.outputHeight, outputWidth = w.outputWidth, F = w.outputChannels, tilesY = tilesOf(outputHeight), tilesX = tilesOf(outputWidth);
  const cell = <usize>F * 4, panelStep = <usize>block * PANEL_BYTES, step = <usize>panels * panelStep;
  const half = f32x4.splat(0.5), two = f32x4.splat(-2);
  while (count > 0) {
    const tileX = first % tilesX, row = first / tilesX;
    const run = min(count, tilesX - tileX);
    combineRows(OUTPUT_FACTORS + <usize>i * VECTOR, row % tilesY * TILE, -1, TILE * tileX, TILE * run, outputHeight, outputWidth, F,
      dy + <usize>(row / tilesY * outputHeight * outputWidth) * cell, zeros, line);
    for (let j = 0; j < panels; j++) {
      let p = line + <usize>(base + j) * PANEL_BYTES, q = to + <usize>j * panelStep;
      for (let tile = 0; tile < run; tile++) {
        for (let part: usize = 0; part < PANEL_BYTES; part += VECTOR) {
          const from = p + part, at = q + part;
          const y0 = v128.load(from), y1 = v128.load(from + cell), y2 = v128.load(from + 2 * cell), y3 = v128.load(from + 3 * cell);
          const even = f32x4.add(y0, y2), odd = f32x4.add(y1, y3);
          v128.store(at, y0);
          v128.store(at + step, f32x4.add(even, odd));
          v128.store(at + 2 * step, f32x4.sub(even, odd));
          v128.store(at + 3 * step, madd(half, madd(half, madd(half, y3, y2), y1), y0));
          v128.store(at + 4 * step, madd(two, madd(two, madd(two, y3, y2), y1), y0));
          v128.store(at + 5 * step, y3);
        }
        p += TILE * cell;
        q += PANEL_BYTES;
      }
    }
    to += <usize>run * PANEL_BYTES;
    first += run;
    count -= run;
  }
}

/**
 * y = Aᵀ·m·A + bias, or y += Aᵀ·m·A + bias when `accumulate`, for `count` tiles from the `first` and the 8 columns of
 * panel `j`. m is [tiles][36][8]; overwrites it.
 */
export function transformOutput(w: Window, first: i32, count: i32, j: i32, accumulate: bool, m: usize, bias: usize, y: usize): void {
  const outputHeight = w.outputHeight, outputWidth = w.outputWidth, F = w.outputChannels, tilesY = tilesOf(outputHeight), tilesX = tilesOf(outputWidth);
  const cell = <usize>F * 4, column = <usize>j * PANEL_BYTES;
  const half = f32x4.splat(0.5), quarter = f32x4.splat(0.25), eighth = f32x4.splat(0.125), four = f32x4.splat(4);
  while (count > 0) {
    const tileX = first % tilesX, row = first / tilesX;
    const run = min(count, tilesX - tileX);
    const oy = row % tilesY * TILE;
    const height = min(TILE, outputHeight - oy);
    const image = y + <usize>((row / tilesY * outputHeight + oy) * outputWidth) * cell + column;
    for (let tile = tileX; tile < tileX + run; tile++) {
      const width = min(TILE, outputWidth - TILE * tile);
      for (let part: usize = 0; part < PANEL_BYTES; part += VECTOR) {
        const from = m + part;
        for (let p = from; p < from + ROW_BYTES; p += PANEL_BYTES) {
          const m1 = v128.load(p, 192), m2 = v128.load(p, 384), m3 = v128.load(p, 576), m4 = v128.load(p, 768);
          const sum = f32x4.add(m1, m2), difference = f32x4.sub(m1, m2), twice = f32x4.add(m4, m4);
          v128.store(p, f32x4.add(f32x4.add(v128.load(p), sum), f32x4.add(m3, m4)));
          v128.store(p, f32x4.add(difference, f32x4.sub(f32x4.mul(half, m3), twice)), 192);
          v128.store(p, f32x4.add(sum, madd(quarter, m3, f32x4.add(twice, twice))), 384);
          v128.store(p, f32x4.add(f32x4.add(difference, v128.load(p, 960)), f32x4.sub(f32x4.mul(eighth, m3), f32x4.mul(four, twice))), 576);
        }
        const start = bias ? v128.load(bias + column + part) : f32x4.splat(0);
        let at = image + <usize>(TILE * tile) * cell + part;
        for (let r = 0; r < height; r++) {
          const p = from + <usize>r * ROW_BYTES;
          const m1 = v128.load(p, 32), m2 = v128.load(p, 64), m3 = v128.load(p, 96), m4 = v128.load(p, 128);
          const sum = f32x4.add(m1, m2), difference = f32x4.sub(m1, m2), twice = f32x4.add(m4, m4);
          put(accumulate, at, start, f32x4.add(f32x4.add(v128.load(p), sum), f32x4.add(m3, m4)));
          if (width > 1) put(accumulate, at + cell, start, f32x4.add(difference, f32x4.sub(f32x4.mul(half, m3), twice)));
          if (width > 2) put(accumulate, at + 2 * cell, start, f32x4.add(sum, madd(quarter, m3, f32x4.add(twice, twice))));
          if (width > 3)
            put(accumulate, at + 3 * cell, start,
              f32x4.add(f32x4.add(difference, v128.load(p, 160)), f32x4.sub(f32x4.mul(eighth, m3), f32x4.mul(four, twice))));
          at += <usize>outputWidth * cell;
        }
      }
      m += SIDE * SIDE * PANEL_BYTES;
    }
    first += run;
    count -= run;
  }
}

// @ts-ignore: decorator
@inline
function put(accumulate: bool, at: usize, start: v128, value: v128): void {
  const sum = f32x4.add(start, value);
  v128.store(at, accumulate ? f32x4.add(v128.load(at), sum) : sum);
}

/** Adds rows of 8 floats to rows `toStep` bytes apart. */
export function addRows(rows: i32, from: usize, to: usize, toStep: usize): void {
  for (const end = from + <usize>rows * PANEL_BYTES; from < end; from += PANEL_BYTES) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    v128.store(to, f32x4.add(v128.load(to, 16), v128.load(from, 16)), 16);
    to += toStep;
  }
}

// Kernels go through a whole panel for each row or column of the tile: steps between their elements are often powers of
// two, and few addresses that far apart fit a cache at a time.

/** G times three elements of `bytes` each, `fromStep` apart, as six that are `toStep` apart. */
function expand(bytes: usize, from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const third = f32x4.splat(1 / 3), fifteenth = f32x4.splat(1 / 15), two = f32x4.splat(2), four = f32x4.splat(4);
  for (let at: usize = 0; at < bytes; at += VECTOR) {
    const p = from + at, q = to + at;
    const g0 = v128.load(p), g1 = v128.load(p + fromStep), g2 = v128.load(p + 2 * fromStep);
    const outer = f32x4.mul(third, f32x4.add(g0, g2)), middle = f32x4.mul(third, g1), twice = f32x4.mul(two, g1);
    v128.store(q, g0);
    v128.store(q + toStep, f32x4.add(middle, outer));
    v128.store(q + 2 * toStep, f32x4.sub(middle, outer));
    v128.store(q + 3 * toStep, f32x4.mul(f32x4.splat(-4 / 15), f32x4.add(madd(four, g0, g2), twice)));
    v128.store(q + 4 * toStep, f32x4.mul(fifteenth, f32x4.sub(madd(four, g2, g0), twice)));
    v128.store(q + 5 * toStep, g2);
  }
}

/** Gᵀ times six elements of `bytes` each, `step` apart, in place of the first three. */
function contract(bytes: usize, at: usize, step: usize): void {
  const third = f32x4.splat(1 / 3), fifteenth = f32x4.splat(1 / 15), two = f32x4.splat(2), four = f32x4.splat(4), sixteen = f32x4.splat(16);
  for (const end = at + bytes; at < end; at += VECTOR) {
    const u1 = v128.load(at + step), u2 = v128.load(at + 2 * step);
    const u3 = f32x4.mul(fifteenth, v128.load(at + 3 * step)), u4 = f32x4.mul(fifteenth, v128.load(at + 4 * step));
    const outer = f32x4.mul(third, f32x4.sub(u1, u2)), middle = f32x4.mul(third, f32x4.add(u1, u2));
    v128.store(at, f32x4.add(f32x4.add(v128.load(at), outer), f32x4.sub(u4, f32x4.mul(sixteen, u3))));
    v128.store(at + step, f32x4.sub(middle, f32x4.mul(two, madd(four, u3, u4))));
    v128.store(at + 2 * step, f32x4.add(f32x4.add(v128.load(at + 5 * step), outer), f32x4.mul(four, f32x4.sub(u4, u3))));
  }
}

/** U = G·g·Gᵀ for one panel of output columns: from g[9][C][8] to U[36][C][8]. */
export function transformKernel(C: i32, g: usize, U: usize): void {
  const step = <usize>C * PANEL_BYTES, rowStep = SIDE * step;
  for (let column: usize = 0; column < 3; column++) expand(step, g + column * step, 3 * step, U + column * step, rowStep);
  for (let row = U; row < U + SIDE * rowStep; row += rowStep) expand(step, row, step, row, step);
}

/** dKernel += Gᵀ·dU·G for one panel: from dU[36][C][8], which it overwrites, to 8 columns of dKernel[9][C][F]. */
export function addKernelGradient(C: i32, F: i32, dU: usize, dKernel: usize): void {
  const step = <usize>C * PANEL_BYTES, rowStep = SIDE * step, kernelStep = <usize>F * 4;
  for (let row = dU; row < dU + SIDE * rowStep; row += rowStep) contract(step, row, step);
  for (let column: usize = 0; column < 3; column++) contract(step, dU + column * step, rowStep);
  for (let cell: usize = 0; cell < 9; cell++) addRows(C, dU + cell / 3 * rowStep + cell % 3 * step, dKernel + cell * <usize>C * kernelStep, kernelStep);
}

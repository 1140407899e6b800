/**
 * The transforms of Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray, 2016): a tile of 4×4 outputs of a 3×3 kernel g over
 * 6×6 inputs d is Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A, with 36 products instead of 144. Of the interpolation points that give such matrices,
 * 0, 1, −1, ½, −2 and ∞ lose the fewest bits (Barabasz et al., 2018):
 *
 *     Bᵀ = 1  −3/2   −2   3/2     1   0     G =      1       0       0     Aᵀ = 1  1   1   1   1  0
 *          0    −1  1/2   5/2     1   0            1/3     1/3     1/3          0  1  −1  ½  −2  0
 *          0     1 −5/2   1/2     1   0           −1/3     1/3    −1/3          0  1   1  ¼   4  0
 *          0    −2   −1     2     1   0         −16/15   −8/15   −4/15          0  1  −1  ⅛  −8  1
 *          0   1/2   −1  −1/2     1   0           1/15   −2/15    4/15
 *          0     1 −3/2    −2   3/2   1              0       0       1
 *
 * and likewise for the gradients. Elements of a transformed tile are numbered along its rows, 0 … 35; tiles along rows
 * of tiles, then down an image, then over samples. Channels come in multiples of 8, so vectors in pairs.
 */
import { factor, madd, putPair } from './simd';
import { NARROW_BYTES, PANEL, panelFor, ZEROS } from './tiles';
import { Window } from './window';

const TILE: i32 = 4;
/** Elements in a row of a transformed tile. */
export const SIDE: usize = 6;

/** Row i of Bᵀ without its last element, which is 1: four factors, from column 0, or from column 1 in the last row. */
const INPUT_FACTORS: usize = memory.data<f32>([1, -1.5, -2, 1.5, 0, -1, 0.5, 2.5, 0, 1, -2.5, 0.5, 0, -2, -1, 2, 0, 0.5, -1, -0.5, 1, -1.5, -2, 1.5]);
/** A. */
const OUTPUT_FACTORS: usize = memory.data<f32>([1, 0, 0, 0, 1, 1, 1, 1, 1, -1, 1, -1, 1, 0.5, 0.25, 0.125, 1, -2, 4, -8, 0, 0, 0, 1]);

/** Tiles along an axis with that many outputs. */
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
 * Four rows of an image from `top`, times `factors`, plus the row `whole`; `width` columns from `left`. Cells outside of the
 * image are zero; `zeros` is a row of zeros.
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
  for (let at: usize = 0; at < bytes; at += NARROW_BYTES) {
    const p0 = row0 + at, p1 = row1 + at, p2 = row2 + at, p3 = row3 + at, p4 = row4 + at, into = start + at;
    const low = madd(f0, v128.load(p0), madd(f1, v128.load(p1), madd(f2, v128.load(p2), madd(f3, v128.load(p3), v128.load(p4)))));
    const high = madd(f0, v128.load(p0, 16), madd(f1, v128.load(p1, 16), madd(f2, v128.load(p2, 16), madd(f3, v128.load(p3, 16), v128.load(p4, 16)))));
    putPair(into, low, high);
  }
  if (last < left + width) memory.fill(start + bytes, 0, <usize>(left + width - last) * cell);
}

// Six elements of a row times B, from the common terms d1 − d3 and d4 − d2. `f` is 3/2.

// @ts-ignore: decorator
@inline
function input0(f: v128, d0: v128, d1: v128, d2: v128, d3: v128, d4: v128): v128 {
  return f32x4.add(f32x4.sub(d0, f32x4.mul(f, f32x4.sub(d1, d3))), f32x4.sub(f32x4.sub(d4, d2), d2));
}

// @ts-ignore: decorator
@inline
function inputSum(f: v128, d2: v128, d3: v128, d4: v128): v128 {
  return madd(f, d3, f32x4.sub(d4, d2));
}

// @ts-ignore: decorator
@inline
function inputDifference(f: v128, d1: v128, d2: v128, d3: v128): v128 {
  return f32x4.sub(f32x4.sub(d1, d3), f32x4.mul(f, d2));
}

// @ts-ignore: decorator
@inline
function input1(f: v128, d1: v128, d2: v128, d3: v128, d4: v128): v128 {
  return f32x4.sub(inputSum(f, d2, d3, d4), inputDifference(f, d1, d2, d3));
}

// @ts-ignore: decorator
@inline
function input2(f: v128, d1: v128, d2: v128, d3: v128, d4: v128): v128 {
  return f32x4.add(inputSum(f, d2, d3, d4), inputDifference(f, d1, d2, d3));
}

// @ts-ignore: decorator
@inline
function input3(two: v128, d1: v128, d2: v128, d3: v128, d4: v128): v128 {
  return f32x4.sub(f32x4.sub(d4, d2), f32x4.mul(two, f32x4.sub(d1, d3)));
}

// @ts-ignore: decorator
@inline
function input4(half: v128, d1: v128, d2: v128, d3: v128, d4: v128): v128 {
  return madd(half, f32x4.sub(d1, d3), f32x4.sub(d4, d2));
}

// @ts-ignore: decorator
@inline
function input5(f: v128, two: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128): v128 {
  return f32x4.add(madd(f, f32x4.sub(d4, d2), d1), f32x4.sub(d5, f32x4.mul(two, d3)));
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
  const f = factor(INPUT_FACTORS, 3), half = factor(INPUT_FACTORS, 6), two = factor(INPUT_FACTORS, 15);
  while (count > 0) {
    const tileX = first % tilesX, row = first / tilesX;
    const run = min(count, tilesX - tileX);
    const top = row % tilesY * TILE - w.padTop + (i == 5 ? 1 : 0);
    combineRows(INPUT_FACTORS + <usize>i * 16, top, top + 4, TILE * tileX - w.padLeft, TILE * run + 2, H, W, C,
      x + <usize>(row / tilesY * H * W) * cell, zeros, line);
    let p = line;
    for (let tile = 0; tile < run; tile++) {
      for (let end = p + cell; p < end; p += NARROW_BYTES) {
        const q1 = p + cell, q2 = p + 2 * cell, q3 = p + 3 * cell, q4 = p + 4 * cell, q5 = p + 5 * cell;
        const a0 = v128.load(p), a1 = v128.load(q1), a2 = v128.load(q2), a3 = v128.load(q3), a4 = v128.load(q4), a5 = v128.load(q5);
        const b0 = v128.load(p, 16), b1 = v128.load(q1, 16), b2 = v128.load(q2, 16), b3 = v128.load(q3, 16), b4 = v128.load(q4, 16), b5 = v128.load(q5, 16);
        putPair(to, input0(f, a0, a1, a2, a3, a4), input0(f, b0, b1, b2, b3, b4));
        putPair(to + step, input1(f, a1, a2, a3, a4), input1(f, b1, b2, b3, b4));
        putPair(to + 2 * step, input2(f, a1, a2, a3, a4), input2(f, b1, b2, b3, b4));
        putPair(to + 3 * step, input3(two, a1, a2, a3, a4), input3(two, b1, b2, b3, b4));
        putPair(to + 4 * step, input4(half, a1, a2, a3, a4), input4(half, b1, b2, b3, b4));
        putPair(to + 5 * step, input5(f, two, a1, a2, a3, a4, a5), input5(f, two, b1, b2, b3, b4, b5));
        to += NARROW_BYTES;
      }
      p += 3 * cell;
    }
    first += run;
    count -= run;
  }
}

/** y0 + f·y1 + f²·y2 + f³·y3. */
// @ts-ignore: decorator
@inline
function powers(f: v128, y0: v128, y1: v128, y2: v128, y3: v128): v128 {
  return madd(f, madd(f, madd(f, y3, y2), y1), y0);
}

/**
 * Row `i` of A·dy·Aᵀ for `count` tiles from the `first` and the columns of dy from … to:
 * to[6][panels][block][width]. `zeros` and `line` are 4·block columns of F floats.
 */
export function transformOutputGradient(
  w: Window, i: i32, first: i32, count: i32, block: i32, from: i32, to: i32, dy: usize, zeros: usize, line: usize, into: usize,
): void {
  const outputHeight = w.outputHeight, outputWidth = w.outputWidth, F = w.outputChannels, tilesY = tilesOf(outputHeight), tilesX = tilesOf(outputWidth);
  const cell = <usize>F * 4, step = <usize>((to - from) * block) * 4;
  const half = factor(OUTPUT_FACTORS, 13), two = factor(OUTPUT_FACTORS, 17);
  let done: usize = 0;
  while (count > 0) {
    const tileX = first % tilesX, row = first / tilesX;
    const run = min(count, tilesX - tileX);
    combineRows(OUTPUT_FACTORS + <usize>i * 16, row % tilesY * TILE, -1, TILE * tileX, TILE * run, outputHeight, outputWidth, F,
      dy + <usize>(row / tilesY * outputHeight * outputWidth) * cell, zeros, line);
    for (let j = from; j < to; j += PANEL) {
      const bytes = <usize>panelFor(to - j) * 4;
      let p = line + <usize>j * 4, q = into + <usize>((j - from) * block) * 4 + done * bytes;
      for (let tile = 0; tile < run; tile++) {
        for (let part: usize = 0; part < bytes; part += NARROW_BYTES) {
          const p0 = p + part, p1 = p0 + cell, p2 = p0 + 2 * cell, p3 = p0 + 3 * cell, at = q + part;
          const a0 = v128.load(p0), a1 = v128.load(p1), a2 = v128.load(p2), a3 = v128.load(p3);
          const b0 = v128.load(p0, 16), b1 = v128.load(p1, 16), b2 = v128.load(p2, 16), b3 = v128.load(p3, 16);
          const aEven = f32x4.add(a0, a2), aOdd = f32x4.add(a1, a3), bEven = f32x4.add(b0, b2), bOdd = f32x4.add(b1, b3);
          putPair(at, a0, b0);
          putPair(at + step, f32x4.add(aEven, aOdd), f32x4.add(bEven, bOdd));
          putPair(at + 2 * step, f32x4.sub(aEven, aOdd), f32x4.sub(bEven, bOdd));
          putPair(at + 3 * step, powers(half, a0, a1, a2, a3), powers(half, b0, b1, b2, b3));
          putPair(at + 4 * step, powers(two, a0, a1, a2, a3), powers(two, b0, b1, b2, b3));
          putPair(at + 5 * step, a3, b3);
        }
        p += TILE * cell;
        q += bytes;
      }
    }
    done += <usize>run;
    first += run;
    count -= run;
  }
}

// Four elements of a row times A, from its six; m4 counts twice as m4 + m4.

// @ts-ignore: decorator
@inline
function output0(m0: v128, m1: v128, m2: v128, m3: v128, m4: v128): v128 {
  return f32x4.add(f32x4.add(m0, f32x4.add(m1, m2)), f32x4.add(m3, m4));
}

// @ts-ignore: decorator
@inline
function output1(half: v128, m1: v128, m2: v128, m3: v128, m4: v128): v128 {
  return f32x4.add(f32x4.sub(m1, m2), f32x4.sub(f32x4.mul(half, m3), f32x4.add(m4, m4)));
}

// @ts-ignore: decorator
@inline
function output2(quarter: v128, m1: v128, m2: v128, m3: v128, m4: v128): v128 {
  const twice = f32x4.add(m4, m4);
  return f32x4.add(f32x4.add(m1, m2), madd(quarter, m3, f32x4.add(twice, twice)));
}

// @ts-ignore: decorator
@inline
function output3(eighth: v128, four: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128): v128 {
  const rest = f32x4.sub(f32x4.mul(eighth, m3), f32x4.mul(four, f32x4.add(m4, m4)));
  return f32x4.add(f32x4.add(f32x4.sub(m1, m2), m5), rest);
}

/**
 * y = Aᵀ·m·A + bias, or y += Aᵀ·m·A with `accumulate`, for `count` tiles from the `first` and `width` columns from j.
 * m is [tiles][36][width]; overwrites it. Nothing depends on a branch between a load and a store, so that hosts join them.
 */
export function transformOutput(w: Window, first: i32, count: i32, j: i32, width: i32, accumulate: bool, m: usize, bias: usize, y: usize): void {
  const outputHeight = w.outputHeight, outputWidth = w.outputWidth, F = w.outputChannels, tilesY = tilesOf(outputHeight), tilesX = tilesOf(outputWidth);
  const cell = <usize>F * 4, column = <usize>j * 4, step = <usize>width * 4, down = SIDE * step;
  const half = factor(OUTPUT_FACTORS, 13), quarter = factor(OUTPUT_FACTORS, 14), eighth = factor(OUTPUT_FACTORS, 15), four = factor(OUTPUT_FACTORS, 18);
  while (count > 0) {
    const tileX = first % tilesX, row = first / tilesX;
    const run = min(count, tilesX - tileX);
    const oy = row % tilesY * TILE;
    const height = min(TILE, outputHeight - oy);
    const image = y + <usize>((row / tilesY * outputHeight + oy) * outputWidth) * cell + column;
    for (let tile = tileX; tile < tileX + run; tile++) {
      const columns = min(TILE, outputWidth - TILE * tile);
      for (let part: usize = 0; part < step; part += NARROW_BYTES) {
        const from = m + part;
        for (let p = from; p < from + down; p += step) {
          const p1 = p + down, p2 = p + 2 * down, p3 = p + 3 * down, p4 = p + 4 * down, p5 = p + 5 * down;
          const a0 = v128.load(p), a1 = v128.load(p1), a2 = v128.load(p2), a3 = v128.load(p3), a4 = v128.load(p4), a5 = v128.load(p5);
          const b0 = v128.load(p, 16), b1 = v128.load(p1, 16), b2 = v128.load(p2, 16), b3 = v128.load(p3, 16), b4 = v128.load(p4, 16), b5 = v128.load(p5, 16);
          putPair(p, output0(a0, a1, a2, a3, a4), output0(b0, b1, b2, b3, b4));
          putPair(p1, output1(half, a1, a2, a3, a4), output1(half, b1, b2, b3, b4));
          putPair(p2, output2(quarter, a1, a2, a3, a4), output2(quarter, b1, b2, b3, b4));
          putPair(p3, output3(eighth, four, a1, a2, a3, a4, a5), output3(eighth, four, b1, b2, b3, b4, b5));
        }
        const start = bias ? bias + column + part : ZEROS;
        // Columns outside of the image go where the fifth row was, which is not needed any more.
        const outside = from + 4 * down;
        let at = image + <usize>(TILE * tile) * cell + part;
        for (let r = 0; r < height; r++) {
          const p = from + <usize>r * down, p1 = p + step, p2 = p + 2 * step, p3 = p + 3 * step, p4 = p + 4 * step, p5 = p + 5 * step;
          const at1 = columns > 1 ? at + cell : outside, at2 = columns > 2 ? at + 2 * cell : outside, at3 = columns > 3 ? at + 3 * cell : outside;
          const a0 = v128.load(p), a1 = v128.load(p1), a2 = v128.load(p2), a3 = v128.load(p3), a4 = v128.load(p4), a5 = v128.load(p5);
          const b0 = v128.load(p, 16), b1 = v128.load(p1, 16), b2 = v128.load(p2, 16), b3 = v128.load(p3, 16), b4 = v128.load(p4, 16), b5 = v128.load(p5, 16);
          putSum(at, accumulate ? at : start, output0(a0, a1, a2, a3, a4), output0(b0, b1, b2, b3, b4));
          putSum(at1, accumulate ? at1 : start, output1(half, a1, a2, a3, a4), output1(half, b1, b2, b3, b4));
          putSum(at2, accumulate ? at2 : start, output2(quarter, a1, a2, a3, a4), output2(quarter, b1, b2, b3, b4));
          putSum(at3, accumulate ? at3 : start, output3(eighth, four, a1, a2, a3, a4, a5), output3(eighth, four, b1, b2, b3, b4, b5));
          at += <usize>outputWidth * cell;
        }
      }
      m += SIDE * down;
    }
    first += run;
    count -= run;
  }
}

/** Two adjacent vectors plus those at `start`. */
// @ts-ignore: decorator
@inline
function putSum(to: usize, start: usize, a: v128, b: v128): void {
  putPair(to, f32x4.add(v128.load(start), a), f32x4.add(v128.load(start, 16), b));
}

/** Adds rows of `bytes` to rows `toStep` bytes apart. */
export function addRows(rows: i32, bytes: usize, from: usize, to: usize, toStep: usize): void {
  for (; rows > 0; rows--) {
    for (let at: usize = 0; at < bytes; at += NARROW_BYTES) {
      const p = from + at, q = to + at;
      const low = f32x4.add(v128.load(q), v128.load(p)), high = f32x4.add(v128.load(q, 16), v128.load(p, 16));
      putPair(q, low, high);
    }
    from += bytes;
    to += toStep;
  }
}

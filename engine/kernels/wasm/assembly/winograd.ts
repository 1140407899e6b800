/**
 * Convolution with 3×3 windows, stride 1, by Winograd's F(4×4, 3×3): input and kernel are transformed, multiplied in
 * 36 matrix products over blocks of tiles, one for each element of a transformed tile, and transformed back
 * (winogradTransforms.ts, winogradKernels.ts): 4 times fewer multiplications than window by window. Values that are not finite stay
 * so, and may spread within their tile of 4×4 outputs. Channels are multiples of NARROW. Calls take `base` and the `end` of the output
 * channels that are transformed at once, and divide multiples of GROUP of them. A panel begins at every multiple of PANEL
 * channels, so its position follows from its first channel.
 */
import { addScaled } from './elementwise';
import { packB, panel } from './gemm';
import { PANEL, PANEL_BYTES, panelFor, ZEROS } from './tiles';
import { Window } from './window';
import { addKernelGradient, transformKernel } from './winogradKernels';
import { addRows, transformInput, transformOutput, transformOutputGradient } from './winogradTransforms';

/** Channels that are divided together, the same in every build. */
const GROUP: i32 = 16;
const TILE: i32 = 4;
const SIDE: i32 = 6;
const ELEMENTS: i32 = 36;

/** Terms that are summed separately before they join a longer sum: the inverse transforms magnify the rounding of long sums. */
const DEPTH: i32 = 64;

/**
 * U[panels][36][C][width] for channels base … end. `flipped` reads a kernel stored [3, 3, outputs, inputs] rotated by 180°.
 * scratch: 9 · C · PANEL floats.
 */
function transformKernels(w: Window, base: i32, end: i32, flipped: bool, kernel: usize, U: usize, scratch: usize): void {
  const C = w.inputChannels, F = w.outputChannels;
  const row = <usize>C * 4, cellStep = <usize>F * row;
  for (let j = base; j < end; j += PANEL) {
    const width = panelFor(end - j), panelStep = <usize>width * row;
    if (flipped)
      for (let cell: usize = 0; cell < 9; cell++)
        packB(true, C, width, width, kernel + (8 - cell) * cellStep + <usize>j * row, row, scratch + cell * panelStep);
    else packB(false, 9 * C, width, width, kernel + <usize>j * 4, <usize>F * 4, scratch);
    transformKernel(panelStep, scratch, U + <usize>((j - base) * ELEMENTS) * row);
  }
}

/**
 * y = x ∗ kernel + bias, or y += with `accumulate`, for tiles from … to in blocks of `block`.
 * scratch: U as above, twice 4·block + 2 columns of C floats, V[36][block][C], sums[block][PANEL], M[block][36][PANEL].
 */
export function winograd(
  w: Window, from: i32, to: i32, block: i32, base: i32, end: i32, flipped: bool, accumulate: bool,
  x: usize, kernel: usize, bias: usize, y: usize, scratch: usize,
): void {
  const C = w.inputChannels;
  const U = scratch;
  scratch += <usize>(ELEMENTS * C * (end - base)) * 4;
  transformKernels(w, base, end, flipped, kernel, U, scratch);
  const cell = <usize>C * 4, step = <usize>block * cell, lineBytes = TILE * step + 2 * cell;
  const line = scratch + lineBytes, V = line + lineBytes, sums = V + ELEMENTS * step, M = sums + <usize>block * PANEL_BYTES;
  memory.fill(scratch, 0, lineBytes);
  for (let first = from; first < to; first += block) {
    const count = min(block, to - first);
    for (let i = 0; i < SIDE; i++)
      transformInput(w, i, first, count, block, x, scratch, line, V + <usize>(SIDE * i) * step);
    let u = U;
    for (let j = base; j < end; j += PANEL) {
      const width = panelFor(end - j), row = <usize>width * 4;
      for (let element = 0; element < ELEMENTS; element++) {
        const into = M + <usize>element * row;
        for (let c = 0; c < C; c += DEPTH) {
          const depth = min(DEPTH, C - c), a = V + <usize>element * step + <usize>c * 4;
          if (c == 0) panel(false, width, count, depth, a, cell, u, row, ZEROS, 0, into, ELEMENTS * row);
          else {
            panel(false, width, count, depth, a, cell, u, row, ZEROS, 0, sums, row);
            addRows(count, row, sums, into, ELEMENTS * row);
          }
          u += <usize>depth * row;
        }
      }
      transformOutput(w, first, count, j, width, accumulate, M, bias, y);
    }
  }
}

/**
 * dU[portions][panels][36][C][width] = Σ (Bᵀ·x·B) · (A·dy·Aᵀ) over the tiles of a portion, `each` of them, in order. Counts the rows of
 * transformed tiles times the groups of channels from … to, portion by portion and row by row, so that threads divide the transforms
 * as well as the products. scratch: twice 4·block + 2 columns of max(C, F) floats, V[6][block][C], sums[C][PANEL],
 * Y[6][panels][block][width].
 */
export function winogradProducts(
  w: Window, from: i32, to: i32, tiles: i32, each: i32, block: i32, base: i32, end: i32, x: usize, dy: usize, dU: usize, scratch: usize,
): void {
  const C = w.inputChannels, F = w.outputChannels, groups = (end - base + GROUP - 1) / GROUP, items = SIDE * groups;
  const lineBytes = <usize>((TILE * block + 2) * max(C, F)) * 4;
  memory.fill(scratch, 0, lineBytes);
  for (let portion = from / items; portion * items < to; portion++) {
    const first = portion * each, before = portion * items;
    sumProducts(w, max(from - before, 0), min(to - before, items), first, min(first + each, tiles), groups, block, base, end,
      x, dy, dU + <usize>portion * transformedBytes(w, base, end), scratch, lineBytes);
  }
}

function transformedBytes(w: Window, base: i32, end: i32): usize {
  return <usize>(ELEMENTS * w.inputChannels * (end - base)) * 4;
}

/** The sums of a portion, over tiles begin … last. */
function sumProducts(
  w: Window, from: i32, to: i32, begin: i32, last: i32, groups: i32, block: i32, base: i32, end: i32,
  x: usize, dy: usize, dU: usize, scratch: usize, lineBytes: usize,
): void {
  const C = w.inputChannels;
  const cell = <usize>C * 4, step = <usize>block * cell;
  const line = scratch + lineBytes, V = line + lineBytes, sums = V + SIDE * step, Y = sums + <usize>C * PANEL_BYTES;
  for (let first = begin; first < last; first += block) {
    const count = min(block, last - first);
    for (let i = from / groups; i * groups < to; i++) {
      const left = base + GROUP * max(from - i * groups, 0), right = min(base + GROUP * (to - i * groups), end);
      transformInput(w, i, first, count, block, x, scratch, line, V);
      transformOutputGradient(w, i, first, count, block, left, right, dy, scratch, line, Y);
      let b = Y;
      for (let k = 0; k < SIDE; k++)
        for (let j = left; j < right; j += PANEL) {
          const width = panelFor(right - j), row = <usize>width * 4;
          const into = dU + (<usize>((j - base) * ELEMENTS) * 4 + <usize>(SIDE * i + k) * row) * <usize>C;
          panel(true, width, C, count, V + <usize>k * step, cell, b, row, ZEROS, 0, first == begin ? into : sums, row);
          if (first > begin) addRows(C, row, sums, into, row);
          b += <usize>block * row;
        }
    }
  }
}

/** dKernel += Gᵀ·dU·G for channels from … to, with the sum of all portions of dU. Overwrites dU. */
export function winogradKernelGradient(w: Window, from: i32, to: i32, portions: usize, base: i32, end: i32, dU: usize, dKernel: usize): void {
  const C = w.inputChannels, F = w.outputChannels;
  const at = dU + transformedBytes(w, base, from), count = <usize>(ELEMENTS * C * (to - from));
  for (let portion: usize = 1; portion < portions; portion++) addScaled(count, 1, at + portion * transformedBytes(w, base, end), at);
  for (let j = from; j < to; j += PANEL)
    addKernelGradient(C, F, panelFor(to - j), dU + <usize>((j - base) * ELEMENTS * C) * 4, dKernel + <usize>j * 4);
}

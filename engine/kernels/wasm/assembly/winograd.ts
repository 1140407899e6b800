/**
 * Convolution with 3×3 windows, stride 1, by Winograd's F(4×4, 3×3): input and kernel are transformed, multiplied in
 * 36 matrix products over blocks of tiles, one for each element of a transformed tile, and transformed back
 * (winogradTransforms.ts): 4 times fewer multiplications than window by window. What is not finite stays so, and
 * may spread within its tile of 4×4 outputs. Channels come in panels of 8, and calls take `base` and the `end` of the
 * panels of output channels that are transformed at once.
 */
import { packB, panel } from './gemm';
import { PANEL_BYTES, ZEROS } from './tiles';
import { Window } from './window';
import { addKernelGradient, addRows, transformInput, transformKernel, transformOutput, transformOutputGradient } from './winogradTransforms';

const PANEL: usize = 8;
const TILE: i32 = 4;
const SIDE: i32 = 6;
const ELEMENTS: i32 = 36;

/** Terms summed up by themselves before they join a longer sum: the transforms back magnify what long sums round off. */
const DEPTH: i32 = 64;

/**
 * U[panels][36][C][8] for panels from … to. `flipped` reads a kernel stored [3, 3, outputs, inputs] turned by 180°.
 * scratch: 9 · C · 8 floats.
 */
export function winogradKernel(w: Window, from: i32, to: i32, base: i32, flipped: bool, kernel: usize, U: usize, scratch: usize): void {
  const C = w.inputChannels, F = w.outputChannels;
  const cellStep = <usize>(C * F) * 4, panelStep = <usize>C * PANEL_BYTES;
  for (let j = from; j < to; j++) {
    if (flipped)
      for (let cell: usize = 0; cell < 9; cell++)
        packB(true, C, PANEL, kernel + (8 - cell) * cellStep + <usize>j * panelStep, <usize>C * 4, scratch + cell * panelStep);
    else packB(false, 9 * C, PANEL, kernel + <usize>j * PANEL_BYTES, <usize>F * 4, scratch);
    transformKernel(C, scratch, U + <usize>((j - base) * ELEMENTS) * panelStep);
  }
}

/**
 * y = x ∗ kernel + bias, or y += when `accumulate`, for tiles from … to in blocks of `block`.
 * scratch: twice 4·block + 2 columns of C floats, V[36][block][C], sums[block][8], M[block][36][8].
 */
export function winograd(
  w: Window, from: i32, to: i32, block: i32, base: i32, end: i32, accumulate: bool, x: usize, U: usize, bias: usize, y: usize, scratch: usize,
): void {
  const C = w.inputChannels;
  const cell = <usize>C * 4, step = <usize>block * cell, lineBytes = TILE * step + 2 * cell;
  const line = scratch + lineBytes, V = line + lineBytes, sums = V + ELEMENTS * step, M = sums + <usize>block * PANEL_BYTES;
  memory.fill(scratch, 0, lineBytes);
  for (let first = from; first < to; first += block) {
    const count = min(block, to - first);
    for (let i = 0; i < SIDE; i++)
      transformInput(w, i, first, count, block, x, scratch, line, V + <usize>(SIDE * i) * step);
    let u = U;
    for (let j = base; j < end; j++) {
      for (let element = 0; element < ELEMENTS; element++) {
        const into = M + <usize>element * PANEL_BYTES;
        for (let c = 0; c < C; c += DEPTH) {
          const depth = min(DEPTH, C - c), a = V + <usize>element * step + <usize>c * 4;
          if (c == 0) panel(false, count, depth, a, cell, u, PANEL_BYTES, ZEROS, 0, into, ELEMENTS * PANEL_BYTES);
          else {
            panel(false, count, depth, a, cell, u, PANEL_BYTES, ZEROS, 0, sums, PANEL_BYTES);
            addRows(count, sums, into, ELEMENTS * PANEL_BYTES);
          }
          u += <usize>depth * PANEL_BYTES;
        }
      }
      transformOutput(w, first, count, j, accumulate, M, bias, y);
    }
  }
}

/**
 * dU[panels][36][C][8] = Σ (Bᵀ·x·B) · (A·dy·Aᵀ) over all tiles in order. The rows of transformed tiles times the panels
 * are counted from … to, row by row: so threads share out the transforms as well as the products.
 * scratch: twice 4·block + 2 columns of max(C, F) floats, V[6][block][C], sums[C][8], Y[6][panels][block][8].
 */
export function winogradProducts(
  w: Window, from: i32, to: i32, tiles: i32, block: i32, base: i32, end: i32, x: usize, dy: usize, dU: usize, scratch: usize,
): void {
  const C = w.inputChannels, F = w.outputChannels, panels = end - base;
  const cell = <usize>C * 4, step = <usize>block * cell, lineBytes = <usize>((TILE * block + 2) * max(C, F)) * 4;
  const line = scratch + lineBytes, V = line + lineBytes, sums = V + SIDE * step, Y = sums + <usize>C * PANEL_BYTES;
  memory.fill(scratch, 0, lineBytes);
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first);
    for (let i = from / panels; i * panels < to; i++) {
      const left = max(from - i * panels, 0), right = min(to - i * panels, panels);
      transformInput(w, i, first, count, block, x, scratch, line, V);
      transformOutputGradient(w, i, first, count, block, base + left, right - left, dy, scratch, line, Y);
      let b = Y;
      for (let k = 0; k < SIDE; k++)
        for (let j = left; j < right; j++) {
          const into = dU + <usize>((j * ELEMENTS + SIDE * i + k) * C) * PANEL_BYTES;
          panel(true, C, count, V + <usize>k * step, cell, b, PANEL_BYTES, ZEROS, 0, first == 0 ? into : sums, PANEL_BYTES);
          if (first > 0) addRows(C, sums, into, PANEL_BYTES);
          b += <usize>block * PANEL_BYTES;
        }
    }
  }
}

/** dKernel += Gᵀ·dU·G for panels from … to. Overwrites dU. */
export function winogradKernelGradient(w: Window, from: i32, to: i32, base: i32, dU: usize, dKernel: usize): void {
  const C = w.inputChannels, F = w.outputChannels;
  for (let j = from; j < to; j++)
    addKernelGradient(C, F, dU + <usize>((j - base) * ELEMENTS * C) * PANEL_BYTES, dKernel + <usize>j * PANEL_BYTES);
}

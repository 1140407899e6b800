/**
 * Convolution over images with a border of zeros, channels last, as products with the image read in place (strip.ts).
 * Only ungrouped windows: grouped.ts slices the channels of others.
 */
import { activate } from './elementwise';
import { packB } from './gemm';
import { convolveLines, copyByChannel, suitsLines } from './lines';
import { EDGE_BYTES, strip } from './strip';
import { IS_WIDE, PANEL, PANEL_BYTES, panelFor, ZEROS } from './tiles';
import { Window } from './window';

/** Cells of a window that are summed at once: a panel with that many rows is half of a first-level cache. */
const CELLS: i32 = IS_WIDE ? 256 : 512;
/** Windows that are summed at once for the kernel's gradient: each reads a separate cache line, many of them in the same sets. */
const WINDOWS: i32 = 128;

/** Copies an image into a larger one, whose border of zeros the caller has written once. */
function padImage(w: Window, from: usize, to: usize): void {
  const H = w.inputHeight, row = <usize>(w.inputWidth * w.inputChannels) * 4, paddedRow = <usize>(w.paddedWidth * w.inputChannels) * 4;
  let at = to + <usize>w.padTop * paddedRow + <usize>(w.padLeft * w.inputChannels) * 4;
  for (let y = 0; y < H; y++) {
    let i: usize = 0;
    for (; i + 16 <= row; i += 16) v128.store(at + i, v128.load(from + i));
    for (; i < row; i += 4) store<f32>(at + i, load<f32>(from + i));
    from += row;
    at += paddedRow;
  }
}

/**
 * Byte offsets of places strideY and strideX cells apart, with `depth` floats each, in an image with rows of `width` cells: cells are
 * `cell` floats apart, and the floats of a cell `channel`.
 */
function tabulate(rows: i32, columns: i32, depth: i32, strideY: i32, strideX: i32, width: i32, cell: i32, channel: i32, to: usize): void {
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      for (let c = 0; c < depth; c++) {
        store<u32>(to, 4 * ((y * strideY * width + x * strideX) * cell + c * channel));
        to += 4;
      }
}

/**
 * y = x ∗ kernel + bias for samples from … to; or y += with `accumulate`; then the activation. `flipped` reads a kernel stored
 * [kh, kw, outputs, inputs] rotated by 180°, so that the same routine computes the gradient with respect to the input. Padded
 * rows and columns are those that windows cover. scratch: tables of windows and cells, the edge of a strip, a narrow bias, the
 * packed kernel, one padded image.
 */
export function convolve(
  w: Window, from: i32, to: i32, flipped: bool, accumulate: bool, activation: i32,
  x: usize, kernel: usize, bias: usize, y: usize, scratch: usize,
): void {
  const C = w.inputChannels, F = w.outputChannels;
  const padded = w.padded, outputs = w.outputs;
  const depth = w.cells * C;
  const edge = scratch;
  const narrowBias = edge + EDGE_BYTES;
  const packed = narrowBias + PANEL_BYTES;
  const windows = packed + <usize>(packedColumns(F) * depth) * 4;
  const cells = windows + <usize>outputs * 4;
  const image = cells + <usize>depth * 4;
  for (let j = 0; j < F; j += PANEL)
    packKernel(flipped, w.cells, C, F, j, kernel, packed + <usize>(j * depth) * 4);
  const byLines = suitsLines(w), copied = padded || (byLines && C > 1);
  beginImage(w, byLines, windows, cells, image);
  for (let n = from; n < to; n++) {
    const sample = x + <usize>n * w.inputBytes, source = copied ? image : sample;
    if (byLines && C > 1) copyByChannel(w, sample, image);
    else if (padded) padImage(w, sample, image);
    for (let j = 0; j < F; j += PANEL) {
      const columns = min(PANEL, F - j), width = panelFor(columns);
      let init = ZEROS;
      if (bias) {
        init = bias + <usize>j * 4;
        if (columns < width) {
          packB(false, 1, columns, width, init, 0, narrowBias);
          init = narrowBias;
        }
      }
      const out = y + <usize>(n * outputs * F + j) * 4;
      for (let p = 0; p < depth; p += CELLS) {
        const some = min(CELLS, depth - p), steps = cells + <usize>p * 4, panel = packed + <usize>(j * depth + p * width) * 4;
        const adds = accumulate || p > 0;
        if (byLines) convolveLines(w, some, source, steps, panel, adds ? 0 : init, out);
        else strip(outputs, some, source, windows, steps, panel, <usize>width * 4, columns, width, adds, init, out, <usize>F * 4, edge);
      }
    }
    activate(activation, outputs * F, y + <usize>(n * outputs * F) * 4);
  }
}

/** Fills the tables of windows and cells, and writes the zeros of the padding. `byChannel`: the layout of `copyByChannel`. */
function beginImage(w: Window, byChannel: bool, windows: usize, cells: usize, image: usize): void {
  const width = w.paddedWidth, C = w.inputChannels;
  const cell = byChannel ? 1 : C, channel = byChannel ? w.paddedHeight * width : 1;
  tabulate(w.outputHeight, w.outputWidth, 1, w.strideY, w.strideX, width, cell, channel, windows);
  tabulate(w.kernelHeight, w.kernelWidth, C, w.dilationY, w.dilationX, width, cell, channel, cells);
  if (w.padded) memory.fill(image, 0, <usize>(w.paddedHeight * width * C) * 4);
}

/** The columns of the panels that hold this many columns. */
function packedColumns(columns: i32): i32 {
  const last = columns % PANEL;
  return columns - last + (last > 0 ? panelFor(last) : 0);
}

/** A panel of the kernel's output columns, with a row for every cell and input channel. */
function packKernel(flipped: bool, cells: i32, C: i32, F: i32, column: i32, kernel: usize, to: usize): void {
  const columns = min(PANEL, F - column), width = panelFor(columns);
  if (!flipped) {
    packB(false, cells * C, columns, width, kernel + <usize>column * 4, <usize>F * 4, to);
    return;
  }
  for (let cell = cells - 1; cell >= 0; cell--) {
    packB(true, C, columns, width, kernel + <usize>((cell * F + column) * C) * 4, <usize>C * 4, to);
    to += <usize>(C * width) * 4;
  }
}

/**
 * dKernel += Σ x · dy over the samples begin … end, for its rows first … last, cells of a window times input channels, and output
 * columns from … to, from a multiple of PANEL. Given `each`, every portion of that number of samples has a sum of its own instead: the
 * sums follow each other at `dKernel`, whatever was there. Every element sums over samples, then windows, in order, however rows and
 * columns are divided. scratch: tables of windows and cells, the edge of a strip, a packed block of dy, one padded image.
 */
export function convolveBackwardKernel(
  w: Window, first: i32, last: i32, from: i32, to: i32, begin: i32, end: i32, each: i32, x: usize, dy: usize, dKernel: usize, scratch: usize,
): void {
  const F = w.outputChannels;
  const padded = w.padded, outputs = w.outputs;
  const depth = w.cells * w.inputChannels;
  const edge = scratch;
  const packed = edge + EDGE_BYTES;
  const windows = packed + <usize>min(WINDOWS, outputs) * PANEL_BYTES;
  const cells = windows + <usize>outputs * 4;
  const image = cells + <usize>depth * 4;
  beginImage(w, false, windows, cells, image);
  const dyStep = <usize>F * 4, bytes = <usize>depth * dyStep;
  for (let n = begin; n < end; n++) {
    if (each > 0 && (n - begin) % each == 0) {
      if (n > begin) dKernel += bytes;
      memory.fill(dKernel, 0, bytes);
    }
    const sample = x + <usize>n * w.inputBytes;
    if (padded) padImage(w, sample, image);
    for (let j = from; j < to; j += PANEL) {
      const columns = min(PANEL, to - j), width = panelFor(columns);
      // Parts of long rows of dy would all fall into a few sets of the cache.
      const packs = columns < width || F > 16;
      for (let p = 0; p < outputs; p += WINDOWS) {
        const count = min(WINDOWS, outputs - p);
        const block = dy + <usize>((n * outputs + p) * F + j) * 4;
        if (packs) packB(false, count, columns, width, block, dyStep, packed);
        strip(last - first, count, padded ? image : sample, cells + <usize>first * 4, windows + <usize>p * 4, packs ? packed : block,
          packs ? <usize>width * 4 : dyStep, columns, width, true, 0, dKernel + <usize>first * dyStep + <usize>j * 4, dyStep, edge);
      }
    }
  }
}

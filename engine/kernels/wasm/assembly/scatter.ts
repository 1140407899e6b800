/**
 * The gradient of a convolution's input at any stride: for each row of outputs and each row of the window, one product dy ·
 * kernelᵀ gives the gradient of every window, which is added at the window's cells.
 */
import { loadSome, storeSome } from './elementwise';
import { packB, panel } from './gemm';
import { NARROW, PANEL, PANEL_BYTES, panelFor, ZEROS } from './tiles';
import { Window } from './window';

/**
 * dx += the gradient of the input, for samples from … to. The kernel is [kh, kw, C, F]. scratch: the packed kernel (kh · kw · (C + PANEL)
 * columns of F at most), a block of products, one padded image.
 */
export function convolveScatter(w: Window, from: i32, to: i32, dy: usize, kernel: usize, dx: usize, scratch: usize): void {
  const C = w.inputChannels, F = w.outputChannels;
  const outputHeight = w.outputHeight, outputWidth = w.outputWidth, kernelHeight = w.kernelHeight, kernelWidth = w.kernelWidth;
  const strideY = w.strideY, dilationY = w.dilationY, dilationX = w.dilationX;
  const paddedWidth = w.paddedWidth, imageBytes = <usize>(w.paddedHeight * paddedWidth * C) * 4;
  // Along a row of the window, cells are contiguous unless it is dilated.
  const runs = dilationX == 1 ? 1 : kernelWidth;
  const run = dilationX == 1 ? kernelWidth * C : C;
  const panels = (run + PANEL - 1) / PANEL;
  const rowBytes = <usize>F * 4;
  const block = scratch + <usize>(kernelHeight * runs * panels * F) * PANEL_BYTES;
  const image = block + <usize>outputWidth * PANEL_BYTES;
  const across = <usize>(w.strideX * C) * 4;
  let packed = scratch;
  for (let r = 0; r < kernelHeight * runs; r++)
    for (let j = 0; j < panels; j++) {
      const columns = min(PANEL, run - j * PANEL), width = panelFor(columns);
      packB(true, F, columns, width, kernel + <usize>(r * run + j * PANEL) * rowBytes, rowBytes, packed);
      packed += <usize>(F * width) * 4;
    }
  for (let n = from; n < to; n++) {
    memory.fill(image, 0, imageBytes);
    for (let oy = 0; oy < outputHeight; oy++) {
      const row = dy + <usize>((n * outputHeight + oy) * outputWidth) * rowBytes;
      let b = scratch;
      for (let ky = 0; ky < kernelHeight; ky++)
        for (let kx = 0; kx < runs; kx++) {
          const corner = image + <usize>(((oy * strideY + ky * dilationY) * paddedWidth + kx * dilationX) * C) * 4;
          for (let j = 0; j < panels; j++) {
            const columns = min(PANEL, run - j * PANEL), width = panelFor(columns), panelRow = <usize>width * 4;
            panel(false, width, outputWidth, F, row, rowBytes, b, panelRow, ZEROS, 0, block, panelRow);
            // NARROW columns at a time: rows overlap, and every build must add them in the same order.
            for (let first = 0; first < columns; first += NARROW)
              addBlock(outputWidth, <usize>min(NARROW, columns - first), block + <usize>first * 4, panelRow,
                corner + <usize>j * PANEL_BYTES + <usize>first * 4, across);
            b += <usize>F * panelRow;
          }
        }
    }
    addMiddle(w.inputHeight, w.inputWidth * C, paddedWidth * C, image + <usize>((w.padTop * paddedWidth + w.padLeft) * C) * 4, dx + <usize>n * w.inputBytes);
  }
}

/** Adds `columns` of every row of a panel, one after the other, because rows may overlap. */
function addBlock(rows: i32, columns: usize, from: usize, fromStep: usize, to: usize, step: usize): void {
  for (let i = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j += 4) {
      const at = to + 4 * j, n = columns - j;
      storeSome(at, f32x4.add(loadSome(at, n), v128.load(from + 4 * j)), n);
    }
    from += fromStep;
    to += step;
  }
}

/** dx += the image without its border. */
function addMiddle(rows: i32, width: i32, step: i32, image: usize, dx: usize): void {
  for (let y = 0; y < rows; y++) {
    for (let i = 0; i < width; i += 4) {
      const n = <usize>(width - i), at = dx + <usize>i * 4;
      storeSome(at, f32x4.add(loadSome(at, n), loadSome(image + <usize>i * 4, n)), n);
    }
    image += <usize>step * 4;
    dx += <usize>width * 4;
  }
}

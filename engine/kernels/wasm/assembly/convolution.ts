/**
 * Convolution as implicit matrix products: over an image with its border of zeros, channels last, the cells under
 * one row of a window are one run of memory, so a row of outputs is A·B with A read in place, its rows one stride
 * apart. No column buffer. Only ungrouped windows; grouped ones stay with the reference kernels.
 */
import { packB, panel } from './gemm';

const PANEL: i32 = 8;
const PANEL_BYTES: usize = 32;
const ZEROS: usize = memory.data(64, 16);

/** Copies an image into a larger one with a border of zeros, which the caller has made once. */
function padImage(H: i32, W: i32, C: i32, paddedWidth: i32, top: i32, left: i32, from: usize, to: usize): void {
  const row = <usize>(W * C) * 4;
  let at = to + <usize>((top * paddedWidth + left) * C) * 4;
  for (let y = 0; y < H; y++) {
    memory.copy(at, from, row);
    from += row;
    at += <usize>(paddedWidth * C) * 4;
  }
}

/** Copies the first `columns` of every row of 8 floats, or adds them. */
function spread(rows: i32, columns: i32, from: usize, to: usize, step: usize): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) store<f32>(to + 4 * j, load<f32>(from + 4 * j));
    from += PANEL_BYTES;
    to += step;
  }
}

function gather(rows: i32, columns: i32, from: usize, step: usize, to: usize): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) store<f32>(to + 4 * j, load<f32>(from + 4 * j));
    from += step;
    to += PANEL_BYTES;
  }
}

/**
 * y = x ∗ kernel + bias for samples from … to; or y += when `accumulate`. `flipped` reads a kernel stored
 * [kh, kw, outputs, inputs] turned by 180°, which makes the same routine the gradient with respect to the input.
 * Padded rows and columns are those the windows reach. scratch: packed kernel, a block of outputs, one padded image.
 */
export function convolve(
  from: i32, to: i32, H: i32, W: i32, C: i32, outputHeight: i32, outputWidth: i32, F: i32,
  kernelHeight: i32, kernelWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, padTop: i32, padLeft: i32,
  flipped: bool, accumulate: bool, x: usize, kernel: usize, bias: usize, y: usize, scratch: usize,
): void {
  const paddedHeight = max((outputHeight - 1) * strideY + (kernelHeight - 1) * dilationY + 1, padTop + H);
  const paddedWidth = max((outputWidth - 1) * strideX + (kernelWidth - 1) * dilationX + 1, padLeft + W);
  const padded = paddedHeight > H || paddedWidth > W;
  const depth = kernelHeight * kernelWidth * C;
  const panels = (F + PANEL - 1) / PANEL;
  const packed = scratch;
  const narrowBias = packed + <usize>(panels * depth) * PANEL_BYTES;
  const block = narrowBias + PANEL_BYTES;
  const image = block + <usize>outputWidth * PANEL_BYTES;
  for (let j = 0; j < panels; j++)
    packKernel(flipped, kernelHeight, kernelWidth, C, F, j * PANEL, kernel, packed + <usize>(j * depth) * PANEL_BYTES);
  if (padded) memory.fill(image, 0, <usize>(paddedHeight * paddedWidth * C) * 4);
  // Along a row of the window, cells lie side by side unless it is dilated.
  const runs = dilationX == 1 ? 1 : kernelWidth;
  const run = <usize>(dilationX == 1 ? kernelWidth * C : C);
  const aStep = <usize>(strideX * C) * 4;
  const yStep = <usize>F * 4;
  for (let n = from; n < to; n++) {
    const sample = x + <usize>(n * H * W * C) * 4;
    const source = padded ? image : sample;
    if (padded) padImage(H, W, C, paddedWidth, padTop, padLeft, sample, image);
    for (let j = 0; j < panels; j++) {
      const columns = min(PANEL, F - j * PANEL);
      const whole = columns == PANEL;
      if (bias && !whole) packB(false, 1, columns, bias + <usize>(j * PANEL) * 4, 0, narrowBias);
      const start = bias ? (whole ? bias + <usize>(j * PANEL) * 4 : narrowBias) : ZEROS;
      for (let oy = 0; oy < outputHeight; oy++) {
        const out = y + <usize>(((n * outputHeight + oy) * outputWidth) * F + j * PANEL) * 4;
        const into = whole ? out : block;
        const intoStep = whole ? yStep : PANEL_BYTES;
        if (!whole && accumulate) gather(outputWidth, columns, out, yStep, block);
        let init = accumulate ? into : start;
        let initStep = accumulate ? intoStep : 0;
        let b = packed + <usize>(j * depth) * PANEL_BYTES;
        for (let ky = 0; ky < kernelHeight; ky++)
          for (let kx = 0; kx < runs; kx++) {
            const a = source + <usize>(((oy * strideY + ky * dilationY) * paddedWidth + kx * dilationX) * C) * 4;
            panel(false, outputWidth, run, a, aStep, b, PANEL_BYTES, init, initStep, into, intoStep);
            init = into;
            initStep = intoStep;
            b += run * PANEL_BYTES;
          }
        if (!whole) spread(outputWidth, columns, block, out, yStep);
      }
    }
  }
}

/** Eight output columns of the kernel, one row of 8 for every cell and input channel. */
function packKernel(flipped: bool, kernelHeight: i32, kernelWidth: i32, C: i32, F: i32, column: i32, kernel: usize, to: usize): void {
  const columns = <usize>min(PANEL, F - column);
  if (!flipped) {
    packB(false, kernelHeight * kernelWidth * C, columns, kernel + <usize>column * 4, <usize>F * 4, to);
    return;
  }
  for (let cell = kernelHeight * kernelWidth - 1; cell >= 0; cell--) {
    packB(true, C, columns, kernel + <usize>((cell * F + column) * C) * 4, <usize>C * 4, to);
    to += <usize>C * PANEL_BYTES;
  }
}

/**
 * dKernel += Σ x · dy for output columns of panels from … to. Every cell sums over samples, then rows, in order,
 * whatever the panels' split. scratch: one padded image, a packed row of dy, a block of the kernel.
 */
export function convolveBackwardKernel(
  from: i32, to: i32, batch: i32, H: i32, W: i32, C: i32, outputHeight: i32, outputWidth: i32, F: i32,
  kernelHeight: i32, kernelWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, padTop: i32, padLeft: i32,
  x: usize, dy: usize, dKernel: usize, scratch: usize,
): void {
  const paddedHeight = max((outputHeight - 1) * strideY + (kernelHeight - 1) * dilationY + 1, padTop + H);
  const paddedWidth = max((outputWidth - 1) * strideX + (kernelWidth - 1) * dilationX + 1, padLeft + W);
  const padded = paddedHeight > H || paddedWidth > W;
  const runs = dilationX == 1 ? 1 : kernelWidth;
  const run = dilationX == 1 ? kernelWidth * C : C;
  const aStep = <usize>(strideX * C) * 4;
  const row = scratch;
  const block = row + <usize>outputWidth * PANEL_BYTES;
  const image = block + <usize>(kernelHeight * kernelWidth * C) * PANEL_BYTES;
  if (padded) memory.fill(image, 0, <usize>(paddedHeight * paddedWidth * C) * 4);
  for (let n = 0; n < batch; n++) {
    const sample = x + <usize>(n * H * W * C) * 4;
    const source = padded ? image : sample;
    if (padded) padImage(H, W, C, paddedWidth, padTop, padLeft, sample, image);
    for (let j = from; j < to; j++) {
      const columns = min(PANEL, F - j * PANEL);
      const whole = columns == PANEL;
      const out = dKernel + <usize>(j * PANEL) * 4;
      const cells = kernelHeight * kernelWidth * C;
      if (!whole) gather(cells, columns, out, <usize>F * 4, block);
      const into = whole ? out : block;
      const intoStep = whole ? <usize>F * 4 : PANEL_BYTES;
      for (let oy = 0; oy < outputHeight; oy++) {
        let b = dy + <usize>(((n * outputHeight + oy) * outputWidth) * F + j * PANEL) * 4;
        let bStep = <usize>F * 4;
        if (!whole) {
          packB(false, outputWidth, columns, b, bStep, row);
          b = row;
          bStep = PANEL_BYTES;
        }
        let c = into;
        for (let ky = 0; ky < kernelHeight; ky++)
          for (let kx = 0; kx < runs; kx++) {
            const a = source + <usize>(((oy * strideY + ky * dilationY) * paddedWidth + kx * dilationX) * C) * 4;
            panel(true, run, outputWidth, a, aStep, b, bStep, c, intoStep, c, intoStep);
            c += <usize>run * intoStep;
          }
      }
      if (!whole) spread(cells, columns, block, out, <usize>F * 4);
    }
  }
}

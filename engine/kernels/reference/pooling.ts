/** Pooling over windows of [height, width, channels], with channels innermost so that memory is read in order. */
import type { Window2d } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { firstInside, lastInside } from './spans.ts';

/** NaN counts as the largest, so that pooling never hides it. A window that sees only padding gives 0. */
export function maxPool(
  window: Window2d,
  batch: number,
  x: FloatArray,
  y: FloatArray,
  argmax: Int32Array,
  rectify = false,
): void {
  const { inputHeight: H, inputWidth: W, inputChannels: C, outputHeight, outputWidth } = window;
  const { kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX, padTop, padLeft } = window;
  for (let n = 0; n < batch; n++) {
    const sample = n * H * W * C;
    for (let oy = 0; oy < outputHeight; oy++)
      for (let ox = 0; ox < outputWidth; ox++) {
        const out = ((n * outputHeight + oy) * outputWidth + ox) * C;
        y.fill(0, out, out + C);
        argmax.fill(-1, out, out + C);
        for (let ky = 0; ky < kernelHeight; ky++) {
          const iy = oy * strideY - padTop + ky * dilationY;
          if (iy < 0 || iy >= H) continue;
          for (let kx = 0; kx < kernelWidth; kx++) {
            const ix = ox * strideX - padLeft + kx * dilationX;
            if (ix < 0 || ix >= W) continue;
            const cell = (iy * W + ix) * C;
            for (let c = 0; c < C; c++) {
              const value = x[sample + cell + c];
              if (value > y[out + c] || argmax[out + c] < 0 || Number.isNaN(value)) {
                y[out + c] = value;
                argmax[out + c] = cell + c;
              }
            }
          }
        }
        if (!rectify) continue;
        for (let i = out; i < out + C; i++)
          if (y[i] <= 0) {
            y[i] = 0;
            argmax[i] = -1;
          }
      }
  }
}

export function maxPoolBackward(
  window: Window2d,
  batch: number,
  dy: FloatArray,
  argmax: Int32Array,
  dx: FloatArray,
  accumulate: boolean,
): void {
  const inputSize = window.inputHeight * window.inputWidth * window.inputChannels;
  const outputSize = window.outputHeight * window.outputWidth * window.inputChannels;
  if (!accumulate) dx.fill(0, 0, batch * inputSize);
  for (let n = 0, at = 0; n < batch; n++)
    for (let i = 0; i < outputSize; i++, at++) if (argmax[at] >= 0) dx[n * inputSize + argmax[at]] += dy[at];
}

export function averagePool(
  window: Window2d,
  batch: number,
  countPadding: boolean,
  x: FloatArray,
  y: FloatArray,
): void {
  const { outputHeight, outputWidth, inputChannels: C } = window;
  y.fill(0, 0, batch * outputHeight * outputWidth * C);
  overCells(window, batch, countPadding, y, x, addToOutput);
}

export function averagePoolBackward(
  window: Window2d,
  batch: number,
  countPadding: boolean,
  dy: FloatArray,
  dx: FloatArray,
): void {
  overCells(window, batch, countPadding, dy, dx, addToInput);
}

function addToOutput(
  channels: number,
  share: number,
  output: FloatArray,
  o: number,
  input: FloatArray,
  i: number,
): void {
  for (let c = 0; c < channels; c++) output[o + c] += share * input[i + c];
}

function addToInput(
  channels: number,
  share: number,
  output: FloatArray,
  o: number,
  input: FloatArray,
  i: number,
): void {
  for (let c = 0; c < channels; c++) input[i + c] += share * output[o + c];
}

/** Visits each pair of output cell and input cell under its window, with the share 1 / (cells that count). */
function overCells(
  window: Window2d,
  batch: number,
  countPadding: boolean,
  output: FloatArray,
  input: FloatArray,
  visit: typeof addToOutput,
): void {
  const { inputHeight: H, inputWidth: W, inputChannels: C, outputHeight, outputWidth } = window;
  const { kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX, padTop, padLeft } = window;
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < outputHeight; oy++) {
      const top = oy * strideY - padTop;
      const firstRow = firstInside(kernelHeight, dilationY, top);
      const lastRow = lastInside(kernelHeight, dilationY, top, H);
      const countedRows = lastInside(kernelHeight, dilationY, top, H + window.padBottom);
      for (let ox = 0; ox < outputWidth; ox++) {
        const left = ox * strideX - padLeft;
        const firstColumn = firstInside(kernelWidth, dilationX, left);
        const lastColumn = lastInside(kernelWidth, dilationX, left, W);
        const countedColumns = lastInside(kernelWidth, dilationX, left, W + window.padRight);
        const cells = countPadding
          ? countedRows * countedColumns
          : (lastRow - firstRow) * (lastColumn - firstColumn);
        const out = ((n * outputHeight + oy) * outputWidth + ox) * C;
        for (let ky = firstRow; ky < lastRow; ky++)
          for (let kx = firstColumn; kx < lastColumn; kx++)
            visit(
              C,
              1 / cells,
              output,
              out,
              input,
              ((n * H + top + ky * dilationY) * W + left + kx * dilationX) * C,
            );
      }
    }
}

/**
 * Convolution without a column buffer. Within a row of the input, the cells under a window are one run of
 * memory (channels last), so each row of outputs is a matrix product whose operands are read in place.
 */
// biome-ignore-all format: a call lists one operand a line.
import type { Window2d } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import {
  convolveDepthwise,
  depthwiseBackwardInput,
  depthwiseBackwardKernel,
  isDepthwise,
} from './depthwise.ts';
import { addProduct } from './gemm.ts';
import { firstInside, lastInside, spansOf } from './spans.ts';

export function convolve(
  window: Window2d, batch: number, x: FloatArray, kernel: FloatArray, bias: FloatArray | undefined, y: FloatArray,
): void {
  startWithBias(batch * window.outputHeight * window.outputWidth, window.outputChannels, bias, y);
  if (isDepthwise(window)) {
    convolveDepthwise(window, batch, x, kernel, y);
    return;
  }
  const { inputHeight: H, inputWidth: W, inputChannels: C, outputHeight, outputWidth, outputChannels: O } = window;
  const { kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX, padTop, padLeft, groups } = window;
  const c = C / groups;
  const o = O / groups;
  const spans = spansOf(window);
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < outputHeight; oy++) {
      const top = oy * strideY - padTop;
      const firstRow = firstInside(kernelHeight, dilationY, top);
      const rows = lastInside(kernelHeight, dilationY, top, H) - firstRow;
      if (rows <= 0) continue;
      const inputRow = (n * H + top + firstRow * dilationY) * W;
      for (const { firstOutput, lastOutput, firstCell, lastCell } of spans) {
        const left = firstOutput * strideX - padLeft + firstCell * dilationX;
        for (let g = 0; g < groups; g++)
          addProduct(
            lastOutput - firstOutput, o, (lastCell - firstCell) * c, rows,
            x, (inputRow + left) * C + g * c, strideX * C, 1, dilationY * W * C,
            kernel, (firstRow * kernelWidth + firstCell) * c * O + g * o, 1, O, kernelWidth * c * O,
            y, ((n * outputHeight + oy) * outputWidth + firstOutput) * O + g * o, O,
          );
      }
    }
}

/** dx[iy, ix, c] += Σ dy[oy, ox, o] · kernel[ky, kx, c, o]: neighbouring windows add into the same cells of dx. */
export function convolveBackwardInput(
  window: Window2d, batch: number, dy: FloatArray, kernel: FloatArray, dx: FloatArray, accumulate: boolean,
): void {
  if (!accumulate) dx.fill(0, 0, batch * window.inputHeight * window.inputWidth * window.inputChannels);
  if (isDepthwise(window)) {
    depthwiseBackwardInput(window, batch, dy, kernel, dx);
    return;
  }
  const { inputHeight: H, inputWidth: W, inputChannels: C, outputHeight, outputWidth, outputChannels: O } = window;
  const { kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX, padTop, padLeft, groups } = window;
  const c = C / groups;
  const o = O / groups;
  const spans = spansOf(window);
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < outputHeight; oy++) {
      const top = oy * strideY - padTop;
      const lastRow = lastInside(kernelHeight, dilationY, top, H);
      for (let ky = firstInside(kernelHeight, dilationY, top); ky < lastRow; ky++)
        for (const { firstOutput, lastOutput, firstCell, lastCell } of spans) {
          const left = firstOutput * strideX - padLeft + firstCell * dilationX;
          for (let g = 0; g < groups; g++)
            addProduct(
              lastOutput - firstOutput, (lastCell - firstCell) * c, o, 1,
              dy, ((n * outputHeight + oy) * outputWidth + firstOutput) * O + g * o, O, 1, 0,
              kernel, (ky * kernelWidth + firstCell) * c * O + g * o, O, 1, 0,
              dx, ((n * H + top + ky * dilationY) * W + left) * C + g * c, strideX * C,
            );
        }
    }
}

/** dKernel[ky, kx, c, o] += Σ_{n, oy, ox} x[iy, ix, c] · dy[oy, ox, o]. */
export function convolveBackwardKernel(
  window: Window2d, batch: number, x: FloatArray, dy: FloatArray, dKernel: FloatArray,
): void {
  if (isDepthwise(window)) {
    depthwiseBackwardKernel(window, batch, x, dy, dKernel);
    return;
  }
  const { inputHeight: H, inputWidth: W, inputChannels: C, outputHeight, outputWidth, outputChannels: O } = window;
  const { kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX, padTop, padLeft, groups } = window;
  const c = C / groups;
  const o = O / groups;
  const spans = spansOf(window);
  for (let n = 0; n < batch; n++)
    for (let ky = 0; ky < kernelHeight; ky++) {
      const top = ky * dilationY - padTop;
      const firstRow = firstInside(outputHeight, strideY, top);
      const rows = lastInside(outputHeight, strideY, top, H) - firstRow;
      if (rows <= 0) continue;
      for (const { firstOutput, lastOutput, firstCell, lastCell } of spans) {
        const left = firstOutput * strideX - padLeft + firstCell * dilationX;
        for (let g = 0; g < groups; g++)
          addProduct(
            (lastCell - firstCell) * c, o, lastOutput - firstOutput, rows,
            x, ((n * H + top + firstRow * strideY) * W + left) * C + g * c, 1, strideX * C, strideY * W * C,
            dy, ((n * outputHeight + firstRow) * outputWidth + firstOutput) * O + g * o, 1, O, outputWidth * O,
            dKernel, (ky * kernelWidth + firstCell) * c * O + g * o, O,
          );
      }
    }
}

function startWithBias(cells: number, channels: number, bias: FloatArray | undefined, y: FloatArray): void {
  if (!bias) {
    y.fill(0, 0, cells * channels);
    return;
  }
  for (let cell = 0, at = 0; cell < cells; cell++) for (let c = 0; c < channels; c++) y[at++] = bias[c];
}

/** Depthwise convolution: every input channel has kernels of its own, so there is no sum over channels to block. */
import type { Window2d } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';

export const isDepthwise = (window: Window2d): boolean =>
  window.groups > 1 && window.groups === window.inputChannels;

/** y += x ∗ kernel. Output channel c · multiplier + j comes from input channel c. */
export function convolveDepthwise(
  window: Window2d,
  batch: number,
  x: FloatArray,
  kernel: FloatArray,
  y: FloatArray,
): void {
  const { inputChannels: C, outputChannels: O } = window;
  const multiplier = O / C;
  forEachCell(window, batch, x, kernel, y, (a, i, k, w, b, o) => {
    for (let c = 0; c < C; c++) {
      const value = a[i + c];
      for (let j = 0; j < multiplier; j++, w++, o++) b[o] += value * k[w];
    }
  });
}

export function depthwiseBackwardInput(
  window: Window2d,
  batch: number,
  dy: FloatArray,
  kernel: FloatArray,
  dx: FloatArray,
): void {
  const { inputChannels: C, outputChannels: O } = window;
  const multiplier = O / C;
  forEachCell(window, batch, dx, kernel, dy, (a, i, k, w, b, o) => {
    for (let c = 0; c < C; c++) {
      let sum = 0;
      for (let j = 0; j < multiplier; j++, w++, o++) sum += b[o] * k[w];
      a[i + c] += sum;
    }
  });
}

export function depthwiseBackwardKernel(
  window: Window2d,
  batch: number,
  x: FloatArray,
  dy: FloatArray,
  dKernel: FloatArray,
): void {
  const { inputChannels: C, outputChannels: O } = window;
  const multiplier = O / C;
  forEachCell(window, batch, x, dKernel, dy, (a, i, k, w, b, o) => {
    for (let c = 0; c < C; c++) {
      const value = a[i + c];
      for (let j = 0; j < multiplier; j++, w++, o++) k[w] += value * b[o];
    }
  });
}

type Visit = (
  input: FloatArray,
  inputAt: number,
  kernel: FloatArray,
  kernelAt: number,
  output: FloatArray,
  outputAt: number,
) => void;

/** Visits every pair of output cell and kernel cell inside the input, with the offsets of their first channels. */
function forEachCell(
  window: Window2d,
  batch: number,
  input: FloatArray,
  kernel: FloatArray,
  output: FloatArray,
  visit: Visit,
): void {
  const {
    inputHeight: H,
    inputWidth: W,
    inputChannels: C,
    outputHeight,
    outputWidth,
    outputChannels: O,
  } = window;
  const { kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX, padTop, padLeft } = window;
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < outputHeight; oy++)
      for (let ky = 0; ky < kernelHeight; ky++) {
        const iy = oy * strideY - padTop + ky * dilationY;
        if (iy < 0 || iy >= H) continue;
        for (let ox = 0; ox < outputWidth; ox++)
          for (let kx = 0; kx < kernelWidth; kx++) {
            const ix = ox * strideX - padLeft + kx * dilationX;
            if (ix < 0 || ix >= W) continue;
            visit(
              input,
              ((n * H + iy) * W + ix) * C,
              kernel,
              (ky * kernelWidth + kx) * O,
              output,
              ((n * outputHeight + oy) * outputWidth + ox) * O,
            );
          }
      }
}

/** Depthwise convolution: every input channel has its own kernels, so there is no sum over channels. */
import type { Window2d } from '../kernels.ts';
import type { FloatArray } from '../tensor.ts';
import { spansOf } from './spans.ts';

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
  overRuns(window, batch, x, kernel, y, addToOutput);
}

export function depthwiseBackwardInput(
  window: Window2d,
  batch: number,
  dy: FloatArray,
  kernel: FloatArray,
  dx: FloatArray,
): void {
  overRuns(window, batch, dx, kernel, dy, addToInput);
}

export function depthwiseBackwardKernel(
  window: Window2d,
  batch: number,
  x: FloatArray,
  dy: FloatArray,
  dKernel: FloatArray,
): void {
  overRuns(window, batch, x, dKernel, dy, addToKernel);
}

/**
 * One kernel cell against a run of `cells` neighbouring outputs: channel c of the input at i + cell · inputStep,
 * c · multiplier + j of the kernel at k and of the output at o + cell · channels · multiplier.
 */
type Run = (
  cells: number,
  channels: number,
  multiplier: number,
  input: FloatArray,
  i: number,
  inputStep: number,
  kernel: FloatArray,
  k: number,
  output: FloatArray,
  o: number,
) => void;

// The loop over channels is innermost, because the multiplier is usually 1.
const addToOutput: Run = (cells, channels, multiplier, input, i, inputStep, kernel, k, output, o) => {
  for (let cell = 0; cell < cells; cell++)
    for (let j = 0; j < multiplier; j++) {
      let at = i + cell * inputStep;
      let out = o + cell * channels * multiplier + j;
      const end = at + channels;
      for (let w = k + j; at < end; at++, w += multiplier, out += multiplier)
        output[out] += input[at] * kernel[w];
    }
};

const addToInput: Run = (cells, channels, multiplier, input, i, inputStep, kernel, k, output, o) => {
  for (let cell = 0; cell < cells; cell++)
    for (let j = 0; j < multiplier; j++) {
      let at = i + cell * inputStep;
      let out = o + cell * channels * multiplier + j;
      const end = at + channels;
      for (let w = k + j; at < end; at++, w += multiplier, out += multiplier)
        input[at] += output[out] * kernel[w];
    }
};

const addToKernel: Run = (cells, channels, multiplier, input, i, inputStep, kernel, k, output, o) => {
  for (let cell = 0; cell < cells; cell++)
    for (let j = 0; j < multiplier; j++) {
      let at = i + cell * inputStep;
      let out = o + cell * channels * multiplier + j;
      const end = at + channels;
      for (let w = k + j; at < end; at++, w += multiplier, out += multiplier)
        kernel[w] += input[at] * output[out];
    }
};

/** Visits each kernel cell with each run of outputs that see it inside the input. */
function overRuns(
  window: Window2d,
  batch: number,
  input: FloatArray,
  kernel: FloatArray,
  output: FloatArray,
  visit: Run,
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
  const spans = spansOf(window);
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < outputHeight; oy++)
      for (let ky = 0; ky < kernelHeight; ky++) {
        const iy = oy * strideY - padTop + ky * dilationY;
        if (iy < 0 || iy >= H) continue;
        for (const { firstOutput, lastOutput, firstCell } of spans) {
          const ix = firstOutput * strideX - padLeft + firstCell * dilationX;
          visit(
            lastOutput - firstOutput,
            C,
            O / C,
            input,
            ((n * H + iy) * W + ix) * C,
            strideX * C,
            kernel,
            (ky * kernelWidth + firstCell) * O,
            output,
            ((n * outputHeight + oy) * outputWidth + firstOutput) * O,
          );
        }
      }
}

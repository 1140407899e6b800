/** What the convolution layers share: their parameters, and their forward and backward passes over a window. */
import type { Window2d } from '../kernels/kernels.ts';
import type { AttributeTable } from '../schema/attributes.ts';
import type { Described } from '../schema/kind.ts';
import type { BackwardPass, FloatArray, Inferred, ParameterSpec, Pass, Problem, Shape } from './define.ts';
import {
  forEachSample,
  forEachSampleBackward,
  inputSize,
  outputSize,
  type WindowsByLength,
  windowsByLength,
} from './raggedWindow.ts';
import { demandReach, type WindowSettings } from './slidingWindow.ts';
import { rowsOf } from './time.ts';

export interface Convolution extends Inferred {
  readonly parameters: { readonly kernel: ParameterSpec; readonly bias?: ParameterSpec };
  readonly constants: { readonly window: Window2d; readonly windows: WindowsByLength };
}

interface ConvolutionAttributes {
  readonly useBias: boolean;
  readonly kernelInitializer: Described;
  readonly biasInitializer: Described;
}

/** `kernel` is the kernel's shape as stored, [(height,) width, channels / groups, filters]. */
export function inferConvolution(
  settings: WindowSettings,
  window: Window2d,
  output: Shape,
  kernel: Shape,
  { useBias, kernelInitializer, biasInitializer }: ConvolutionAttributes,
): Convolution | { readonly problem: Problem } {
  const far = demandReach(settings);
  if (far) return far;
  const { inputChannels, outputChannels, groups } = window;
  const cells = window.kernelHeight * window.kernelWidth;
  return {
    output,
    parameters: {
      kernel: {
        shape: kernel,
        initializer: kernelInitializer,
        fanIn: (cells * inputChannels) / groups,
        fanOut: (cells * outputChannels) / groups,
      },
      ...(useBias ? { bias: { shape: [outputChannels], initializer: biasInitializer } } : {}),
    },
    constants: { window, windows: windowsByLength(settings) },
    kernelNeeds: { window },
    flops: (2 * window.outputHeight * window.outputWidth * outputChannels * cells * inputChannels) / groups,
  };
}

/** y[N, P, Q, O] = x[N, H, W, C] ∗ kernel[R, S, C / groups, O] + bias[O]. */
export function convolutionForward(pass: Pass<AttributeTable, Convolution>): void {
  const { kernels, batch, lengths, input, output, parameters, activation, constants } = pass;
  const kernel = parameters.kernel.data;
  const bias = parameters.bias?.data;
  if (!lengths) {
    kernels.convolve(constants.window, batch, input.data, kernel, bias, output.data, activation);
    return;
  }
  const x = rowsOf(input);
  const y = rowsOf(output);
  forEachSample(pass, lengths, constants.windows, outputSize, (window, n) =>
    kernels.convolve(window, 1, x[n], kernel, bias, y[n], activation),
  );
}

/** dx sums kernel · dy over the windows that covered a cell; dKernel[r, s, c, o] = Σ x · dy; db = Σ dy. */
export function convolutionBackward(pass: BackwardPass<AttributeTable, Convolution>): void {
  const { kernels, batch, lengths, input, gradInput, gradOutput, gradParameters, constants } = pass;
  if (!pass.accumulateParameters) {
    kernels.clear(gradParameters.kernel.data);
    if (gradParameters.bias) kernels.clear(gradParameters.bias.data);
  }
  if (!lengths) {
    addGradients(pass, constants.window, batch, input.data, gradOutput.data, gradInput?.data);
    return;
  }
  const x = rowsOf(input);
  const dy = rowsOf(gradOutput);
  const dx = gradInput && rowsOf(gradInput);
  forEachSampleBackward(pass, lengths, constants.windows, inputSize, (window, n) =>
    addGradients(pass, window, 1, x[n], dy[n], dx?.[n]),
  );
}

function addGradients(
  { kernels, parameters, gradParameters, accumulateInput }: BackwardPass<AttributeTable, Convolution>,
  window: Window2d,
  batch: number,
  x: FloatArray,
  dy: FloatArray,
  dx: FloatArray | undefined,
): void {
  const { kernel, bias } = gradParameters;
  if (dx) kernels.convolveBackwardInput(window, batch, dy, parameters.kernel.data, dx, accumulateInput);
  kernels.convolveBackwardKernel(window, batch, x, dy, kernel.data);
  const cells = batch * window.outputHeight * window.outputWidth;
  if (bias) kernels.addColumnSums(cells, window.outputChannels, dy, 0, bias.data);
}

/** What the convolution layers share: their parameters, and forward and backward over a window. */
import type { Window2d } from '../kernels/kernels.ts';
import type { AttributeTable } from '../schema/attributes.ts';
import type { Described } from '../schema/kind.ts';
import type { BackwardPass, Inferred, ParameterSpec, Pass, Shape } from './define.ts';

export interface Convolution extends Inferred {
  readonly parameters: { readonly kernel: ParameterSpec; readonly bias?: ParameterSpec };
  readonly constants: { readonly window: Window2d };
}

interface ConvolutionAttributes {
  readonly useBias: boolean;
  readonly kernelInitializer: Described;
  readonly biasInitializer: Described;
}

/** `kernel` is the kernel's shape as stored, [(height,) width, channels / groups, filters]. */
export function inferConvolution(
  window: Window2d,
  output: Shape,
  kernel: Shape,
  { useBias, kernelInitializer, biasInitializer }: ConvolutionAttributes,
): Convolution {
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
    constants: { window },
    flops: (2 * window.outputHeight * window.outputWidth * outputChannels * cells * inputChannels) / groups,
  };
}

/** y[N, P, Q, O] = x[N, H, W, C] ∗ kernel[R, S, C / groups, O] + bias[O]. */
export function convolutionForward(pass: Pass<AttributeTable, Convolution>): void {
  const { kernels, batch, input, output, parameters, constants } = pass;
  kernels.convolve(
    constants.window,
    batch,
    input.data,
    parameters.kernel.data,
    parameters.bias?.data,
    output.data,
    pass.activation,
  );
}

/** dx gathers kernel · dy over the windows that saw a cell; dKernel[r, s, c, o] = Σ x · dy; db = Σ dy. */
export function convolutionBackward(pass: BackwardPass<AttributeTable, Convolution>): void {
  const { kernels, batch, input, parameters, gradInput, gradOutput, gradParameters, constants } = pass;
  const { window } = constants;
  const dy = gradOutput.data;
  if (gradInput)
    kernels.convolveBackwardInput(
      window,
      batch,
      dy,
      parameters.kernel.data,
      gradInput.data,
      pass.accumulateInput,
    );
  if (!pass.accumulateParameters) {
    kernels.clear(gradParameters.kernel.data);
    if (gradParameters.bias) kernels.clear(gradParameters.bias.data);
  }
  kernels.convolveBackwardKernel(window, batch, input.data, dy, gradParameters.kernel.data);
  const cells = batch * window.outputHeight * window.outputWidth;
  if (gradParameters.bias)
    kernels.addColumnSums(cells, window.outputChannels, dy, 0, gradParameters.bias.data);
}

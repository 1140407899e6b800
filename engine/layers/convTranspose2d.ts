/** ConvTranspose2d: convolution backwards, from small images to large ones. */
import * as l10n from '@vscode/l10n';
import { initializer } from '../initializers/registry.ts';
import type { Window2d } from '../kernels/kernels.ts';
import { reachOf, windowAlong } from '../kernels/window.ts';
import { boolean, integer, size2d } from '../schema/attributes.ts';
import { type Padding2d, padding2dOf } from './attributes.ts';
import { defineLayer, type Problem, perSample, problem } from './define.ts';
import { demandGroups, demandRank } from './slidingWindow.ts';

export const convTranspose2d = defineLayer({
  type: 'convTranspose2d',
  category: 'convolution',
  label: 'Conv Transpose 2D',
  icon: 'screen-full',
  doc: `Makes images larger with trained kernels: every input cell stamps its kernel, weighted, onto the output, and
overlapping stamps add up. It is the gradient of a convolution used as a layer, for decoders, generators and segmentation.

**y[p·stride + r·dilation − top, q·stride + s·dilation − left, o] += x[p, q, c] · W[r, s, o, c]**, then + b[o].

- **Output size** along an axis: (size − 1)·stride − padding + (kernelSize − 1)·dilation + 1 + outputPadding; with padding \`same\`, size·stride.
- **Known failure:** where kernelSize is no multiple of stride, stamps overlap unevenly and leave a checkerboard.
  **Remedy:** a kernelSize that is a multiple of stride, or upsample2d followed by conv2d.

[PyTorch: ConvTranspose2d](https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html) ·
[Odena et al. 2016: checkerboards](https://distill.pub/2016/deconv-checkerboard/)`,
  attributes: {
    filters: integer({ min: 1, doc: 'Channels of the output.' }),
    kernelSize: size2d({ min: 1, doc: 'Height and width of the stamp.' }),
    stride: size2d({
      min: 1,
      default: 1,
      doc: 'Distance of neighbouring stamps: how many times larger the output is.',
    }),
    padding: padding2dOf(
      'Cells cut off around the output.',
      'so many that the output is stride times the size of the input',
    ),
    outputPadding: size2d({
      min: 0,
      default: 0,
      doc: 'Extra rows below and columns to the right, to choose among the sizes a stride could have shrunk.',
    }),
    dilation: size2d({ min: 1, default: 1, doc: 'Distance of neighbouring cells of the stamp.' }),
    groups: integer({
      min: 1,
      default: 1,
      doc: 'Channels are split into so many parts that do not see each other.',
    }),
    useBias: boolean({ default: true, doc: 'Add a trained offset to every filter.' }),
    kernelInitializer: initializer('glorotUniform', 'How the weights start. Before ReLU, heUniform.'),
    biasInitializer: initializer('zeros', 'How the offsets start.'),
  },
  forgetsOutput: true,

  infer(attributes, [input]) {
    const { filters, kernelSize, stride, dilation, groups, useBias } = attributes;
    const unfit = demandRank(input, 3) ?? demandGroups(groups, input[2], filters);
    if (unfit) return unfit;
    const [vertical, horizontal] = [0, 1].map((axis) => growAlong(axis, input[axis], attributes));
    if ('problem' in vertical) return vertical;
    if ('problem' in horizontal) return horizontal;
    const [height, width, channels] = input;
    // The window of the convolution that this layer runs backwards, from the output to the input.
    const window: Window2d = {
      inputHeight: vertical.size,
      inputWidth: horizontal.size,
      inputChannels: filters,
      outputHeight: height,
      outputWidth: width,
      outputChannels: channels,
      kernelHeight: kernelSize[0],
      kernelWidth: kernelSize[1],
      strideY: stride[0],
      strideX: stride[1],
      dilationY: dilation[0],
      dilationX: dilation[1],
      padTop: vertical.before,
      padBottom: vertical.after,
      padLeft: horizontal.before,
      padRight: horizontal.after,
      groups,
    };
    const cells = kernelSize[0] * kernelSize[1];
    return {
      output: [vertical.size, horizontal.size, filters],
      parameters: {
        kernel: {
          shape: [...kernelSize, filters / groups, channels],
          initializer: attributes.kernelInitializer,
          fanIn: (cells * channels) / groups,
          fanOut: (cells * filters) / groups,
        },
        ...(useBias ? { bias: { shape: [filters], initializer: attributes.biasInitializer } } : {}),
      },
      scratch: { inputGradient: perSample(...input) },
      constants: { window },
      flops: (2 * height * width * channels * cells * filters) / groups,
    };
  },

  /** y[N, P, Q, O] = b[O] + the stamps kernel[R, S, O / groups, C] · x[N, H, W, C]. */
  forward({ kernels, batch, input, output, parameters, constants }) {
    const { window } = constants;
    const cells = batch * window.inputHeight * window.inputWidth;
    kernels.convolveBackwardInput(window, batch, input.data, parameters.kernel.data, output.data, false);
    if (parameters.bias) kernels.addBias(cells, window.inputChannels, parameters.bias.data, output.data, 0);
  },

  /** dx = dy ∗ kernel, dKernel as of that convolution, db = Σ dy. */
  backward({ kernels, batch, input, parameters, scratch, gradInput, gradOutput, gradParameters, constants }) {
    const { window } = constants;
    const dy = gradOutput.data;
    if (gradInput) {
      const { data } = scratch.inputGradient;
      const count = batch * window.outputHeight * window.outputWidth * window.outputChannels;
      kernels.convolve(window, batch, dy, parameters.kernel.data, undefined, data);
      kernels.addScaled(count, 1, data, 0, gradInput.data, 0);
    }
    kernels.convolveBackwardKernel(window, batch, dy, input.data, gradParameters.kernel.data);
    const cells = batch * window.inputHeight * window.inputWidth;
    if (gradParameters.bias)
      kernels.addColumnSums(cells, window.inputChannels, dy, 0, gradParameters.bias.data);
  },

  samples: [
    { name: 'stride 1', inputs: [[3, 4, 2]], attributes: { filters: 3, kernelSize: 3 } },
    {
      name: 'doubling',
      inputs: [[3, 2, 3]],
      attributes: { filters: 2, kernelSize: 3, stride: 2, padding: 1, outputPadding: 1 },
    },
    {
      name: 'same',
      inputs: [[2, 3, 2]],
      attributes: { filters: 4, kernelSize: [4, 2], stride: [2, 3], padding: 'same', useBias: false },
    },
    { name: 'groups', inputs: [[3, 3, 4]], attributes: { filters: 4, kernelSize: 2, stride: 2, groups: 2 } },
    {
      name: 'dilation',
      inputs: [[3, 4, 2]],
      attributes: {
        filters: 2,
        kernelSize: 3,
        dilation: 2,
        padding: [
          [1, 0],
          [2, 1],
        ],
      },
    },
  ],
  errorSamples: [
    { name: 'a vector', inputs: [[5]], attributes: { filters: 2, kernelSize: 3 }, code: 'shape/rank' },
    {
      name: 'groups that do not divide',
      inputs: [[4, 4, 3]],
      attributes: { filters: 4, kernelSize: 3, groups: 2 },
      code: 'shape/groups',
    },
    {
      name: 'padding that leaves nothing',
      inputs: [[1, 1, 1]],
      attributes: { filters: 1, kernelSize: 2, padding: 1 },
      code: 'shape/padding-too-large',
    },
    {
      name: 'an outputPadding as large as the stride',
      inputs: [[3, 3, 1]],
      attributes: { filters: 1, kernelSize: 2, stride: 2, outputPadding: 2 },
      code: 'shape/output-padding',
    },
    {
      name: 'an outputPadding beside same',
      inputs: [[3, 3, 1]],
      attributes: { filters: 1, kernelSize: 2, stride: 2, padding: 'same', outputPadding: 1 },
      code: 'shape/output-padding',
    },
  ],
});

interface Growth {
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly outputPadding: readonly [number, number];
  readonly padding: Padding2d;
}

/** The size along an axis after it has grown, and what the padding takes off before and after. */
function growAlong(
  axis: number,
  input: number,
  { kernelSize, stride, dilation, outputPadding, padding }: Growth,
):
  | { readonly size: number; readonly before: number; readonly after: number }
  | { readonly problem: Problem } {
  const extra = outputPadding[axis];
  const step = stride[axis];
  const shape = { kernel: kernelSize[axis], stride: step, dilation: dilation[axis] };
  if (padding === 'same') {
    if (extra > 0)
      return problem(
        'shape/output-padding',
        l10n.t(
          'outputPadding does not go with padding "same", whose output is input × stride. Leave one of them out.',
        ),
        'outputPadding',
      );
    const { before, after } = windowAlong({ ...shape, input: input * step, padding });
    return { size: input * step, before, after };
  }
  const limit = Math.max(step, shape.dilation);
  if (extra >= limit)
    return problem(
      'shape/output-padding',
      l10n.t('outputPadding must be below the stride (or dilation) {0}, found {1}.', limit, extra),
      'outputPadding',
    );
  const [before, after] = padding === 'valid' ? [0, 0] : padding[axis];
  const grown = (input - 1) * step + reachOf(shape.kernel, shape.dilation) + extra;
  const size = grown - before - after;
  if (size < 1)
    return problem(
      'shape/padding-too-large',
      l10n.t(
        'padding takes {0} cells off an output of {1} and leaves nothing. Use less padding.',
        before + after,
        grown,
      ),
      'padding',
    );
  return { size, before, after };
}

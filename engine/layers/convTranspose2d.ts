/** ConvTranspose2d: convolution backwards, from small images to large ones. */

import type { Window2d } from '../kernels/kernels.ts';
import { integer, size2d } from '../schema/attributes.ts';
import { always, amount } from '../schema/onCard.ts';
import { padding2dOf } from './attributes.ts';
import { groups, weights } from './convolutionAttributes.ts';
import { defineLayer, type FloatArray, perSample } from './define.ts';
import { transposedConvolutionFrameworks } from './frameworks/convTranspose.ts';
import {
  forEachSample,
  forEachSampleBackward,
  inputSize,
  outputSize,
  WindowsByLength,
} from './raggedWindow.ts';
import { demandGroups, demandRank } from './slidingWindow.ts';
import { rowsOf, timeFirst } from './time.ts';
import { transposedWindow } from './transposedWindow.ts';

export const convTranspose2d = defineLayer({
  type: 'convTranspose2d',
  category: 'convolution',
  linear: true,
  label: 'Conv transpose 2D',
  synonyms: ['deconvolution', 'deconv', 'transposed convolution', 'upconvolution'],
  icon: 'screen-full',
  doc: `Makes images larger with trained kernels: every input cell adds its kernel, multiplied by its value, to the output, and
overlapping kernels add up. This is the gradient of a convolution as a layer, for decoders, generators and segmentation.

**y[p·stride + r·dilation − top, q·stride + s·dilation − left, o] += x[p, q, c] · W[r, s, o, c]**, then + b[o].

- **Shapes:** \`[height, width, channels]\` becomes \`[height, width, filters]\`. The output size along an axis is
  (size − 1)·stride − padding + (kernelSize − 1)·dilation + 1 + outputPadding, or size·stride with padding \`same\`.
- **Known failure:** if kernelSize is not a multiple of stride, kernels overlap unevenly and leave a checkerboard pattern.
  **Remedy:** a kernelSize that is a multiple of stride, or upsample2d followed by conv2d.

[PyTorch: ConvTranspose2d](https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html) ·
[Odena et al. 2016: checkerboards](https://distill.pub/2016/deconv-checkerboard/)`,
  attributes: {
    filters: integer({ min: 1, start: 16, onCard: amount('filters'), doc: 'Channels of the output.' }),
    kernelSize: size2d({ min: 1, start: 3, onCard: always, doc: 'Height and width of the kernel.' }),
    stride: size2d({
      min: 1,
      default: 1,
      doc: 'Distance of neighbouring kernels in the output: how many times larger the output is.',
    }),
    padding: padding2dOf(
      'Cells cut off around the output.',
      'pads so that the output is stride times the size of the input',
    ),
    outputPadding: size2d({
      min: 0,
      default: 0,
      doc: 'Extra rows at the bottom and columns at the right. With a stride above 1, a convolution maps several input sizes to one output size; this chooses among them.',
    }),
    dilation: size2d({ min: 1, default: 1, doc: 'Distance of neighbouring cells of the kernel.' }),
    groups,
    ...weights('filter'),
  },
  frameworks: transposedConvolutionFrameworks,
  forgetsOutput: true,

  infer(attributes, [input]) {
    const { filters, kernelSize, groups, useBias } = attributes;
    const unfit = demandRank(input, 3) ?? demandGroups(groups, input[2], filters);
    if (unfit) return unfit;
    const window = transposedWindow(attributes, input);
    if ('problem' in window) return window;
    const windows = new WindowsByLength((length) => {
      const shorter = transposedWindow(attributes, [length, ...input.slice(1)]);
      return 'problem' in shorter ? undefined : shorter;
    });
    const [height, width, channels] = input;
    const cells = kernelSize[0] * kernelSize[1];
    return {
      output: [window.inputHeight, window.inputWidth, filters],
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
      constants: { window, windows },
      kernelNeeds: { window },
      flops: (2 * height * width * channels * cells * filters) / groups,
    };
  },

  time(_attributes, [input], axes, { constants: { windows } }) {
    return timeFirst(input, axes, { axis: 0, steps: (length) => windows.at(length)?.inputHeight ?? 0 });
  },

  /** y[N, P, Q, O] = b[O] + Σ kernel[R, S, O / groups, C] · x[N, H, W, C] over the input cells, each at its place in the output. */
  forward(pass) {
    const { kernels, batch, lengths, input, output, parameters, constants } = pass;
    const run = (window: Window2d, samples: number, x: FloatArray, y: FloatArray): void => {
      const cells = samples * window.inputHeight * window.inputWidth;
      kernels.convolveBackwardInput(window, samples, x, parameters.kernel.data, y, false);
      if (parameters.bias) kernels.addBias(cells, window.inputChannels, parameters.bias.data, y, 0);
    };
    if (!lengths) return run(constants.window, batch, input.data, output.data);
    const x = rowsOf(input);
    const y = rowsOf(output);
    forEachSample(pass, lengths, constants.windows, inputSize, (window, n) => run(window, 1, x[n], y[n]));
  },

  /** dx = dy ∗ kernel; dKernel is that of the same convolution; db = Σ dy. */
  backward(pass) {
    const { kernels, batch, lengths, input, parameters, scratch, gradInput, gradOutput, constants } = pass;
    const { kernel, bias } = pass.gradParameters;
    const run = (
      window: Window2d,
      samples: number,
      x: FloatArray,
      dy: FloatArray,
      dx: FloatArray | undefined,
      added: FloatArray,
    ): void => {
      if (dx) {
        kernels.convolve(window, samples, dy, parameters.kernel.data, undefined, added);
        kernels.addScaled(samples * outputSize(window), 1, added, 0, dx, 0);
      }
      kernels.convolveBackwardKernel(window, samples, dy, x, kernel.data);
      const cells = samples * window.inputHeight * window.inputWidth;
      if (bias) kernels.addColumnSums(cells, window.inputChannels, dy, 0, bias.data);
    };
    const { data } = scratch.inputGradient;
    if (!lengths) return run(constants.window, batch, input.data, gradOutput.data, gradInput?.data, data);
    const x = rowsOf(input);
    const dy = rowsOf(gradOutput);
    const dx = gradInput && rowsOf(gradInput);
    const added = rowsOf(scratch.inputGradient);
    forEachSampleBackward(pass, lengths, constants.windows, outputSize, (window, n) =>
      run(window, 1, x[n], dy[n], dx?.[n], added[n]),
    );
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

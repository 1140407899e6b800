/** DepthwiseConv2d: each channel is convolved separately. */

import { integer } from '../schema/attributes.ts';
import { convolutionBackward, convolutionForward, inferConvolution } from './convolution.ts';
import { kernelSize2d, slide2d, weights } from './convolutionAttributes.ts';
import { defineLayer } from './define.ts';
import { depthwiseFrameworks } from './frameworks/convolution.ts';
import { windowTime } from './raggedWindow.ts';
import { axes2d, demandRank, slidingWindow, type WindowSettings } from './slidingWindow.ts';

export const depthwiseConv2d = defineLayer({
  type: 'depthwiseConv2d',
  category: 'convolution',
  linear: true,
  label: 'Depthwise conv 2D',
  synonyms: ['separable convolution', 'mobilenet', 'grouped convolution'],
  icon: 'layers-dot',
  doc: `Convolves every channel with its own kernels and mixes no channels:

**y[p, q, c·m + j] = b[c·m + j] + Σ x[p·stride + r·dilation − top, q·stride + s·dilation − left, c] · W[r, s, c·m + j]**

with m = multiplier. A conv2d of kernelSize 1 after it mixes the channels. Together, the two do nearly the work of a full
convolution with a fraction of its weights (*depthwise separable*, MobileNet). It equals a conv2d with groups = channels.
\`[height, width, channels]\` becomes \`[height, width, channels · multiplier]\`, with output sizes as in conv2d.

[Keras: DepthwiseConv2D](https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/) ·
[Howard et al. 2017: MobileNets](https://arxiv.org/abs/1704.04861)`,
  attributes: {
    kernelSize: kernelSize2d,
    multiplier: integer({
      min: 1,
      default: 1,
      doc: 'Number of kernels for each channel. The output has channels · multiplier channels.',
    }),
    ...slide2d,
    ...weights('channel of the output'),
  },
  frameworks: depthwiseFrameworks(),
  overwrites: true,
  forgetsOutput: true,
  fuses: true,

  infer(attributes, [input]) {
    const unfit = demandRank(input, 3);
    if (unfit) return unfit;
    const { kernelSize, multiplier, stride, padding, dilation } = attributes;
    const groups = input[2];
    const outputChannels = groups * multiplier;
    const axes = axes2d(kernelSize, stride, dilation, padding);
    const settings: WindowSettings = { input, axes, outputChannels, groups, attribute: 'kernelSize' };
    const window = slidingWindow(settings);
    if ('problem' in window) return window;
    const output = [window.outputHeight, window.outputWidth, outputChannels];
    return inferConvolution(settings, window, output, [...kernelSize, 1, outputChannels], attributes);
  },

  time: (_attributes, [input], axes, { constants }) => windowTime(constants.windows, input, axes),

  forward(pass) {
    convolutionForward(pass);
  },

  backward(pass) {
    convolutionBackward(pass);
  },

  samples: [
    { name: 'one kernel a channel', inputs: [[5, 4, 3]], attributes: { kernelSize: 3, padding: 'same' } },
    {
      name: 'two kernels a channel',
      inputs: [[5, 5, 2]],
      attributes: { kernelSize: [3, 2], multiplier: 2, useBias: false },
    },
    {
      name: 'stride and dilation',
      inputs: [[7, 6, 2]],
      attributes: { kernelSize: 2, stride: [2, 1], dilation: [1, 2], padding: 1 },
    },
    { name: 'a single channel', inputs: [[4, 4, 1]], attributes: { kernelSize: 2, multiplier: 3 } },
    {
      name: 'a dilation as wide as its input',
      inputs: [[4, 4, 1]],
      attributes: { kernelSize: 3, padding: 'same', dilation: [4, 1] },
    },
  ],
  errorSamples: [
    { name: 'a sequence', inputs: [[5, 2]], attributes: { kernelSize: 3 }, code: 'shape/rank' },
    {
      name: 'a kernel larger than its input',
      inputs: [[2, 2, 3]],
      attributes: { kernelSize: 3 },
      code: 'shape/kernel-too-large',
    },
  ],
});

/** Conv2d: slides small kernels over an image. */

import { convolutionBackward, convolutionForward, inferConvolution } from './convolution.ts';
import { convolutionAttributes, kernelSize2d, slide2d } from './convolutionAttributes.ts';
import { defineLayer } from './define.ts';
import { convolutionFrameworks } from './frameworks/convolution.ts';
import { windowTime } from './raggedWindow.ts';
import { axes2d, demandGroups, demandRank, slidingWindow, type WindowSettings } from './slidingWindow.ts';

export const conv2d = defineLayer({
  type: 'conv2d',
  category: 'convolution',
  linear: true,
  label: 'Conv 2D',
  synonyms: ['cnn', 'image filter'],
  icon: 'layers',
  doc: `Slides small kernels over an image. Every output depends only on a **local window** of the input, and all windows use the same
weights (**shared weights**). So a few parameters detect a pattern at any position:

**y[p, q, o] = b[o] + Σ x[p·stride + r·dilation − top, q·stride + s·dilation − left, c] · W[r, s, c, o]**

summed over kernel rows r, kernel columns s and channels c. Each filter o gives one channel of the output, a map of
the positions of its pattern. Stacked layers have larger receptive fields: that of two 3×3 layers is 5×5.

- **Shapes:** \`[height, width, channels]\` becomes \`[height, width, filters]\`. The output size along an axis is
  ⌊(size + padding − (kernelSize − 1)·dilation − 1) / stride⌋ + 1.
- **Parameters:** kernelHeight · kernelWidth · channels / groups · filters, and one bias for each filter. The size of the image does not matter.
- **Initialization:** Glorot uniform, as in Keras. Before a ReLU choose \`heUniform\`, which keeps the variance there.

[PyTorch: Conv2d](https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html) ·
[LeCun et al. 1998](https://doi.org/10.1109/5.726791) · [Dumoulin and Visin: convolution arithmetic](https://arxiv.org/abs/1603.07285)`,
  attributes: convolutionAttributes({ kernelSize: kernelSize2d, ...slide2d }),
  frameworks: convolutionFrameworks(2),
  overwrites: true,
  forgetsOutput: true,
  fuses: true,

  infer(attributes, [input]) {
    const { filters, kernelSize, stride, padding, dilation, groups } = attributes;
    const unfit = demandRank(input, 3) ?? demandGroups(groups, input[2], filters);
    if (unfit) return unfit;
    const axes = axes2d(kernelSize, stride, dilation, padding);
    const settings: WindowSettings = {
      input,
      axes,
      outputChannels: filters,
      groups,
      attribute: 'kernelSize',
    };
    const window = slidingWindow(settings);
    if ('problem' in window) return window;
    const output = [window.outputHeight, window.outputWidth, filters];
    return inferConvolution(
      settings,
      window,
      output,
      [...kernelSize, input[2] / groups, filters],
      attributes,
    );
  },

  time: (_attributes, [input], axes, { constants }) => windowTime(constants.windows, input, axes),

  forward(pass) {
    convolutionForward(pass);
  },

  backward(pass) {
    convolutionBackward(pass);
  },

  samples: [
    { name: 'valid', inputs: [[5, 6, 2]], attributes: { filters: 3, kernelSize: 3 } },
    {
      name: 'same, even kernel',
      inputs: [[4, 5, 2]],
      attributes: { filters: 5, kernelSize: [4, 2], padding: 'same' },
    },
    {
      name: 'stride',
      inputs: [[7, 6, 3]],
      attributes: { filters: 4, kernelSize: 3, stride: [2, 3], useBias: false },
    },
    {
      name: 'dilation',
      inputs: [[6, 7, 2]],
      attributes: { filters: 4, kernelSize: 3, dilation: 2, padding: 'same' },
    },
    {
      name: 'padding of each side',
      inputs: [[3, 4, 2]],
      attributes: {
        filters: 2,
        kernelSize: 3,
        padding: [
          [2, 1],
          [0, 3],
        ],
      },
    },
    { name: 'groups', inputs: [[4, 4, 4]], attributes: { filters: 6, kernelSize: 3, groups: 2, padding: 1 } },
    {
      name: 'a group each channel',
      inputs: [[4, 4, 3]],
      attributes: { filters: 6, kernelSize: 2, groups: 3 },
    },
    { name: 'one by one', inputs: [[3, 3, 5]], attributes: { filters: 4, kernelSize: 1 } },
    {
      name: 'kernel wider than its input',
      inputs: [[2, 2, 1]],
      attributes: { filters: 2, kernelSize: 5, padding: 'same' },
    },
    {
      name: 'a dilation as wide as its input',
      inputs: [[4, 4, 1]],
      attributes: { filters: 2, kernelSize: 3, padding: 'same', dilation: [1, 4] },
    },
  ],
  errorSamples: [
    { name: 'a vector', inputs: [[5]], attributes: { filters: 2, kernelSize: 3 }, code: 'shape/rank' },
    {
      name: 'a kernel larger than its input',
      inputs: [[3, 3, 1]],
      attributes: { filters: 2, kernelSize: 5 },
      code: 'shape/kernel-too-large',
    },
    {
      name: 'a dilated kernel larger than its input',
      inputs: [[4, 4, 1]],
      attributes: { filters: 2, kernelSize: 3, dilation: 2 },
      code: 'shape/kernel-too-large',
    },
    {
      name: 'groups that do not divide',
      inputs: [[4, 4, 3]],
      attributes: { filters: 4, kernelSize: 3, groups: 2 },
      code: 'shape/groups',
    },
  ],
});

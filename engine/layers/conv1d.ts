/** Conv1d: slides small kernels along a sequence. */

import { paddedAhead } from './attributes.ts';
import { convolutionBackward, convolutionForward, inferConvolution } from './convolution.ts';
import { convolutionAttributes, window1d } from './convolutionAttributes.ts';
import { defineLayer } from './define.ts';
import { convolutionFrameworks } from './frameworks/convolution.ts';
import { windowTime } from './raggedWindow.ts';
import { demandGroups, demandRank, slidingWindow, type WindowSettings } from './slidingWindow.ts';

export const conv1d = defineLayer({
  type: 'conv1d',
  category: 'convolution',
  linear: true,
  label: 'Conv 1D',
  synonyms: ['cnn', 'temporal convolution', 'causal convolution'],
  icon: 'layers',
  doc: `Slides small kernels along a sequence \`[time, channels]\`. Every output depends only on a **local window** of steps, and all
windows use the same weights (**shared weights**):

**y[t, o] = b[o] + Σ x[t·stride + s·dilation − before, c] · W[s, c, o]**, summed over kernel steps s and channels c.
\`[time, channels]\` becomes \`[time, filters]\`, with ⌊(time + padding − (kernelSize − 1)·dilation − 1) / stride⌋ + 1 steps.

With padding \`causal\`, no output depends on a later step. A stack of such layers with dilation 1, 2, 4, 8 … reaches far back
and can predict the next value (WaveNet). All steps are computed in parallel, while a recurrent layer computes one after another.

Sequences of different length are computed each as if it stood alone; one that is shorter than the window leaves no step.

[PyTorch: Conv1d](https://pytorch.org/docs/stable/generated/torch.nn.Conv1d.html) ·
[van den Oord et al. 2016: WaveNet](https://arxiv.org/abs/1609.03499)`,
  attributes: convolutionAttributes(window1d),
  frameworks: convolutionFrameworks(1),
  overwrites: true,
  forgetsOutput: true,
  fuses: true,

  seesAhead: ({ kernelSize, padding }) => paddedAhead(kernelSize, padding),

  infer(attributes, [input]) {
    const { filters, kernelSize, stride, padding, dilation, groups } = attributes;
    const unfit = demandRank(input, 2) ?? demandGroups(groups, input[1], filters);
    if (unfit) return unfit;
    const axes = [{ kernel: kernelSize, stride, dilation, padding }];
    const settings: WindowSettings = {
      input,
      axes,
      outputChannels: filters,
      groups,
      attribute: 'kernelSize',
    };
    const window = slidingWindow(settings);
    if ('problem' in window) return window;
    return inferConvolution(
      settings,
      window,
      [window.outputWidth, filters],
      [kernelSize, input[1] / groups, filters],
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
    { name: 'valid', inputs: [[6, 3]], attributes: { filters: 4, kernelSize: 3 } },
    {
      name: 'causal, dilated',
      inputs: [[7, 2]],
      attributes: { filters: 3, kernelSize: 3, padding: 'causal', dilation: 2 },
    },
    {
      name: 'same, stride',
      inputs: [[7, 2]],
      attributes: { filters: 5, kernelSize: 4, padding: 'same', stride: 2, useBias: false },
    },
    {
      name: 'groups, padding of each end',
      inputs: [[5, 4]],
      attributes: { filters: 6, kernelSize: 2, groups: 2, padding: [0, 2] },
    },
    {
      name: 'a dilation as wide as its input',
      inputs: [[4, 1]],
      attributes: { filters: 2, kernelSize: 3, padding: 'same', dilation: 4 },
    },
  ],
  errorSamples: [
    {
      name: 'windows that reach over more cells than a tensor has',
      inputs: [[65536, 1]],
      attributes: { filters: 1, kernelSize: 65536, padding: 'causal', dilation: 65535 },
      code: 'shape/too-large',
    },
    { name: 'an image', inputs: [[5, 5, 1]], attributes: { filters: 2, kernelSize: 3 }, code: 'shape/rank' },
    {
      name: 'a kernel longer than its input',
      inputs: [[3, 1]],
      attributes: { filters: 2, kernelSize: 4 },
      code: 'shape/kernel-too-large',
    },
    {
      name: 'groups that do not divide',
      inputs: [[4, 3]],
      attributes: { filters: 4, kernelSize: 2, groups: 2 },
      code: 'shape/groups',
    },
  ],
});

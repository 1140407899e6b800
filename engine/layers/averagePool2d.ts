/** AveragePool2d: the mean of each window. */
import { defineLayer } from './define.ts';
import { averagePoolFrameworks } from './frameworks/pooling.ts';
import { averagePoolBackward, averagePoolForward, inferPooling } from './pooling.ts';
import { countPadding, poolAttributes2d } from './poolingAttributes.ts';
import { windowTime } from './raggedWindow.ts';
import { axes2d } from './slidingWindow.ts';

export const averagePool2d = defineLayer({
  type: 'averagePool2d',
  category: 'pooling',
  linear: true,
  label: 'Average pool 2D',
  synonyms: ['mean pooling', 'downsample'],
  icon: 'fold-down',
  doc: `Takes the **mean** of each window, channel by channel: *how much of the pattern is here?*
Makes the image smaller and smooths it. It has no parameters.
An image \`[height, width, channels]\` keeps its channels. The output size along an axis is
⌊(size + padding − (poolSize − 1)·dilation − 1) / stride⌋ + 1, or rounded up with ceilMode.

Compared with max pooling, the mean weighs all cells equally and spreads the gradient over them. The maximum keeps only
the strongest response. LeNet uses means. Most later classifiers use maxima, and one mean over the whole image at the end.

[PyTorch: AvgPool2d](https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html)`,
  attributes: {
    ...poolAttributes2d(
      'Cells around the input; countPadding says whether the mean counts them, as zeros. A window that sees no other cell gives 0.',
    ),
    countPadding,
  },
  frameworks: averagePoolFrameworks(2),
  forgetsOutput: true,

  infer({ poolSize, stride = poolSize, padding, dilation, ceilMode }, [input]) {
    const axes = axes2d(poolSize, stride, dilation, padding);
    return inferPooling(input, axes, ceilMode);
  },

  time: (_attributes, [input], axes, { constants }) => windowTime(constants.windows, input, axes),

  forward(pass) {
    averagePoolForward(pass, pass.attributes.countPadding);
  },

  backward(pass) {
    averagePoolBackward(pass, pass.attributes.countPadding);
  },

  samples: [
    { name: 'halving', inputs: [[4, 6, 2]] },
    { name: 'padding left out', inputs: [[5, 5, 3]], attributes: { poolSize: 3, stride: 2, padding: 1 } },
    {
      name: 'padding counted',
      inputs: [[5, 4, 2]],
      attributes: { poolSize: 3, stride: 2, padding: 1, countPadding: true },
    },
    { name: 'ceil mode', inputs: [[5, 3, 2]], attributes: { ceilMode: true, countPadding: true } },
    { name: 'same', inputs: [[3, 4, 2]], attributes: { poolSize: [2, 3], stride: 1, padding: 'same' } },
    { name: 'windows that see only padding', inputs: [[2, 2, 1]], attributes: { poolSize: 1, padding: 1 } },
    { name: 'dilated', inputs: [[5, 4, 1]], attributes: { stride: 1, dilation: [3, 2] } },
    {
      name: 'a dilation as wide as its input',
      inputs: [[4, 4, 1]],
      attributes: { padding: 'same', dilation: [1, 4] },
    },
  ],
  errorSamples: [
    { name: 'a sequence', inputs: [[5, 2]], code: 'shape/rank' },
    {
      name: 'a window larger than its input',
      inputs: [[2, 2, 3]],
      attributes: { poolSize: 3 },
      code: 'shape/kernel-too-large',
    },
  ],
});

/** MaxPool2d: the largest value of each window. */
import { defineLayer } from './define.ts';
import { maxPoolFrameworks } from './frameworks/pooling.ts';
import { inferMaxPooling, maxPoolBackward, maxPoolForward } from './pooling.ts';
import { poolAttributes2d } from './poolingAttributes.ts';
import { windowTime } from './raggedWindow.ts';
import { axes2d } from './slidingWindow.ts';

export const maxPool2d = defineLayer({
  type: 'maxPool2d',
  category: 'pooling',
  label: 'Max pool 2D',
  synonyms: ['downsample', 'subsampling'],
  icon: 'fold',
  doc: `Keeps the **largest** value of each window, channel by channel: *does the pattern occur anywhere here?*
Makes the image smaller, and the result insensitive to small shifts. It has no parameters.
An image \`[height, width, channels]\` keeps its channels. The output size along an axis is
⌊(size + padding − (poolSize − 1)·dilation − 1) / stride⌋ + 1, or rounded up with ceilMode.

Compared with average pooling, the maximum keeps a strong, rare response that a mean would wash out. It passes the
gradient to one cell only, the first of the largest. The mean keeps the total amount, and spreads the gradient.

[PyTorch: MaxPool2d](https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html)`,
  attributes: poolAttributes2d(
    'Cells around the input, which are never the largest. A window that sees no other cell gives 0, and passes no gradient.',
  ),
  frameworks: maxPoolFrameworks(2),
  overwrites: true,
  forgetsOutput: true,
  keepsValues: true,

  infer({ poolSize, stride = poolSize, padding, dilation, ceilMode }, [input]) {
    const axes = axes2d(poolSize, stride, dilation, padding);
    return inferMaxPooling(input, axes, ceilMode);
  },

  time: (_attributes, [input], axes, { constants }) => windowTime(constants.windows, input, axes),

  forward(pass) {
    maxPoolForward(pass);
  },

  backward(pass) {
    maxPoolBackward(pass);
  },

  samples: [
    { name: 'halving', inputs: [[4, 6, 2]], kinks: true },
    {
      name: 'overlap and padding',
      inputs: [[5, 5, 3]],
      attributes: { poolSize: 3, stride: 2, padding: 1 },
      kinks: true,
    },
    { name: 'ceil mode', inputs: [[5, 3, 2]], attributes: { ceilMode: true }, kinks: true },
    {
      name: 'same, dilated',
      inputs: [[5, 4, 1]],
      attributes: { poolSize: [2, 3], stride: 1, dilation: 2, padding: 'same' },
      kinks: true,
    },
    {
      name: 'a window that sees only padding',
      inputs: [[2, 2, 1]],
      attributes: { poolSize: 1, padding: 1 },
      kinks: true,
    },
    {
      name: 'a dilation as wide as its input',
      inputs: [[4, 4, 1]],
      attributes: { padding: 'same', dilation: [1, 4] },
      kinks: true,
    },
  ],
  errorSamples: [
    { name: 'a sequence', inputs: [[5, 2]], code: 'shape/rank' },
    { name: 'a window larger than its input', inputs: [[2, 1, 3]], code: 'shape/kernel-too-large' },
  ],
});

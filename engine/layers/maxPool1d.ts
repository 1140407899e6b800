/** MaxPool1d: the largest value of each window of a sequence. */
import { paddedAhead } from './attributes.ts';
import { defineLayer } from './define.ts';
import { maxPoolFrameworks } from './frameworks/pooling.ts';
import { inferMaxPooling, maxPoolBackward, maxPoolForward } from './pooling.ts';
import { poolAttributes1d } from './poolingAttributes.ts';
import { windowTime } from './raggedWindow.ts';

export const maxPool1d = defineLayer({
  type: 'maxPool1d',
  category: 'pooling',
  label: 'Max pool 1D',
  synonyms: ['downsample', 'subsampling'],
  icon: 'fold',
  doc: `Keeps the **largest** value of each window of a sequence \`[time, channels]\`, channel by channel: *did the pattern
occur around here?* Shortens the sequence and makes the result insensitive to small shifts. It has no parameters.
The gradient goes to one step only, the first of the largest. Average pooling spreads it over the window.

Sequences of different length are computed each as if it stood alone; one that is shorter than the window leaves no step.

[PyTorch: MaxPool1d](https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html)`,
  attributes: poolAttributes1d(
    'Steps before and after the sequence, which are never the largest. A window that sees no other step gives 0, and passes no gradient.',
  ),
  frameworks: maxPoolFrameworks(1),
  overwrites: true,
  forgetsOutput: true,
  keepsValues: true,

  seesAhead: ({ poolSize, padding }) => paddedAhead(poolSize, padding),

  infer({ poolSize, stride = poolSize, padding, dilation, ceilMode }, [input]) {
    return inferMaxPooling(input, [{ kernel: poolSize, stride, dilation, padding }], ceilMode);
  },

  time: (_attributes, [input], axes, { constants }) => windowTime(constants.windows, input, axes),

  forward(pass) {
    maxPoolForward(pass);
  },

  backward(pass) {
    maxPoolBackward(pass);
  },

  samples: [
    { name: 'halving', inputs: [[6, 3]], kinks: true },
    {
      name: 'overlap, causal',
      inputs: [[5, 2]],
      attributes: { poolSize: 3, stride: 1, padding: 'causal' },
      kinks: true,
    },
    {
      name: 'windows that see only padding',
      inputs: [[3, 2]],
      attributes: { stride: 2, padding: [2, 3] },
      kinks: true,
    },
    {
      name: 'ceil mode, dilated',
      inputs: [[6, 2]],
      attributes: { dilation: 2, ceilMode: true },
      kinks: true,
    },
    {
      name: 'a dilation as wide as its input',
      inputs: [[4, 1]],
      attributes: { padding: 'same', dilation: 4 },
      kinks: true,
    },
  ],
  errorSamples: [
    { name: 'an image', inputs: [[4, 4, 1]], code: 'shape/rank' },
    {
      name: 'a window longer than its input',
      inputs: [[2, 3]],
      attributes: { poolSize: 3 },
      code: 'shape/kernel-too-large',
    },
  ],
});

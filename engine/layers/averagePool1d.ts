/** AveragePool1d: the mean of each window of a sequence. */
import { paddedAhead } from './attributes.ts';
import { defineLayer } from './define.ts';
import { averagePoolFrameworks } from './frameworks/pooling.ts';
import { averagePoolBackward, averagePoolForward, inferPooling } from './pooling.ts';
import { countPadding, poolAttributes1d } from './poolingAttributes.ts';
import { windowTime } from './raggedWindow.ts';

export const averagePool1d = defineLayer({
  type: 'averagePool1d',
  category: 'pooling',
  linear: true,
  label: 'Average pool 1D',
  synonyms: ['mean pooling', 'downsample'],
  icon: 'fold-down',
  doc: `Takes the **mean** of each window of a sequence \`[time, channels]\`, channel by channel: *how much of the pattern is
around here?* Shortens and smooths the sequence. It has no parameters. The mean weighs all steps equally and spreads the gradient
over them. Max pooling keeps only the strongest step.

Sequences of different length are computed each as if it stood alone; one that is shorter than the window leaves no step.

[PyTorch: AvgPool1d](https://pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html)`,
  attributes: {
    ...poolAttributes1d(
      'Steps before and after the sequence; countPadding says whether the mean counts them, as zeros. A window that sees no other step gives 0.',
    ),
    countPadding,
  },
  frameworks: averagePoolFrameworks(1),
  forgetsOutput: true,

  seesAhead: ({ poolSize, padding }) => paddedAhead(poolSize, padding),

  infer({ poolSize, stride = poolSize, padding, dilation, ceilMode }, [input]) {
    return inferPooling(input, [{ kernel: poolSize, stride, dilation, padding }], ceilMode);
  },

  time: (_attributes, [input], axes, { constants }) => windowTime(constants.windows, input, axes),

  forward(pass) {
    averagePoolForward(pass, pass.attributes.countPadding);
  },

  backward(pass) {
    averagePoolBackward(pass, pass.attributes.countPadding);
  },

  samples: [
    { name: 'halving', inputs: [[6, 3]] },
    { name: 'windows that see only padding', inputs: [[3, 2]], attributes: { stride: 2, padding: [2, 3] } },
    { name: 'overlap, same', inputs: [[5, 2]], attributes: { poolSize: 3, stride: 1, padding: 'same' } },
    {
      name: 'padding counted',
      inputs: [[5, 2]],
      attributes: { poolSize: 2, padding: [1, 0], ceilMode: true, countPadding: true },
    },
    {
      name: 'a dilation as wide as its input',
      inputs: [[4, 1]],
      attributes: { padding: 'same', dilation: 4 },
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

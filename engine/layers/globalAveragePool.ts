/** GlobalAveragePool: one mean for each channel. */
import { defineLayer, perSampleInt } from './define.ts';
import { globalPoolFrameworks } from './frameworks/pooling.ts';
import { positionsOf, realPositions } from './positions.ts';
import { timeFirst } from './time.ts';

export const globalAveragePool = defineLayer({
  type: 'globalAveragePool',
  category: 'pooling',
  linear: true,
  label: 'Global average pool',
  synonyms: ['gap', 'mean over positions', 'adaptive pooling'],
  icon: 'fold-down',
  doc: `The **mean** of each channel over the whole image or sequence: **y[c] = Σ x[…, c] / positions**.

Turns \`[height, width, channels]\` or \`[time, channels]\` into \`[channels]\` for any size, without parameters. Before the
last dense layer it replaces flatten and saves a great many weights. Padded time steps are left out of the mean.

[Lin et al. 2013: Network in Network](https://arxiv.org/abs/1312.4400)`,
  attributes: {},
  frameworks: globalPoolFrameworks('Avg', 'Average'),
  ignoresOrder: () => true,
  forgetsOutput: true,

  time: (_attributes, [input], axes) => timeFirst(input, axes, 'dropped'),

  infer(_attributes, [input]) {
    const constants = positionsOf(input);
    if ('problem' in constants) return constants;
    return {
      output: [constants.channels],
      scratch: { real: perSampleInt() },
      constants,
      flops: constants.positions * constants.channels,
    };
  },

  /** y[N, C] = mean over positions of x[N, P, C]. */
  forward(pass) {
    const { kernels, batch, input, output, scratch, constants } = pass;
    const { positions, channels } = constants;
    const real = realPositions(constants, pass, scratch.real);
    kernels.averagePositions(batch, positions, channels, real, input.data, output.data);
  },

  /** dx = dy / positions at every real position. */
  backward(pass) {
    const { kernels, batch, gradInput, gradOutput, scratch, constants } = pass;
    if (!gradInput) return;
    const { positions, channels } = constants;
    const real = realPositions(constants, pass, scratch.real);
    kernels.averagePositionsBackward(batch, positions, channels, real, gradOutput.data, gradInput.data);
  },

  samples: [
    { name: 'image', inputs: [[3, 2, 4]] },
    { name: 'sequence', inputs: [[5, 3]] },
    { name: 'sequences of several lengths', inputs: [[5, 3]], lengths: [2, 5, 1] },
    { name: 'sequences of rows', inputs: [[4, 3, 2]], lengths: [2, 4, 1] },
  ],
  errorSamples: [{ name: 'a vector', inputs: [[4]], code: 'shape/rank' }],
});

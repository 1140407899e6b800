/** GlobalMaxPool: the largest value of each channel. */
import { defineLayer, perSampleInt } from './define.ts';
import { globalPoolFrameworks } from './frameworks/pooling.ts';
import { positionsOf, realPositions } from './positions.ts';
import { timeFirst } from './time.ts';

export const globalMaxPool = defineLayer({
  type: 'globalMaxPool',
  category: 'pooling',
  label: 'Global max pool',
  synonyms: ['gmp', 'maximum over positions', 'adaptive pooling'],
  icon: 'fold',
  doc: `The **largest** value of each channel over the whole image or sequence: **y[c] = max x[…, c]**.

Turns \`[height, width, channels]\` or \`[time, channels]\` into \`[channels]\` for any size: *does the pattern occur at all?*
The gradient goes to that one position, the first of the largest. Padded time steps are left out.

[Keras: GlobalMaxPooling2D](https://keras.io/api/layers/pooling_layers/global_max_pooling2d/)`,
  attributes: {},
  frameworks: globalPoolFrameworks('Max', 'Max'),
  ignoresOrder: () => true,
  forgetsOutput: true,
  keepsValues: true,

  time: (_attributes, [input], axes) => timeFirst(input, axes, 'dropped'),

  infer(_attributes, [input]) {
    const constants = positionsOf(input);
    if ('problem' in constants) return constants;
    const { positions, channels } = constants;
    return {
      output: [channels],
      saved: { argmax: perSampleInt(channels) },
      scratch: { real: perSampleInt() },
      constants,
      flops: positions * channels,
    };
  },

  /**
   * y[N, C] = max over positions of x[N, P, C]; argmax is its index in x, or −1 in a sample without positions. NaN counts as the
   * largest.
   */
  forward(pass) {
    const { kernels, batch, input, output, saved, scratch, constants } = pass;
    const { positions, channels } = constants;
    const real = realPositions(constants, pass, scratch.real);
    kernels.maxPositions(batch, positions, channels, real, input.data, output.data, saved.argmax.data);
  },

  /** All of dy goes to the position that was the largest. */
  backward({ batch, gradInput, gradOutput, saved, constants }) {
    if (!gradInput) return;
    for (let i = 0; i < batch * constants.channels; i++) {
      const at = saved.argmax.data[i];
      if (at >= 0) gradInput.data[at] += gradOutput.data[i];
    }
  },

  samples: [
    { name: 'image', inputs: [[3, 2, 4]], kinks: true },
    { name: 'sequence', inputs: [[5, 3]], kinks: true },
    { name: 'sequences of several lengths', inputs: [[5, 3]], lengths: [2, 5, 1], kinks: true },
    { name: 'sequences of rows', inputs: [[4, 3, 2]], lengths: [2, 4, 1], kinks: true },
  ],
  errorSamples: [{ name: 'a vector', inputs: [[4]], code: 'shape/rank' }],
});

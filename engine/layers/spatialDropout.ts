/** Spatial dropout: sets random channels to zero in training. */
import * as l10n from '@vscode/l10n';
import { number } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { always } from '../schema/onCard.ts';
import { defineLayer, perSample, problem, sizeOf } from './define.ts';
import { keepsTime } from './time.ts';

export const spatialDropout = defineLayer({
  type: 'spatialDropout',
  category: 'regularization',
  linear: true,
  ignoresOrder: () => true,
  dropShares: ['rate'],
  label: 'Spatial dropout',
  synonyms: ['dropout2d', 'drop channels'],
  icon: 'circle-slash',
  doc: `Dropout of whole channels. In training, each channel (entry of the last axis) of a sample is set to 0 everywhere
with probability *rate*, and the others are divided by 1 − rate. In evaluation it passes its input on unchanged.
It suits feature maps, where dropping single pixels changes little because their neighbours carry the same information.

[Tompson et al. 2015](https://arxiv.org/abs/1411.4280)`,
  attributes: {
    rate: number({ default: 0.5, min: 0, below: 1, onCard: always, doc: 'Share of channels set to 0.' }),
  },

  frameworks: {
    pytorch: [
      { name: 'Dropout1d', rank: 3, layout: 'channelsFirst', attributes: { rate: as('p', 0.5) } },
      { name: 'Dropout2d', rank: 4, layout: 'channelsFirst', attributes: { rate: as('p', 0.5) } },
    ],
    keras: [
      { name: 'SpatialDropout1D', rank: 3, attributes: { rate: 'rate' } },
      { name: 'SpatialDropout2D', rank: 4, attributes: { rate: 'rate' } },
    ],
  },

  time: keepsTime,

  infer(_attributes, [input]) {
    if (input.length < 2)
      return problem(
        'shape/rank',
        l10n.t(
          'needs positions and channels, e.g. [time, features] or [height, width, channels], found [{0}]. Use dropout.',
          input.join(', '),
        ),
      );
    const channels = input[input.length - 1];
    return {
      output: input,
      saved: { mask: perSample(channels) },
      constants: { channels, positions: sizeOf(input) / channels },
      flops: sizeOf(input),
    };
  },

  /** y[n, p, c] = x[n, p, c] · mask[n, c], the mask 0 or 1 / (1 − rate); in evaluation y = x. */
  forward({ kernels, batch, training, random, input, output, saved, attributes, constants }) {
    const { channels, positions } = constants;
    const { rate } = attributes;
    const x = input.data;
    const y = output.data;
    const mask = saved.mask.data;
    if (training) kernels.drawMask(random, batch * channels, rate, mask);
    else mask.fill(1, 0, batch * channels);
    for (let n = 0, i = 0; n < batch; n++)
      for (let p = 0; p < positions; p++)
        for (let c = 0; c < channels; c++, i++) y[i] = x[i] * mask[n * channels + c];
  },

  /** dx[n, p, c] += dy[n, p, c] · mask[n, c]. */
  backward({ batch, saved, gradInput, gradOutput, constants }) {
    if (!gradInput) return;
    const { channels, positions } = constants;
    const mask = saved.mask.data;
    const dy = gradOutput.data;
    const dx = gradInput.data;
    for (let n = 0, i = 0; n < batch; n++)
      for (let p = 0; p < positions; p++)
        for (let c = 0; c < channels; c++, i++) dx[i] += dy[i] * mask[n * channels + c];
  },

  samples: [
    { name: 'image', inputs: [[2, 3, 4]] },
    { name: 'sequence', inputs: [[3, 5]], attributes: { rate: 0.3 } },
    { name: 'nothing dropped', inputs: [[2, 2, 2]], attributes: { rate: 0 } },
  ],
  errorSamples: [{ name: 'a vector', inputs: [[5]], code: 'shape/rank' }],
});

/** Dropout: sets random values to zero in training. */
import { number } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { always } from '../schema/onCard.ts';
import { defineLayer, perSample, sizeOf } from './define.ts';
import { keepsTime } from './time.ts';

export const dropout = defineLayer({
  type: 'dropout',
  category: 'regularization',
  linear: true,
  ignoresOrder: () => true,
  dropShares: ['rate'],
  label: 'Dropout',
  synonyms: ['regularization', 'drop units'],
  icon: 'circle-slash',
  doc: `In training, sets each value to 0 with probability *rate* and divides the others by 1 − rate, so the expected value stays.
In evaluation it passes its input on unchanged. Units cannot rely on each other, which reduces overfitting.

The training loss is then higher than without dropout, because it is measured with the noise. After convolutions use
spatialDropout, because neighbouring pixels carry the same information.

[Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html)`,
  attributes: {
    rate: number({ default: 0.5, min: 0, below: 1, onCard: always, doc: 'Share of values set to 0.' }),
  },
  frameworks: {
    pytorch: {
      name: 'Dropout',
      functional: 'dropout',
      layout: 'anyAxes',
      attributes: { rate: as('p', 0.5) },
    },
    keras: { name: 'Dropout', layout: 'anyAxes', attributes: { rate: 'rate' } },
    onnx: { name: 'Dropout', layout: 'anyAxes', operands: ['data'], attributes: { rate: as('ratio', 0.5) } },
  },

  time: keepsTime,

  infer(_attributes, [input]) {
    const size = sizeOf(input);
    return { output: input, saved: { mask: perSample(...input) }, constants: { size }, flops: size };
  },

  /** y = x · mask, the mask 0 or 1 / (1 − rate); in evaluation y = x. */
  forward({ kernels, batch, training, random, input, output, saved, attributes, constants }) {
    const count = batch * constants.size;
    const mask = saved.mask.data;
    const { rate } = attributes;
    if (training) kernels.drawMask(random, count, rate, mask);
    else mask.fill(1, 0, count);
    kernels.multiply(count, false, input.data, mask, output.data);
  },

  /** dx += dy · mask. */
  backward({ kernels, batch, saved, gradInput, gradOutput, constants }) {
    if (!gradInput) return;
    kernels.multiply(batch * constants.size, true, gradOutput.data, saved.mask.data, gradInput.data);
  },

  samples: [
    { name: 'half', inputs: [[8]] },
    { name: 'image', inputs: [[3, 2, 2]], attributes: { rate: 0.2 } },
    { name: 'nothing dropped', inputs: [[4]], attributes: { rate: 0 } },
  ],
  errorSamples: [],
});

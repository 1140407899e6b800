/** Input: where data enters the network. */
import { integers } from '../schema/attributes.ts';
import { bare } from '../schema/onCard.ts';
import { defineLayer, mostAxes } from './define.ts';
import { keepsTime } from './time.ts';

export const input = defineLayer({
  type: 'input',
  category: 'input',
  label: 'Input',
  synonyms: ['source', 'placeholder', 'image', 'start'],
  icon: 'sign-in',
  doc: `The data enter the network here. The shape is that of one sample.

Channels and features come last: \`[features]\`, \`[time, features]\`, \`[height, width, channels]\`. The batch axis is
not written. A sequence of symbols (for an embedding) has the shape \`[time]\`.`,
  attributes: {
    shape: integers({
      min: 1,
      minLength: 1,
      maxLength: mostAxes,
      start: [28, 28, 1],
      onCard: bare,
      doc: 'Sizes of one sample, e.g. [28, 28, 1].',
    }),
  },
  inputs: [],

  time: keepsTime,

  infer({ shape }) {
    return { output: shape };
  },

  /** Nothing to compute: the plan copies a batch of data into the output. */
  forward() {},

  /** Data has no gradient. */
  backward() {},

  samples: [
    { name: 'vector', inputs: [], attributes: { shape: [4] } },
    { name: 'sequence', inputs: [], attributes: { shape: [5, 3] } },
    { name: 'image', inputs: [], attributes: { shape: [4, 4, 2] } },
  ],
  errorSamples: [],
});

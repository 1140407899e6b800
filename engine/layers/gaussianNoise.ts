/** Gaussian noise: adds random numbers to values in training. */
import { number } from '../schema/attributes.ts';
import { defineLayer, sizeOf } from './define.ts';
import { keepsTime } from './time.ts';

export const gaussianNoise = defineLayer({
  type: 'gaussianNoise',
  category: 'regularization',
  linear: true,
  ignoresOrder: () => true,
  noiseDeviation: 'std',
  label: 'Gaussian noise',
  synonyms: ['jitter', 'augmentation'],
  icon: 'pulse',
  doc: `In training, adds normal noise with mean 0 to every value. In evaluation it passes its input on unchanged.
After the input it is a simple data augmentation and makes the network smooth around the samples.

[Bishop 1995: training with noise is Tikhonov regularization](https://doi.org/10.1162/neco.1995.7.1.108)`,
  attributes: {
    std: number({
      default: 0.1,
      min: 0,
      onCard: { words: (shown) => `σ ${shown}`, always: true },
      doc: 'Standard deviation of the noise, in the unit of the input.',
    }),
  },

  frameworks: { keras: { name: 'GaussianNoise', layout: 'anyAxes', attributes: { std: 'stddev' } } },

  time: keepsTime,

  infer(_attributes, [input]) {
    const size = sizeOf(input);
    return { output: input, constants: { size }, flops: size };
  },

  /** y = x + std · z, z standard normal; in evaluation y = x. */
  forward({ batch, training, random, input, output, attributes, constants }) {
    const count = batch * constants.size;
    const x = input.data;
    const y = output.data;
    if (training) for (let i = 0; i < count; i++) y[i] = x[i] + attributes.std * random.normal();
    else for (let i = 0; i < count; i++) y[i] = x[i];
  },

  /** dx += dy. */
  backward({ kernels, batch, gradInput, gradOutput, constants }) {
    if (gradInput) kernels.addScaled(batch * constants.size, 1, gradOutput.data, 0, gradInput.data, 0);
  },

  samples: [
    { name: 'vector', inputs: [[6]] },
    { name: 'image', inputs: [[3, 2, 2]], attributes: { std: 0.5 } },
    { name: 'no noise', inputs: [[4]], attributes: { std: 0 } },
  ],
  errorSamples: [],
});

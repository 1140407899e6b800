/** Positional encoding: adds to every time step a pattern of waves that encodes its position. */
import * as l10n from '@vscode/l10n';
import { number } from '../schema/attributes.ts';
import { defineLayer, problem, sizeOf } from './define.ts';
import { timeFirst } from './time.ts';

export const positionalEncoding = defineLayer({
  type: 'positionalEncoding',
  category: 'attention',
  label: 'Positional encoding',
  synonyms: ['position embedding', 'sinusoid', 'transformer'],
  icon: 'symbol-ruler',
  doc: `Adds to every time step a fixed pattern of sines and cosines, so that attention, which ignores order, can distinguish
positions: **y[t, 2i] = x + sin(t·ωᵢ)**, **y[t, 2i+1] = x + cos(t·ωᵢ)** with **ωᵢ = period^(−2i / features)**.
Wavelengths run from 2π steps to nearly 2π·period.

[Vaswani et al. 2017, section 3.5](https://arxiv.org/abs/1706.03762)`,
  attributes: {
    period: number({
      default: 10_000,
      min: 1,
      doc: 'Ratio of the longest wavelength to the shortest, nearly reached with many features.',
    }),
  },

  time: (_attributes, [input], axes) => timeFirst(input, axes, { axis: 0 }),

  infer(_attributes, [input]) {
    if (input.length !== 2)
      return problem(
        'shape/rank',
        l10n.t(
          'needs an input of [time, features], found [{0}]. Put a reshape or an embedding before it.',
          input.join(', '),
        ),
      );
    const [steps, features] = input;
    return { output: input, constants: { steps, features }, flops: sizeOf(input) };
  },

  /** y[N, T, F] = x[N, T, F] + waves[T, F]. */
  forward({ batch, input, output, attributes, constants }) {
    const { steps, features } = constants;
    const x = input.data;
    const y = output.data;
    for (let f = 0; f < features; f++) {
      const isCosine = f % 2 === 1;
      const frequency = attributes.period ** (-(f - Number(isCosine)) / features);
      for (let t = 0; t < steps; t++) {
        const wave = isCosine ? Math.cos(t * frequency) : Math.sin(t * frequency);
        for (let n = 0, i = t * features + f; n < batch; n++, i += steps * features) y[i] = x[i] + wave;
      }
    }
  },

  /** dx += dy. */
  backward({ kernels, batch, gradInput, gradOutput, constants }) {
    const count = batch * constants.steps * constants.features;
    if (gradInput) kernels.addScaled(count, 1, gradOutput.data, 0, gradInput.data, 0);
  },

  samples: [
    { name: 'even features', inputs: [[4, 6]] },
    { name: 'odd features', inputs: [[3, 5]], attributes: { period: 100 } },
    { name: 'one feature', inputs: [[5, 1]] },
  ],
  errorSamples: [
    { name: 'a vector', inputs: [[5]], code: 'shape/rank' },
    { name: 'an image', inputs: [[4, 4, 1]], code: 'shape/rank' },
  ],
});

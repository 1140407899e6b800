/** Last step: the values of a sequence at its last real step. */
import * as l10n from '@vscode/l10n';
import { defineLayer, problem, sizeOf } from './define.ts';
import { timeFirst } from './time.ts';

export const lastStep = defineLayer({
  type: 'lastStep',
  category: 'recurrent',
  label: 'Last step',
  synonyms: ['last output', 'many to one', 'take last'],
  icon: 'debug-continue',
  doc: `Takes the last real step of a sequence: \`[time, features]\` becomes \`[features]\`, **y = x[length − 1]**. Padding of shorter
sequences is skipped.

After a recurrent layer with returnSequences, it gives the output that the layer would have without, so one layer can serve both
purposes.`,
  attributes: {},
  forgetsOutput: true,
  keepsValues: true,
  takesLast: true,

  time: (_attributes, [input], axes) => timeFirst(input, axes, 'dropped'),

  infer(_attributes, [input]) {
    if (input.length < 2)
      return problem(
        'shape/rank',
        l10n.t(
          'needs a sequence [time, features], found [{0}]. Put it after a layer with returnSequences.',
          input.join(', '),
        ),
      );
    const [time, ...rest] = input;
    return { output: rest, constants: { time, width: sizeOf(rest) } };
  },

  /** y[B, W] = x[B, T, W] at t = length − 1; 0 for an empty sequence. */
  forward({ batch, lengths, input, output, constants }) {
    const { time, width } = constants;
    for (let b = 0; b < batch; b++) {
      const t = lastOf(lengths, b, time);
      for (let i = 0; i < width; i++)
        output.data[b * width + i] = t < 0 ? 0 : input.data[(b * time + t) * width + i];
    }
  },

  /** dx[B, T, W] += dy[B, W] at t = length − 1. */
  backward({ batch, lengths, gradInput, gradOutput, constants }) {
    if (!gradInput) return;
    const { time, width } = constants;
    for (let b = 0; b < batch; b++) {
      const t = lastOf(lengths, b, time);
      if (t < 0) continue;
      for (let i = 0; i < width; i++)
        gradInput.data[(b * time + t) * width + i] += gradOutput.data[b * width + i];
    }
  },

  samples: [
    { name: 'whole sequences', inputs: [[4, 3]] },
    { name: 'sequences of different length', inputs: [[4, 2]], lengths: [2, 4, 0] },
    { name: 'a sequence of images', inputs: [[3, 2, 2]] },
  ],
  errorSamples: [{ name: 'a vector', inputs: [[4]], code: 'shape/rank' }],
});

const lastOf = (lengths: Int32Array | undefined, sample: number, time: number): number =>
  (lengths ? lengths[sample] : time) - 1;

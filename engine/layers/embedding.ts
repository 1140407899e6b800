/** Embedding: looks up a trained vector for each symbol. */

import * as l10n from '@vscode/l10n';
import { initializer } from '../initializers/registry.ts';
import { integer } from '../schema/attributes.ts';
import { only } from '../schema/frameworks.ts';
import { amount } from '../schema/onCard.ts';
import { ProblemError } from '../schema/problem.ts';
import { defineLayer, perSampleInt, sizeOf } from './define.ts';
import { indexOrNull } from './frameworks/conversions.ts';
import { keepsTime } from './time.ts';

export const embedding = defineLayer({
  type: 'embedding',
  category: 'recurrent',
  label: 'Embedding',
  synonyms: ['lookup table', 'token', 'word vectors'],
  icon: 'symbol-key',
  doc: `Looks up each whole number of the input in a trained table: **y = E[id]**. This equals a one-hot vector times a matrix, without
the multiplications by zero. Recurrent layers read words and characters through it: input \`[time]\`, output \`[time, units]\`.

Only rows that were looked up get a gradient, so the vectors of rare symbols learn slowly.

[PyTorch: Embedding](https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html)`,
  attributes: {
    vocabularySize: integer({
      min: 1,
      onCard: amount('symbols'),
      doc: 'Number of symbols. Ids run from 0 to vocabularySize − 1.',
    }),
    units: integer({ min: 1, start: 64, onCard: amount('units'), doc: 'Length of each vector.' }),
    paddingId: integer({
      min: -1,
      default: -1,
      doc: 'An id that stands for padding: its vector is not trained. −1: none.',
    }),
    kernelInitializer: initializer('uniform', 'How the vectors start.'),
  },
  frameworks: {
    pytorch: {
      name: 'Embedding',
      functional: 'embedding',
      attributes: {
        vocabularySize: 'num_embeddings',
        units: 'embedding_dim',
        paddingId: indexOrNull('padding_idx'),
      },
      parameters: { kernel: 'weight' },
    },
    keras: {
      name: 'Embedding',
      attributes: { vocabularySize: 'input_dim', units: 'output_dim', paddingId: only(-1) },
      parameters: { kernel: 'embeddings' },
    },
  },
  forgetsOutput: true,
  ignoresOrder: () => true,
  indexLimit: 'vocabularySize',

  time: keepsTime,

  infer({ vocabularySize, units, kernelInitializer }, [input]) {
    return {
      output: [...input, units],
      parameters: { kernel: { shape: [vocabularySize, units], initializer: kernelInitializer } },
      saved: { ids: perSampleInt(...input) },
      constants: { count: sizeOf(input) },
    };
  },

  /** y[R, U] = kernel[V, U] at rows ids[R], with R = batch × the axes of the input. */
  forward({ kernels, batch, input, output, parameters, saved, attributes, constants }) {
    const { vocabularySize, units } = attributes;
    const rows = batch * constants.count;
    const ids = saved.ids.data;
    for (let row = 0; row < rows; row++) ids[row] = checkId(input.data[row], vocabularySize);
    kernels.gatherRows(rows, units, ids, 0, parameters.kernel.data, 0, units, output.data, 0, units);
  },

  /** dKernel[ids[r], :] += dy[r, :]; ids have no gradient. */
  backward({ kernels, batch, saved, gradOutput, gradParameters, attributes, constants }) {
    const { units, paddingId } = attributes;
    const rows = batch * constants.count;
    const ids = saved.ids.data;
    // A negative index is skipped.
    if (paddingId >= 0) for (let row = 0; row < rows; row++) if (ids[row] === paddingId) ids[row] = -1;
    kernels.scatterRows(
      rows,
      units,
      ids,
      0,
      gradOutput.data,
      0,
      units,
      gradParameters.kernel.data,
      0,
      units,
      true,
    );
  },

  samples: [
    { name: 'sequence', inputs: [[5]], attributes: { vocabularySize: 4, units: 3 }, indicesBelow: 4 },
    { name: 'one symbol', inputs: [[]], attributes: { vocabularySize: 3, units: 2 }, indicesBelow: 3 },
    {
      name: 'lists of symbols',
      inputs: [[2, 3]],
      attributes: { vocabularySize: 5, units: 1 },
      indicesBelow: 5,
    },
  ],
  errorSamples: [],
});

function checkId(id: number, vocabularySize: number): number {
  if (Number.isInteger(id) && id >= 0 && id < vocabularySize) return id;
  throw new ProblemError(
    'data/id',
    l10n.t(
      'looks up whole numbers from 0 to {0}, because vocabularySize is {1}; the data holds {2}. Raise vocabularySize, or correct the data.',
      vocabularySize - 1,
      vocabularySize,
      id,
    ),
    ['vocabularySize'],
  );
}

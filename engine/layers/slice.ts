/** Slice: a part of its input along one axis. */
import * as l10n from '@vscode/l10n';
import { integer } from '../schema/attributes.ts';
import { amount, inWords } from '../schema/onCard.ts';
import { findAxis, viewAxis } from './axis.ts';
import { defineLayer, problem } from './define.ts';
import { countedAxis } from './frameworks/conversions.ts';
import { firstOf } from './time.ts';

export const slice = defineLayer({
  type: 'slice',
  category: 'shape',
  linear: true,
  label: 'Slice',
  synonyms: ['split', 'crop', 'narrow', 'select columns', 'part'],
  icon: 'screen-cut',
  doc: `Takes neighbouring entries along one axis, by default the last: with start 2 and size 3, \`[8]\` becomes \`[3]\`, its entries
2, 3 and 4, counted from 0. The other entries get no gradient from this layer.

Several slices of one input give each branch of a network its own columns of a table or channels of an image.

[PyTorch: narrow](https://pytorch.org/docs/stable/generated/torch.narrow.html)`,
  attributes: {
    start: integer({
      min: 0,
      default: 0,
      onCard: inWords((shown) => l10n.t('from {0}', shown)),
      doc: 'The first entry that is taken, counted from 0.',
    }),
    size: integer({ min: 1, start: 1, onCard: amount('entries'), doc: 'Number of entries.' }),
    axis: integer({
      default: -1,
      doc: 'The axis that is shortened: 1 is the first of a sample, −1 the last.',
    }),
  },
  frameworks: {
    pytorch: {
      name: 'narrow',
      functional: 'narrow',
      layout: 'anyAxes',
      attributes: { start: 'start', size: 'length', axis: countedAxis('dim') },
    },
  },
  forgetsOutput: true,
  keepsValues: true,

  time({ axis, start, size }, [input], axes) {
    const time = firstOf(axes);
    if (findAxis(axis, input) !== time) return { axis: time };
    return { axis: time, steps: (length) => Math.min(size, Math.max(0, length - start)) };
  },

  infer({ axis, start, size }, [input]) {
    const index = findAxis(axis, input);
    if (typeof index === 'object') return index;
    const found = input[index];
    if (start + size > found)
      return problem(
        'shape/slice',
        l10n.t(
          'needs {0} entries along axis {1}, found {2} in [{3}]. Lower "start" or "size".',
          start + size,
          index + 1,
          found,
          input.join(', '),
        ),
        start < found ? 'size' : 'start',
      );
    const { outer, inner } = viewAxis(input, index);
    return {
      output: input.map((length, at) => (at === index ? size : length)),
      constants: { outer, row: found * inner, first: start * inner, width: size * inner },
    };
  },

  /** y[R, W] = x[R, first … first + W], with R = batch × the axes before. */
  forward({ batch, input, output, constants: { outer, row, first, width } }) {
    const x = input.data;
    const y = output.data;
    for (let r = 0, to = 0; r < batch * outer; r++)
      for (let i = r * row + first, end = i + width; i < end; i++) y[to++] = x[i];
  },

  /** dx[R, first … first + W] += dy[R, W]. */
  backward({ batch, gradInput, gradOutput, constants: { outer, row, first, width } }) {
    if (!gradInput) return;
    const dx = gradInput.data;
    const dy = gradOutput.data;
    for (let r = 0, from = 0; r < batch * outer; r++)
      for (let i = r * row + first, end = i + width; i < end; i++) dx[i] += dy[from++];
  },

  samples: [
    { name: 'the first features', inputs: [[5]], attributes: { size: 2 } },
    { name: 'features in the middle', inputs: [[5]], attributes: { start: 1, size: 3 } },
    { name: 'the last channel of an image', inputs: [[2, 3, 3]], attributes: { start: 2, size: 1 } },
    { name: 'rows of an image', inputs: [[4, 2, 2]], attributes: { start: 1, size: 2, axis: 1 } },
    { name: 'steps of a sequence', inputs: [[5, 2]], attributes: { start: 2, size: 2, axis: 1 } },
    {
      name: 'features of sequences of different length',
      inputs: [[4, 3]],
      attributes: { start: 1, size: 2 },
      lengths: [2, 4, 0],
    },
    {
      name: 'steps of sequences of different length',
      inputs: [[4, 2]],
      attributes: { start: 1, size: 2, axis: 1 },
      lengths: [2, 4, 0],
    },
  ],
  errorSamples: [
    { name: 'past the end', inputs: [[5]], attributes: { start: 3, size: 3 }, code: 'shape/slice' },
    { name: 'behind the end', inputs: [[5]], attributes: { start: 5, size: 1 }, code: 'shape/slice' },
    { name: 'an axis too many', inputs: [[5]], attributes: { size: 1, axis: 2 }, code: 'shape/axis' },
    { name: 'a single number', inputs: [[]], attributes: { size: 1 }, code: 'shape/rank' },
  ],
});

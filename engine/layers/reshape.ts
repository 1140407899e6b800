/** Reshape: the same values in the same order, with another shape. */
import * as l10n from '@vscode/l10n';
import { integers } from '../schema/attributes.ts';
import { bare } from '../schema/onCard.ts';
import { counted } from '../schema/text.ts';
import { defineLayer, mostAxes, problem, type Shape, sizeOf } from './define.ts';
import { reshapedTime } from './time.ts';

export const reshape = defineLayer({
  type: 'reshape',
  category: 'shape',
  linear: true,
  label: 'Reshape',
  synonyms: ['view', 'squeeze', 'unsqueeze'],
  icon: 'layout',
  doc: `Gives a sample another shape. The values keep their order, with the last axis fastest. One size may be −1: it follows from the others.

[Keras: Reshape](https://keras.io/api/layers/reshaping_layers/reshape/)`,
  attributes: {
    shape: integers({
      min: -1,
      minLength: 1,
      maxLength: mostAxes,
      start: [-1],
      onCard: bare,
      doc: 'The new sizes of one sample; one may be −1, e.g. [-1, 8].',
    }),
  },
  frameworks: { keras: { name: 'Reshape', attributes: { shape: 'target_shape' } } },
  view: true,
  keepsValues: true,

  /** An axis of size 1 at the end, a square image, or the last two axes as one. */
  bridges(input) {
    const side = Math.sqrt(sizeOf(input));
    const isSquare = input.length === 1 && Number.isInteger(side);
    const joined = [...input.slice(0, -2), sizeOf(input.slice(-2))];
    return [[...input, 1], ...(isSquare ? [[side, side, 1]] : []), [...input, 1, 1], joined].map((shape) => ({
      shape,
    }));
  },

  time({ shape }, [input], axes) {
    return reshapedTime(input, sizesOf(shape, sizeOf(input)), axes);
  },

  infer({ shape }, [input]) {
    const size = sizeOf(input);
    const open = shape.filter((length) => length === -1).length;
    if (open > 1 || shape.includes(0))
      return problem(
        'attribute/shape',
        l10n.t(
          'shape [{0}] needs sizes of at least 1, and at most one −1 for what remains.',
          shape.join(', '),
        ),
        'shape',
      );
    const given = sizeOf(shape.filter((length) => length !== -1));
    if (open === 0 ? given !== size : size % given !== 0)
      return problem(
        'shape/size',
        l10n.t(
          'shape [{0}] cannot hold its input [{1}] of {2}. Choose sizes whose product is {3}, or one −1 and divisors of {3}.',
          shape.join(', '),
          input.join(', '),
          counted(size, 'values'),
          size,
        ),
        'shape',
      );
    return { output: sizesOf(shape, size), constants: { size } };
  },

  /** y = x in the same order. */
  forward({ batch, input, output, constants }) {
    const x = input.data;
    const y = output.data;
    for (let i = 0; i < batch * constants.size; i++) y[i] = x[i];
  },

  /** dx += dy. */
  backward({ kernels, batch, gradInput, gradOutput, constants }) {
    if (gradInput) kernels.addScaled(batch * constants.size, 1, gradOutput.data, 0, gradInput.data, 0);
  },

  samples: [
    { name: 'vector to image', inputs: [[12]], attributes: { shape: [2, 3, 2] } },
    { name: 'what remains', inputs: [[3, 4]], attributes: { shape: [-1, 2] } },
    { name: 'an axis of one', inputs: [[5]], attributes: { shape: [5, 1] } },
  ],
  errorSamples: [
    { name: 'another size', inputs: [[12]], attributes: { shape: [5, 2] }, code: 'shape/size' },
    { name: 'no divisor', inputs: [[12]], attributes: { shape: [-1, 5] }, code: 'shape/size' },
    { name: 'two open sizes', inputs: [[12]], attributes: { shape: [-1, -1] }, code: 'attribute/shape' },
    { name: 'a size of 0', inputs: [[12]], attributes: { shape: [0, 12] }, code: 'attribute/shape' },
  ],
});

/** The sizes of the output, where −1 is replaced by what remains of `size`. */
const sizesOf = (shape: Shape, size: number): number[] =>
  shape.map((length) => (length === -1 ? size / sizeOf(shape.filter((one) => one !== -1)) : length));

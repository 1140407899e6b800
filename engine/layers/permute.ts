/** Permute: puts the axes of a sample into another order. */
import * as l10n from '@vscode/l10n';
import { integers } from '../schema/attributes.ts';
import { inWords } from '../schema/onCard.ts';
import { defineLayer, mostAxes, problem, sizeOf } from './define.ts';
import { axisOrder } from './frameworks/conversions.ts';
import { counterFor } from './merge.ts';
import { copyStrided, scatterAdd, stridesOf } from './strided.ts';
import { firstOf } from './time.ts';

export const permute = defineLayer({
  type: 'permute',
  category: 'shape',
  linear: true,
  label: 'Permute',
  synonyms: ['transpose', 'swap axes'],
  icon: 'arrow-swap',
  doc: `Puts the axes of a sample in another order: with \`[2, 1]\`, \`[time, features]\` becomes \`[features, time]\`.
Axes are counted from 1, the batch being 0.

[Keras: Permute](https://keras.io/api/layers/reshaping_layers/permute/)`,
  attributes: {
    axes: integers({
      min: 1,
      minLength: 1,
      maxLength: mostAxes,
      onCard: inWords((shown) => shown.replaceAll('×', ', ')),
      doc: 'Every axis once, in the new order, e.g. [2, 1].',
    }),
  },
  frameworks: {
    pytorch: {
      name: 'permute',
      functional: 'permute',
      layout: 'anyAxes',
      attributes: { axes: axisOrder('dims', 'stated') },
    },
    keras: { name: 'Permute', attributes: { axes: 'dims' } },
    onnx: { name: 'Transpose', layout: 'anyAxes', attributes: { axes: axisOrder('perm', 'reversed') } },
  },
  forgetsOutput: true,
  keepsValues: true,

  time({ axes }, _inputs, times) {
    return { axis: axes.indexOf(firstOf(times) + 1) };
  },

  infer({ axes }, [input]) {
    const wanted = input.map((_, axis) => axis + 1);
    if (axes.length !== input.length || wanted.some((axis) => !axes.includes(axis)))
      return problem(
        'shape/axis',
        l10n.t(
          'axes [{0}] must name each axis of its input [{1}] once. Use {2} in the order you want.',
          axes.join(', '),
          input.join(', '),
          wanted.join(', '),
        ),
        'axes',
      );
    const output = axes.map((axis) => input[axis - 1]);
    const strides = stridesOf(input);
    const size = sizeOf(input);
    return {
      output,
      scratch: { counter: counterFor(output) },
      constants: {
        view: {
          sizes: output,
          strides: axes.map((axis) => strides[axis - 1]),
          outputSize: size,
          sourceSize: size,
        },
      },
    };
  },

  /** y[…, iₐ, …] = x[…], with each axis in its new position. */
  forward({ batch, input, output, scratch, constants }) {
    copyStrided(constants.view, batch, scratch.counter.data, input.data, output.data);
  },

  /** dx += dy, with each axis back in its old position. */
  backward({ batch, gradInput, gradOutput, scratch, constants }) {
    if (gradInput)
      scatterAdd(constants.view, batch, scratch.counter.data, 1, gradOutput.data, gradInput.data);
  },

  samples: [
    { name: 'transpose', inputs: [[3, 4]], attributes: { axes: [2, 1] } },
    { name: 'channels first', inputs: [[2, 3, 4]], attributes: { axes: [3, 1, 2] } },
    { name: 'as it was', inputs: [[2, 3]], attributes: { axes: [1, 2] } },
  ],
  errorSamples: [
    { name: 'an axis twice', inputs: [[3, 4]], attributes: { axes: [1, 1] }, code: 'shape/axis' },
    { name: 'an axis too many', inputs: [[3, 4]], attributes: { axes: [1, 3] }, code: 'shape/axis' },
    { name: 'an axis left out', inputs: [[3, 4, 2]], attributes: { axes: [2, 1] }, code: 'shape/axis' },
  ],
});

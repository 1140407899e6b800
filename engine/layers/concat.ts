/** Concat: joins its inputs along one axis. */
import * as l10n from '@vscode/l10n';
import { integer } from '../schema/attributes.ts';
import { findAxis, viewAxis } from './axis.ts';
import { defineLayer, type Problem, problem } from './define.ts';
import { countedAxis } from './frameworks/conversions.ts';
import { mergedTime, mergePorts } from './merge.ts';

export const concat = defineLayer({
  type: 'concat',
  category: 'merge',
  label: 'Concat',
  synonyms: ['cat', 'join', 'merge channels'],
  icon: 'split-horizontal',
  doc: `Puts its inputs side by side along one axis, by default the last: \`[h, w, 8]\` and \`[h, w, 4]\` become
\`[h, w, 12]\`. All other axes must agree.

[PyTorch: cat](https://pytorch.org/docs/stable/generated/torch.cat.html)`,
  attributes: {
    axis: integer({ default: -1, doc: 'The axis that grows: 1 is the first of a sample, −1 the last.' }),
  },
  frameworks: {
    pytorch: {
      name: 'cat',
      functional: 'cat',
      layout: 'anyAxes',
      attributes: { axis: countedAxis('dim', 0) },
    },
    keras: { name: 'Concatenate', layout: 'anyAxes', attributes: { axis: countedAxis('axis', -1) } },
    onnx: { name: 'Concat', layout: 'anyAxes', attributes: { axis: countedAxis('axis') } },
  },
  inputs: mergePorts,
  forgetsOutput: true,
  keepsValues: true,

  time({ axis }, inputs, axes) {
    const merged = mergedTime({}, inputs, axes);
    if ('problem' in merged || findAxis(axis, inputs[0]) !== merged.axis) return merged;
    // Nothing follows the last input, so its padding stays at the end.
    const last = inputs.length - 1;
    if (axes.findIndex((one) => one !== undefined) < last) return padsInside();
    const before = inputs.slice(0, last).reduce((sum, shape) => sum + shape[merged.axis], 0);
    return { axis: merged.axis, steps: (length) => before + length };
  },

  infer({ axis }, inputs) {
    const [first] = inputs;
    const index = findAxis(axis, first);
    if (typeof index === 'object') return index;
    const other = inputs.find(
      (shape) =>
        shape.length !== first.length || shape.some((size, at) => at !== index && size !== first[at]),
    );
    if (other)
      return problem(
        'shape/mismatch',
        l10n.t(
          'needs inputs that agree in every axis but {0}, found [{1}] and [{2}]. Make the layers before it agree, or join along another axis.',
          index + 1,
          first.join(', '),
          other.join(', '),
        ),
      );
    const total = inputs.reduce((sum, shape) => sum + shape[index], 0);
    const { outer, inner } = viewAxis(first, index);
    return {
      output: first.map((size, at) => (at === index ? total : size)),
      constants: {
        outer,
        /** Elements of one row of the output, and of each input. */
        width: total * inner,
        widths: inputs.map((shape) => shape[index] * inner),
      },
    };
  },

  /** y[R, ΣWₖ] = x₀[R, W₀], x₁[R, W₁], … joined, with R = batch × the axes before. */
  forward({ batch, inputs, output, constants }) {
    const { outer, width, widths } = constants;
    const y = output.data;
    for (let k = 0, start = 0; k < inputs.length; start += widths[k], k++) {
      const x = inputs[k].data;
      for (let row = 0, from = 0; row < batch * outer; row++)
        for (let i = row * width + start, end = i + widths[k]; i < end; i++) y[i] = x[from++];
    }
  },

  /** dxₖ += its part of dy. */
  backward({ batch, gradInputs, gradOutput, constants }) {
    const { outer, width, widths } = constants;
    const dy = gradOutput.data;
    for (let k = 0, start = 0; k < gradInputs.length; start += widths[k], k++) {
      const dx = gradInputs[k]?.data;
      if (!dx) continue;
      for (let row = 0, to = 0; row < batch * outer; row++)
        for (let i = row * width + start, end = i + widths[k]; i < end; i++) dx[to++] += dy[i];
    }
  },

  samples: [
    { name: 'two vectors', inputs: [[3], [4]] },
    {
      name: 'channels of three images',
      inputs: [
        [2, 2, 1],
        [2, 2, 3],
        [2, 2, 2],
      ],
    },
    {
      name: 'along the first axis',
      inputs: [
        [2, 3],
        [1, 3],
      ],
      attributes: { axis: 1 },
    },
    {
      name: 'along a middle axis',
      inputs: [
        [2, 1, 2],
        [2, 3, 2],
      ],
      attributes: { axis: -2 },
    },
  ],
  errorSamples: [
    {
      name: 'other sizes elsewhere',
      inputs: [
        [3, 4],
        [2, 4],
      ],
      code: 'shape/mismatch',
    },
    { name: 'other ranks', inputs: [[4], [3, 4]], code: 'shape/mismatch' },
    { name: 'an axis too many', inputs: [[4], [4]], attributes: { axis: 2 }, code: 'shape/axis' },
    { name: 'the batch axis', inputs: [[4], [4]], attributes: { axis: 0 }, code: 'shape/axis' },
    { name: 'single numbers', inputs: [[], []], code: 'shape/rank' },
  ],
});

const padsInside = (): { readonly problem: Problem } =>
  problem(
    'time/padding',
    l10n.t(
      'would put padding between the steps of its inputs, because the sequences of the data differ in length. Join along another axis, make the sequence the last input and the only one that is padded, or use sequences of one length.',
    ),
  );

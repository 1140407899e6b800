/** Softmax: turns scores into probabilities that add up to 1. */
import { integer } from '../schema/attributes.ts';
import { activationDoc } from './activation.ts';
import { findAxis, softmaxShape, viewAxis } from './axis.ts';
import { defineLayer, sizeOf } from './define.ts';
import { countedAxis } from './frameworks/conversions.ts';
import { keepsTime } from './time.ts';

export const softmax = defineLayer({
  type: 'softmax',
  category: 'activation',
  label: 'Softmax',
  synonyms: ['probabilities', 'normalized exponential'],
  reach: () => ({ least: 0, most: 1 }),
  produces: 'probabilities',
  icon: 'graph-line',
  doc: activationDoc({
    summary: 'Turns scores into probabilities that sum to one, e.g. over classes.',
    formula:
      'yᵢ = e^(xᵢ) / Σⱼ e^(xⱼ), computed with the largest score subtracted, which changes nothing and cannot overflow',
    derivative: '∂yᵢ/∂xⱼ = yᵢ·(δᵢⱼ − yⱼ): every output depends on every score',
    range: '(0, 1), summing to 1 along the axis',
    zeroCentred: 'no: outputs are all positive',
    saturates:
      'when one score is by far the largest: its output is near 1, the others are near 0, and so are all derivatives',
    failure:
      'vanishing gradient of a confident wrong answer when followed by a loss other than cross-entropy',
    remedy: 'logits for softmaxCrossEntropy, whose gradient is y − target, and no softmax layer in training',
    source: '[PyTorch: Softmax](https://pytorch.org/docs/stable/generated/torch.nn.Softmax.html)',
  }),
  attributes: {
    axis: integer({
      default: -1,
      doc: 'The axis that sums to one: 1 is the first of a sample, −1 the last.',
    }),
  },
  frameworks: {
    pytorch: {
      name: 'Softmax',
      functional: 'softmax',
      layout: 'anyAxes',
      attributes: { axis: countedAxis('dim') },
    },
    keras: {
      name: 'Softmax',
      functional: 'softmax',
      layout: 'anyAxes',
      attributes: { axis: countedAxis('axis', -1) },
    },
    onnx: { name: 'Softmax', layout: 'anyAxes', attributes: { axis: countedAxis('axis', -1) } },
  },

  time: keepsTime,

  infer({ axis }, [input]) {
    const index = findAxis(axis, input);
    if (typeof index === 'object') return index;
    return { output: input, constants: { ...viewAxis(input, index), axis: index }, flops: 3 * sizeOf(input) };
  },

  /** y[R, K, S] over K, with R = batch × outer and S = contiguous inner values. Over time, K counts only real steps. */
  forward(pass) {
    pass.kernels.softmax(softmaxShape(pass), pass.input.data, pass.output.data);
  },

  /** dx += y · (dy − Σ_K dy·y). */
  backward(pass) {
    const { kernels, output, gradInput, gradOutput } = pass;
    if (gradInput) kernels.softmaxBackward(softmaxShape(pass), output.data, gradOutput.data, gradInput.data);
  },

  samples: [
    { name: 'vector', inputs: [[5]] },
    { name: 'every time step', inputs: [[3, 4]] },
    { name: 'first axis', inputs: [[4, 3]], attributes: { axis: 1 } },
    { name: 'middle axis', inputs: [[2, 3, 2]], attributes: { axis: -2 } },
    { name: 'over time', inputs: [[4, 2]], attributes: { axis: 1 }, lengths: [3, 4, 1] },
  ],
  errorSamples: [
    { name: 'the batch axis', inputs: [[4]], attributes: { axis: 0 }, code: 'shape/axis' },
    { name: 'an axis too many', inputs: [[4, 3]], attributes: { axis: 3 }, code: 'shape/axis' },
    { name: 'a single number', inputs: [[]], code: 'shape/rank' },
  ],
});

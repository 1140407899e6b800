/** Log-softmax: turns scores into log-probabilities. */
import { integer } from '../schema/attributes.ts';
import { only } from '../schema/frameworks.ts';
import { activationDoc } from './activation.ts';
import { findAxis, softmaxShape, viewAxis } from './axis.ts';
import { defineLayer, sizeOf } from './define.ts';
import { countedAxis } from './frameworks/conversions.ts';
import { keepsTime } from './time.ts';

export const logSoftmax = defineLayer({
  type: 'logSoftmax',
  category: 'activation',
  label: 'Log-softmax',
  synonyms: ['log probabilities'],
  reach: () => ({ most: 0 }),
  produces: 'logProbabilities',
  icon: 'graph-line',
  doc: activationDoc({
    summary: 'Turns scores into logarithms of probabilities, the input of negativeLogLikelihood.',
    formula: 'yᵢ = xᵢ − ln Σⱼ e^(xⱼ), computed with the largest score subtracted, which cannot overflow',
    derivative: '∂yᵢ/∂xⱼ = δᵢⱼ − e^(yⱼ): every output depends on every score',
    range: '(−∞, 0]; the exponentials sum to 1 along the axis',
    zeroCentred: 'no: no output is above 0',
    saturates: 'only the output of a dominant score, near 0; the others keep their slope',
    failure: 'none at the output; as a hidden activation, large negative outputs',
    remedy:
      'use it as the last layer, followed by negativeLogLikelihood, or replace both with softmaxCrossEntropy',
    source: '[PyTorch: LogSoftmax](https://pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html)',
  }),
  attributes: {
    axis: integer({
      default: -1,
      doc: 'The axis along which probabilities sum to one: 1 is the first of a sample, −1 the last.',
    }),
  },
  frameworks: {
    pytorch: {
      name: 'LogSoftmax',
      functional: 'log_softmax',
      layout: 'anyAxes',
      attributes: { axis: countedAxis('dim') },
    },
    keras: {
      name: 'Activation',
      functional: 'log_softmax',
      layout: 'anyAxes',
      fixed: { activation: 'log_softmax' },
      attributes: { axis: only(-1) },
    },
    onnx: { name: 'LogSoftmax', layout: 'anyAxes', attributes: { axis: countedAxis('axis', -1) } },
  },

  time: keepsTime,

  infer({ axis }, [input]) {
    const index = findAxis(axis, input);
    if (typeof index === 'object') return index;
    return { output: input, constants: { ...viewAxis(input, index), axis: index }, flops: 3 * sizeOf(input) };
  },

  /** y[R, K, S] over K, with R = batch × outer and S = contiguous inner values. Over time, K counts only real steps. */
  forward(pass) {
    pass.kernels.logSoftmax(softmaxShape(pass), pass.input.data, pass.output.data);
  },

  /** dx += dy − eʸ · Σ_K dy. */
  backward(pass) {
    const { kernels, output, gradInput, gradOutput } = pass;
    if (gradInput)
      kernels.logSoftmaxBackward(softmaxShape(pass), output.data, gradOutput.data, gradInput.data);
  },

  samples: [
    { name: 'vector', inputs: [[5]] },
    { name: 'every time step', inputs: [[3, 4]] },
    { name: 'middle axis', inputs: [[2, 3, 2]], attributes: { axis: 2 } },
    { name: 'over time', inputs: [[4, 2]], attributes: { axis: 1 }, lengths: [3, 4, 1] },
  ],
  errorSamples: [
    { name: 'a single number', inputs: [[]], code: 'shape/rank' },
    { name: 'the batch axis', inputs: [[4]], attributes: { axis: 0 }, code: 'shape/axis' },
    { name: 'an axis too many', inputs: [[4, 3]], attributes: { axis: -3 }, code: 'shape/axis' },
  ],
});

/** PReLU: a leaky ReLU that learns its slope. */
import * as l10n from '@vscode/l10n';
import { boolean, number } from '../schema/attributes.ts';
import { as, unstated } from '../schema/frameworks.ts';
import { inWords } from '../schema/onCard.ts';
import { activationDoc } from './activation.ts';
import { defineLayer, problem, sizeOf } from './define.ts';
import { manyEntries, perChannel } from './frameworks/conversions.ts';
import { keepsTime } from './time.ts';

export const pRelu = defineLayer({
  type: 'pRelu',
  category: 'activation',
  label: 'PReLU',
  synonyms: ['parametric relu'],
  icon: 'graph-line',
  doc: activationDoc({
    summary: 'A leaky ReLU that learns its slope below zero: one for each channel, or one for all.',
    formula: 'f(x) = x for x > 0, slope·x otherwise',
    derivative:
      '1 for x > 0, slope for x < 0; not differentiable at 0, where slope is used. With respect to slope: x for x < 0, else 0',
    range: '(−∞, ∞) while the slope is positive',
    zeroCentred: 'depends on the learned slope: a larger one brings the mean nearer to 0',
    saturates: 'nowhere, unless a slope becomes 0',
    failure: 'overfitting on small data; weight decay pulls the slope to 0 and so back to relu',
    remedy: 'one slope for all channels, no weight decay on this layer, or a fixed leakyRelu',
    source: '[He et al. 2015](https://arxiv.org/abs/1502.01852)',
  }),
  attributes: {
    perChannel: boolean({
      default: true,
      onCard: inWords(() => l10n.t('one slope')),
      doc: 'A slope for every channel (entry of the last axis), or one for all.',
    }),
    initialSlope: number({ default: 0.25, doc: 'The slope at the start of training.' }),
  },
  frameworks: {
    pytorch: {
      name: 'PReLU',
      functional: 'prelu',
      layout: 'channelsFirst',
      attributes: { perChannel: perChannel('num_parameters'), initialSlope: as('init', 0.25) },
      parameters: { slope: 'weight' },
    },
    // On more axes, ONNX broadcasts the slope.
    onnx: {
      name: 'PRelu',
      rank: 2,
      operands: ['X', 'slope'],
      attributes: { perChannel: manyEntries('slope'), initialSlope: unstated() },
      parameters: { slope: 'slope' },
    },
  },

  time: keepsTime,

  infer({ perChannel, initialSlope }, [input]) {
    if (perChannel && input.length === 0)
      return problem(
        'shape/rank',
        l10n.t('needs an input with at least one axis, found a single number per sample.'),
      );
    const slopes = perChannel ? input[input.length - 1] : 1;
    return {
      output: input,
      parameters: {
        slope: { shape: [slopes], initializer: { type: 'constant', attributes: { value: initialSlope } } },
      },
      constants: { slopes, rows: sizeOf(input) / slopes },
      flops: 2 * sizeOf(input),
    };
  },

  /** y[R, S] = x or slope[S]·x; with one slope, S = 1 and R counts all elements. */
  forward({ kernels, batch, input, output, parameters, constants: { rows, slopes } }) {
    kernels.leak(batch * rows, slopes, parameters.slope.data, input.data, output.data);
  },

  /** dx += dy or slope·dy; dSlope += Σ_rows dy·x over negative x. */
  backward({ kernels, batch, input, parameters, gradInput, gradOutput, gradParameters, constants }) {
    const { slopes } = constants;
    const rows = batch * constants.rows;
    const { slope } = parameters;
    kernels.leakSlopes(rows, slopes, input.data, gradOutput.data, gradParameters.slope.data);
    if (gradInput)
      kernels.leakBackward(rows, slopes, slope.data, input.data, gradOutput.data, gradInput.data);
  },

  samples: [
    { name: 'a slope for every feature', inputs: [[6]], kinks: true },
    { name: 'a slope for every channel', inputs: [[3, 2, 4]], kinks: true },
    {
      name: 'one slope',
      inputs: [[3, 4]],
      attributes: { perChannel: false, initialSlope: 0.1 },
      kinks: true,
    },
  ],
  errorSamples: [{ name: 'a single number', inputs: [[]], code: 'shape/rank' }],
});

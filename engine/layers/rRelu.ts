/** RReLU: a leaky ReLU whose slope is drawn for every value in training. */
import * as l10n from '@vscode/l10n';
import { number } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { activationDoc } from './activation.ts';
import { defineLayer, perSample, problem, sizeOf } from './define.ts';
import { keepsTime } from './time.ts';

export const rRelu = defineLayer({
  type: 'rRelu',
  category: 'activation',
  label: 'RReLU',
  synonyms: ['random relu'],
  icon: 'graph-line',
  doc: activationDoc({
    summary:
      'A leaky ReLU whose slope is drawn for every value in training, as noise that regularizes. In evaluation it is the mean slope.',
    formula: 'f(x) = x for x > 0, slope·x otherwise, slope uniform in [lower, upper)',
    derivative: '1 for x > 0, the drawn slope for x < 0; not differentiable at 0, where the slope is used',
    range: '(−∞, ∞) for positive slopes',
    zeroCentred: 'hardly: the mean of the outputs stays above 0',
    saturates: 'nowhere',
    failure: 'noise slows training down; outputs are not bounded',
    remedy: 'a narrower range of slopes, or leakyRelu with the mean slope',
    source: '[Xu et al. 2015](https://arxiv.org/abs/1505.00853)',
  }),
  attributes: {
    lower: number({ default: 0.125, min: 0, doc: 'Smallest slope below zero.' }),
    upper: number({ default: 1 / 3, min: 0, doc: 'Largest slope below zero.' }),
  },
  frameworks: {
    pytorch: {
      name: 'RReLU',
      functional: 'rrelu',
      layout: 'anyAxes',
      attributes: { lower: as('lower', 1 / 8), upper: as('upper', 1 / 3) },
    },
  },

  time: keepsTime,

  infer({ lower, upper }, [input]) {
    if (lower > upper)
      return problem(
        'attribute/range',
        l10n.t('upper must be at least lower, found lower {0} and upper {1}. Swap them.', lower, upper),
        'upper',
      );
    const size = sizeOf(input);
    return { output: input, saved: { slope: perSample(...input) }, constants: { size }, flops: 2 * size };
  },

  /** y = x or slope·x. A slope is drawn for every value, also for positive ones, so draws do not depend on data. */
  forward({ kernels, batch, training, random, input, output, saved, attributes, constants }) {
    const { lower, upper } = attributes;
    const count = batch * constants.size;
    const slope = saved.slope.data;
    if (training) kernels.drawUniform(random, count, lower, upper, slope);
    else slope.fill((lower + upper) / 2, 0, count);
    kernels.leak(1, count, slope, input.data, output.data);
  },

  /** dx += dy or slope·dy. */
  backward({ kernels, batch, input, saved, gradInput, gradOutput, constants }) {
    if (!gradInput) return;
    kernels.leakBackward(
      1,
      batch * constants.size,
      saved.slope.data,
      input.data,
      gradOutput.data,
      gradInput.data,
    );
  },

  samples: [
    { name: 'vector', inputs: [[7]], kinks: true },
    { name: 'image', inputs: [[3, 2, 2]], attributes: { lower: 0.1, upper: 0.9 }, kinks: true },
    { name: 'a single slope', inputs: [[4, 3]], attributes: { lower: 0.2, upper: 0.2 }, kinks: true },
  ],
  errorSamples: [
    {
      name: 'lower above upper',
      inputs: [[3]],
      attributes: { lower: 0.5, upper: 0.1 },
      code: 'attribute/range',
    },
  ],
});

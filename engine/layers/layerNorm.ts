/** LayerNorm: brings the features of each sample, or of each time step, to mean 0 and variance 1. */
import * as l10n from '@vscode/l10n';
import { integer } from '../schema/attributes.ts';
import { inWords } from '../schema/onCard.ts';
import { defineLayer, perSample, perSampleInt, problem, sizeOf } from './define.ts';
import { firstOfLastAxes, listOfLastAxes, sizesOfLastAxes } from './frameworks/conversions.ts';
import { kerasAffine, onnxAffine, pytorchAffine } from './frameworks/normalization.ts';
import {
  erases,
  normalizationAttributes,
  normalizationParameters,
  normalizeSets,
  normalizeSetsBackward,
} from './normalization.ts';
import { realPositions } from './positions.ts';
import { firstOf, timeFirst } from './time.ts';

const affine = { pytorch: pytorchAffine('elementwise_affine', 'bias'), onnx: onnxAffine('Scale', 'B') };

export const layerNorm = defineLayer({
  type: 'layerNorm',
  category: 'normalization',
  label: 'Layer norm',
  synonyms: ['ln', 'layer normalization'],
  icon: 'graph-scatter',
  doc: `Brings the last axes of each sample to mean 0 and variance 1, then scales and shifts every feature:

**y = gamma · (x − μ) / √(σ² + epsilon) + beta**, with μ and σ² over the last \`axes\` axes.

On \`[time, features]\` every step is normalized separately. The layer uses one sample at a time, so it works with any batch size
and does the same in training and inference. It is the usual choice in recurrent networks and transformers.

[PyTorch: LayerNorm](https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html) ·
[Ba, Kiros and Hinton 2016](https://arxiv.org/abs/1607.06450)`,
  attributes: {
    axes: integer({
      min: 1,
      default: 1,
      onCard: inWords((shown) => l10n.t('last {0} axes', shown)),
      doc: 'How many of the last axes are normalized together.',
    }),
    ...normalizationAttributes,
  },
  frameworks: {
    pytorch: {
      name: 'LayerNorm',
      functional: 'layer_norm',
      layout: 'anyAxes',
      ...affine.pytorch,
      attributes: { axes: sizesOfLastAxes('normalized_shape'), ...affine.pytorch.attributes },
    },
    keras: {
      name: 'LayerNormalization',
      ...kerasAffine,
      attributes: { axes: listOfLastAxes('axis', -1), ...kerasAffine.attributes },
    },
    onnx: {
      name: 'LayerNormalization',
      layout: 'anyAxes',
      operands: ['X', 'Scale', 'B'],
      ...affine.onnx,
      attributes: { axes: firstOfLastAxes('axis', -1), ...affine.onnx.attributes },
    },
  },
  ignoresOrder: ({ axes }) => axes === 1,
  forgetsOutput: true,

  time({ axes }, [input], times) {
    const axis = firstOf(times);
    const normalized = axis >= input.length - axes;
    return normalized && axis > 0 ? timeFirst(input, times, { axis }) : { axis };
  },

  infer(attributes, [input]) {
    const { axes } = attributes;
    if (axes > input.length)
      return problem(
        'shape/rank',
        l10n.t(
          'axes is {0}, more than the input [{1}] has. Use at most {2}.',
          axes,
          input.join(', '),
          input.length,
        ),
        'axes',
      );
    const normalized = input.slice(input.length - axes);
    const size = sizeOf(normalized);
    if (size === 1) return erases(input);
    const rows = sizeOf(input) / size;
    return {
      output: input,
      parameters: normalizationParameters(normalized, attributes),
      saved: { mean: perSample(rows), inverse: perSample(rows) },
      scratch: { real: perSampleInt() },
      constants: { rows, size, overTime: rows === 1, perStep: size / input[0] },
      kernelNeeds: { channels: size },
      flops: 7 * sizeOf(input),
    };
  },

  /**
   * y[R, S] from x[R, S], with R = batch × the axes before and S = the normalized axes. It saves mean and 1 / √(σ² + ε) of each
   * row.
   */
  forward(pass) {
    const { rows, size, overTime } = pass.constants;
    const real = overTime ? realPositions(pass.constants, pass, pass.scratch.real) : undefined;
    normalizeSets(pass, pass.batch * rows, 1, size, 1, real, 'channels');
  },

  backward(pass) {
    const { rows, size, overTime } = pass.constants;
    const real = overTime ? realPositions(pass.constants, pass, pass.scratch.real) : undefined;
    normalizeSetsBackward(pass, pass.batch * rows, 1, size, 1, real, 'channels');
  },

  samples: [
    { name: 'vector', inputs: [[5]] },
    { name: 'each time step', inputs: [[3, 4]], attributes: { epsilon: 1e-3 } },
    { name: 'two axes', inputs: [[2, 3, 2]], attributes: { axes: 2, center: false } },
    { name: 'no scale', inputs: [[2, 4]], attributes: { axes: 2, scale: false } },
  ],
  errorSamples: [
    { name: 'one feature a step', inputs: [[4, 1]], code: 'shape/one-value' },
    { name: 'more axes than there are', inputs: [[4, 2]], attributes: { axes: 3 }, code: 'shape/rank' },
  ],
});

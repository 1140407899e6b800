/** LayerNorm: the features of each sample, or of each time step, to mean 0 and variance 1. */
import * as l10n from '@vscode/l10n';
import { integer } from '../spec/attributes.ts';
import { defineLayer, perSample, problem, sizeOf } from './define.ts';
import {
  addNormalizedGradient,
  addScaleGradients,
  measureSet,
  normalizationAttributes,
  normalizationParameters,
  normalizeSet,
} from './normalization.ts';

export const layerNorm = defineLayer({
  type: 'layerNorm',
  category: 'normalization',
  label: 'Layer Norm',
  icon: 'graph-scatter',
  doc: `Brings the last axes of each sample to mean 0 and variance 1, then scales and shifts every feature:

**y = gamma · (x − μ) / √(σ² + epsilon) + beta**, with μ and σ² over the last \`axes\` axes.

On \`[time, features]\` every step is normalized on its own. It looks at one sample only, so it works at any batch size and
does the same in training and inference: the usual choice in recurrent networks and transformers.

[PyTorch: LayerNorm](https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html) ·
[Ba, Kiros and Hinton 2016](https://arxiv.org/abs/1607.06450)`,
  attributes: {
    axes: integer({ min: 1, default: 1, doc: 'How many of the last axes are normalized together.' }),
    ...normalizationAttributes,
  },

  infer(attributes, [input]) {
    const { axes } = attributes;
    if (axes > input.length)
      return problem(
        'shape/rank',
        l10n.t(
          'axes {0} is more than the input [{1}] has. Use at most {2}.',
          axes,
          input.join(', '),
          input.length,
        ),
        'axes',
      );
    const normalized = input.slice(input.length - axes);
    const size = sizeOf(normalized);
    const rows = sizeOf(input) / size;
    return {
      output: input,
      parameters: normalizationParameters(normalized, attributes),
      saved: { mean: perSample(rows), variance: perSample(rows) },
      constants: { rows, size },
      flops: 7 * sizeOf(input),
    };
  },

  /** y[R, S] from x[R, S], R = batch × the axes before, S = the normalized axes; saved are statistics[R]. */
  forward({ batch, input, output, parameters, attributes, saved, constants }) {
    const { rows, size } = constants;
    const mean = saved.mean.data;
    const variance = saved.variance.data;
    for (let row = 0; row < batch * rows; row++) {
      measureSet(row * size, 1, size, size, input.data, mean, variance, row);
      const inverse = 1 / Math.sqrt(variance[row] + attributes.epsilon);
      normalizeSet(row * size, 1, size, size, 0, input.data, mean[row], inverse, parameters, output.data);
    }
  },

  /** See addNormalizedGradient; dGamma[S] and dBeta[S] sum over the rows. */
  backward({
    batch,
    input,
    parameters,
    attributes,
    saved,
    gradInput,
    gradOutput,
    gradParameters,
    constants,
  }) {
    const { rows, size } = constants;
    const x = input.data;
    const dy = gradOutput.data;
    for (let row = 0; row < batch * rows; row++) {
      const start = row * size;
      const mean = saved.mean.data[row];
      const inverse = 1 / Math.sqrt(saved.variance.data[row] + attributes.epsilon);
      addScaleGradients(start, 1, size, size, 0, x, mean, inverse, dy, gradParameters);
      if (gradInput)
        addNormalizedGradient(
          start,
          1,
          size,
          size,
          0,
          x,
          mean,
          inverse,
          dy,
          parameters.gamma,
          false,
          gradInput.data,
        );
    }
  },

  samples: [
    { name: 'vector', inputs: [[5]] },
    { name: 'each time step', inputs: [[3, 4]], attributes: { epsilon: 1e-3 } },
    { name: 'two axes', inputs: [[2, 3, 2]], attributes: { axes: 2, center: false } },
    { name: 'no scale', inputs: [[2, 4]], attributes: { axes: 2, scale: false } },
  ],
  errorSamples: [
    { name: 'more axes than there are', inputs: [[4, 2]], attributes: { axes: 3 }, code: 'shape/rank' },
  ],
});

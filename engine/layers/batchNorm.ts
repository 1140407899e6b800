/** BatchNorm: brings every channel to mean 0 and variance 1 over the batch. */
import * as l10n from '@vscode/l10n';
import { boolean, number } from '../schema/attributes.ts';
import { as, complement, unstated } from '../schema/frameworks.ts';
import { defineLayer, perSampleInt, problem, type StateSpec, sizeOf, whole } from './define.ts';
import { onImages } from './frameworks/conversions.ts';
import { kerasAffine, onnxAffine, pytorchAffine } from './frameworks/normalization.ts';
import { normalizationAttributes, normalizationParameters } from './normalization.ts';
import { realPositions } from './positions.ts';
import { clearPadding, timeFirst } from './time.ts';

const affine = { pytorch: pytorchAffine('affine'), onnx: onnxAffine('scale', 'B') };

export const batchNorm = defineLayer({
  type: 'batchNorm',
  category: 'normalization',
  linear: true,
  label: 'Batch norm',
  synonyms: ['bn', 'batch normalization'],
  icon: 'graph-scatter',
  doc: `Brings every channel to mean 0 and variance 1 over the batch (and all positions), then scales and shifts it:

**y = gamma · (x − μ) / √(σ² + epsilon) + beta**

The input may have any shape; its last axis has the channels. In training μ and σ² are those of the batch, and running means of both are kept:
running = momentum · running + (1 − momentum) · batch. In inference the running means are used, so that a prediction does
not depend on the rest of the batch. The layer allows larger learning rates and deeper networks.

- **Momentum** is the weight of the *old* statistic, as in Keras and ONNX; PyTorch's momentum is 1 minus this one.
- The layer before needs no bias: beta replaces it.
- A batch with only one value of a channel has no variance. It is normalized with the running statistics and does not change them.
- Padded steps of sequences do not count.
- **Known failure:** small batches give noisy statistics. Below about 8 samples, training and inference differ.
  **Remedy:** groupNorm or layerNorm, which use one sample at a time.

[PyTorch: BatchNorm2d](https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html) ·
[Ioffe and Szegedy 2015](https://arxiv.org/abs/1502.03167)`,
  attributes: {
    momentum: number({
      min: 0,
      below: 1,
      default: 0.9,
      doc: 'Weight of the old running mean at each step.',
    }),
    unbiased: boolean({
      default: true,
      doc: 'Divide the running variance by count − 1, as PyTorch does. Off divides by the count, as Keras and ONNX do.',
    }),
    ...normalizationAttributes,
  },
  frameworks: {
    pytorch: [2, 3, 4].map((rank) => ({
      name: `BatchNorm${rank === 4 ? 2 : 1}d`,
      functional: 'batch_norm',
      rank,
      layout: 'channelsFirst',
      inputFeatures: 'num_features',
      ...affine.pytorch,
      attributes: {
        momentum: complement('momentum', 0.1),
        unbiased: unstated(true),
        ...affine.pytorch.attributes,
      },
      state: { runningMean: 'running_mean', runningVariance: 'running_var' },
    })),
    keras: {
      name: 'BatchNormalization',
      ...kerasAffine,
      attributes: { momentum: as('momentum', 0.99), unbiased: onImages, ...kerasAffine.attributes },
      state: { runningMean: 'moving_mean', runningVariance: 'moving_variance' },
    },
    onnx: {
      name: 'BatchNormalization',
      layout: 'channelsFirst',
      operands: ['X', 'scale', 'B', 'input_mean', 'input_var'],
      ...affine.onnx,
      attributes: { momentum: as('momentum', 0.9), unbiased: unstated(false), ...affine.onnx.attributes },
      state: { runningMean: 'input_mean', runningVariance: 'input_var' },
    },
  },
  ignoresOrder: () => true,
  couplesBatch: true,
  forgetsOutput: true,

  time: (_attributes, [input], axes) => timeFirst(input, axes, { axis: 0 }),

  infer(attributes, [input]) {
    if (input.length === 0)
      return problem(
        'shape/rank',
        l10n.t('needs an input with at least one axis, found a single number per sample.'),
      );
    const channels = input[input.length - 1];
    const running = (initial: number): StateSpec => ({ ...whole(channels), initial });
    return {
      output: input,
      parameters: normalizationParameters([channels], attributes),
      saved: { mean: whole(channels), variance: whole(channels) },
      state: { runningMean: running(0), runningVariance: running(1) },
      scratch: { real: perSampleInt() },
      valuesPerStatistic: sizeOf(input) / channels,
      constants: { channels, rows: sizeOf(input) / channels, perStep: sizeOf(input.slice(1, -1)) },
      kernelNeeds: { channels },
      flops: 4 * sizeOf(input),
    };
  },

  /** y[R, C] from x[R, C], R = batch × positions. It saves the statistics[C] that it used. */
  forward(pass) {
    const {
      kernels,
      training,
      batch,
      lengths,
      input,
      output,
      parameters,
      attributes,
      saved,
      state,
      scratch,
    } = pass;
    const { channels, rows } = pass.constants;
    const { momentum, epsilon, unbiased } = attributes;
    const real = realPositions(pass.constants, pass, scratch.real);
    const count = countRows(batch, rows, real);
    const mean = saved.mean.data;
    const variance = saved.variance.data;
    const { runningMean, runningVariance } = state;
    if (training && count > 1) {
      kernels.measureChannels(batch * rows, channels, input.data, mean, variance, real, rows);
      const correction = unbiased ? count / (count - 1) : 1;
      for (let c = 0; c < channels; c++) {
        runningMean.data[c] = momentum * runningMean.data[c] + (1 - momentum) * mean[c];
        runningVariance.data[c] =
          momentum * runningVariance.data[c] + (1 - momentum) * correction * variance[c];
      }
    } else {
      mean.set(runningMean.data);
      variance.set(runningVariance.data);
    }
    const { gamma, beta } = parameters;
    kernels.normalizeChannels(
      batch * rows,
      channels,
      epsilon,
      input.data,
      mean,
      variance,
      gamma?.data,
      beta?.data,
      output.data,
    );
    // The statistics exclude padding, so the normalized padding could have any size.
    if (lengths) clearPadding(output, batch, lengths);
  },

  /**
   * With x̂ = (x − μ) / √(σ² + ε) and g = dy · gamma: dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(σ² + ε), because in training the
   * statistics depend on x too. With running statistics, dx = g / √(σ² + ε). dGamma = Σ dy · x̂, dBeta = Σ dy.
   */
  backward(pass) {
    const { kernels, training, batch, input, parameters, attributes, saved, gradInput, gradOutput } = pass;
    const { channels, rows } = pass.constants;
    const { gamma, beta } = pass.gradParameters;
    const real = realPositions(pass.constants, pass, pass.scratch.real);
    kernels.normalizeChannelsBackward(
      batch * rows,
      channels,
      attributes.epsilon,
      !training || countRows(batch, rows, real) < 2,
      input.data,
      saved.mean.data,
      saved.variance.data,
      parameters.gamma?.data,
      gradOutput.data,
      gamma?.data,
      beta?.data,
      gradInput?.data,
      real,
      rows,
    );
  },

  samples: [
    { name: 'vector', inputs: [[4]] },
    { name: 'image', inputs: [[2, 3, 2]], attributes: { momentum: 0.99, epsilon: 1e-3 } },
    { name: 'no scale', inputs: [[3, 2]], attributes: { scale: false } },
    { name: 'no scale, no offset', inputs: [[2, 2, 3]], attributes: { scale: false, center: false } },
  ],
  errorSamples: [{ name: 'a single number', inputs: [[]], code: 'shape/rank' }],
});

/** The number of real values of each channel. */
function countRows(batch: number, rows: number, real: Int32Array | undefined): number {
  if (!real) return batch * rows;
  let count = 0;
  for (let n = 0; n < batch; n++) count += real[n];
  return count;
}

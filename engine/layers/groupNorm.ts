/** GroupNorm: brings groups of channels of each sample to mean 0 and variance 1. */
import * as l10n from '@vscode/l10n';
import { integer } from '../schema/attributes.ts';
import { as } from '../schema/frameworks.ts';
import { amount } from '../schema/onCard.ts';
import { defineLayer, perSample, perSampleInt, problem, sizeOf } from './define.ts';
import { everyChannel } from './frameworks/conversions.ts';
import { kerasAffine, onnxAffine, pytorchAffine } from './frameworks/normalization.ts';
import {
  erases,
  normalizationAttributes,
  normalizationParameters,
  normalizeSets,
  normalizeSetsBackward,
} from './normalization.ts';
import { realPositions } from './positions.ts';
import { timeFirst } from './time.ts';

const affine = { pytorch: pytorchAffine('affine'), onnx: onnxAffine('scale', 'bias') };

export const groupNorm = defineLayer({
  type: 'groupNorm',
  category: 'normalization',
  label: 'Group norm',
  synonyms: ['gn', 'instance normalization', 'group normalization'],
  icon: 'graph-scatter',
  doc: `Brings each group of channels of each sample to mean 0 and variance 1 over all positions, then scales and shifts every channel:

**y = gamma · (x − μ) / √(σ² + epsilon) + beta**, with μ and σ² over a group's channels at all positions.

Padded steps of sequences do not count. It looks at one sample only, so it works at any batch size, where batchNorm needs large ones. With groups = channels it is
*instance normalization* (style transfer); with one group, layer normalization over the whole image.

[PyTorch: GroupNorm](https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html) ·
[Wu and He 2018](https://arxiv.org/abs/1803.08494)`,
  attributes: {
    groups: integer({ min: 1, onCard: amount('groups'), doc: 'Number of groups; must divide the channels.' }),
    ...normalizationAttributes,
  },
  frameworks: {
    pytorch: {
      name: 'GroupNorm',
      functional: 'group_norm',
      layout: 'channelsFirst',
      inputFeatures: 'num_channels',
      ...affine.pytorch,
      attributes: { groups: 'num_groups', ...affine.pytorch.attributes },
    },
    keras: {
      name: 'GroupNormalization',
      ...kerasAffine,
      attributes: { groups: as('groups', 32), ...kerasAffine.attributes },
    },
    onnx: [
      {
        name: 'GroupNormalization',
        layout: 'channelsFirst',
        operands: ['X', 'scale', 'bias'],
        ...affine.onnx,
        attributes: { groups: 'num_groups', ...affine.onnx.attributes },
      },
      {
        name: 'InstanceNormalization',
        layout: 'channelsFirst',
        operands: ['input', 'scale', 'bias'],
        ...affine.onnx,
        attributes: { groups: everyChannel, ...affine.onnx.attributes },
      },
    ],
  },
  forgetsOutput: true,

  time: (_attributes, [input], axes) => timeFirst(input, axes, { axis: 0 }),

  infer(attributes, [input]) {
    const { groups } = attributes;
    if (input.length === 0)
      return problem(
        'shape/rank',
        l10n.t('needs an input with at least one axis, found a single number per sample.'),
      );
    const channels = input[input.length - 1];
    if (channels % groups !== 0)
      return problem(
        'shape/groups',
        l10n.t('groups {0} must divide the number of channels, {1}.', groups, channels),
        'groups',
      );
    if (sizeOf(input) === groups) return erases(input);
    return {
      output: input,
      parameters: normalizationParameters([channels], attributes),
      saved: { mean: perSample(groups), inverse: perSample(groups) },
      scratch: { real: perSampleInt() },
      constants: {
        positions: sizeOf(input) / channels,
        channels,
        groups,
        perStep: sizeOf(input.slice(1, -1)),
      },
      kernelNeeds: { channels },
      flops: 7 * sizeOf(input),
    };
  },

  /** y[N, P, C] from x[N, P, C]. It saves mean and 1 / √(σ² + ε), [N, groups]. */
  forward(pass) {
    const { positions, channels, groups } = pass.constants;
    const real = realPositions(pass.constants, pass, pass.scratch.real);
    normalizeSets(pass, pass.batch, positions, channels, groups, real);
  },

  backward(pass) {
    const { positions, channels, groups } = pass.constants;
    const real = realPositions(pass.constants, pass, pass.scratch.real);
    normalizeSetsBackward(pass, pass.batch, positions, channels, groups, real);
  },

  samples: [
    { name: 'image, two groups', inputs: [[2, 2, 4]], attributes: { groups: 2 } },
    { name: 'instance norm', inputs: [[3, 2, 2]], attributes: { groups: 2, center: false } },
    { name: 'one group, sequence', inputs: [[3, 3]], attributes: { groups: 1, scale: false } },
    { name: 'vector', inputs: [[6]], attributes: { groups: 2 } },
  ],
  errorSamples: [
    {
      name: 'groups that do not divide',
      inputs: [[2, 2, 3]],
      attributes: { groups: 2 },
      code: 'shape/groups',
    },
    { name: 'a single number', inputs: [[]], attributes: { groups: 1 }, code: 'shape/rank' },
    { name: 'groups of one value', inputs: [[4]], attributes: { groups: 4 }, code: 'shape/one-value' },
  ],
});

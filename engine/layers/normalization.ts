/** What batch, layer and group normalization share: attributes, parameters, and passes over sets of one sample's values. */

import * as l10n from '@vscode/l10n';
import { initializer } from '../initializers/registry.ts';
import { boolean, number } from '../schema/attributes.ts';
import type { Described } from '../schema/kind.ts';
import { inWords } from '../schema/onCard.ts';
import {
  type BackwardPass,
  type BufferSpec,
  type FloatArray,
  type Inferred,
  type ParameterSpec,
  type Pass,
  type Problem,
  problem,
  type Shape,
} from './define.ts';
import { rowsOf } from './time.ts';

export const normalizationAttributes = {
  epsilon: number({
    above: 0,
    default: 1e-5,
    doc: 'Added to the variance, so that nothing is divided by zero.',
  }),
  scale: boolean({
    default: true,
    onCard: inWords(() => l10n.t('no scale')),
    doc: 'Multiply by a trained factor, gamma.',
  }),
  center: boolean({
    default: true,
    onCard: inWords(() => l10n.t('no shift')),
    doc: 'Add a trained offset, beta.',
  }),
  gammaInitializer: initializer('constant', 'How the factors start.'),
  betaInitializer: initializer('zeros', 'How the offsets start.'),
};

export type NormalizationParameters = { readonly gamma?: ParameterSpec; readonly beta?: ParameterSpec };

/** The scale `gamma` and the offset `beta`, each if the attributes ask for it. */
export function normalizationParameters(
  shape: Shape,
  attributes: {
    readonly scale: boolean;
    readonly center: boolean;
    readonly gammaInitializer: Described;
    readonly betaInitializer: Described;
  },
): NormalizationParameters {
  const { scale, center, gammaInitializer, betaInitializer } = attributes;
  return {
    ...(scale ? { gamma: { shape, initializer: gammaInitializer } } : {}),
    ...(center ? { beta: { shape, initializer: betaInitializer } } : {}),
  };
}

/** Why a single value cannot be normalized. */
export const erases = (input: Shape): { readonly problem: Problem } =>
  problem(
    'shape/one-value',
    l10n.t(
      'would normalize each value of its input [{0}] alone: a value minus its own mean is always 0, so nothing of the input would be left. Normalize more values together, or remove the layer.',
      input.join(', '),
    ),
  );

/** What is inferred for layers that normalize parts of one sample. */
export interface SetNormalization extends Inferred {
  readonly parameters: NormalizationParameters;
  readonly saved: { readonly mean: BufferSpec<'float'>; readonly inverse: BufferSpec<'float'> };
}

type Attributes = typeof normalizationAttributes;

/**
 * y[samples, positions, channels]: normalizes each of `groups` parts of a sample's channels over all positions. If samples differ
 * in length, `real` has the number of real positions, or channels, of each sample.
 */
export function normalizeSets(
  pass: Pass<Attributes, SetNormalization>,
  samples: number,
  positions: number,
  channels: number,
  groups: number,
  real?: Int32Array,
  along: 'positions' | 'channels' = 'positions',
): void {
  const { batch, input, output, saved } = pass;
  const normalize = (
    [count, places, width]: readonly [number, number, number],
    x: FloatArray,
    mean: FloatArray,
    inverse: FloatArray,
    y: FloatArray,
  ): void =>
    pass.kernels.normalizeGroups(
      count,
      places,
      width,
      groups,
      pass.attributes.epsilon,
      x,
      pass.parameters.gamma?.data,
      pass.parameters.beta?.data,
      mean,
      inverse,
      y,
    );
  if (!real) {
    normalize([samples, positions, channels], input.data, saved.mean.data, saved.inverse.data, output.data);
    return;
  }
  const [x, mean, inverse, y] = [input, saved.mean, saved.inverse, output].map(rowsOf);
  for (let n = 0; n < batch; n++) {
    const extent = extentOf(positions, channels, real[n], along);
    if (real[n] > 0) normalize(extent, x[n], mean[n], inverse[n], y[n]);
    y[n].fill(0, extent[1] * extent[2]);
  }
}

/**
 * With x̂ = (x − μ) / √(σ² + ε) and g = dy · gamma: dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(σ² + ε) in each set;
 * dGamma = Σ dy · x̂ and dBeta = Σ dy over samples and positions.
 */
export function normalizeSetsBackward(
  pass: BackwardPass<Attributes, SetNormalization>,
  samples: number,
  positions: number,
  channels: number,
  groups: number,
  real?: Int32Array,
  along: 'positions' | 'channels' = 'positions',
): void {
  const { batch, input, saved, gradInput, gradOutput, gradParameters } = pass;
  const run = (
    [count, places, width]: readonly [number, number, number],
    x: FloatArray,
    mean: FloatArray,
    inverse: FloatArray,
    dy: FloatArray,
    dx: FloatArray | undefined,
  ): void =>
    pass.kernels.normalizeGroupsBackward(
      count,
      places,
      width,
      groups,
      x,
      mean,
      inverse,
      pass.parameters.gamma?.data,
      dy,
      gradParameters.gamma?.data,
      gradParameters.beta?.data,
      dx,
    );
  const { mean, inverse } = saved;
  if (!real) {
    run(
      [samples, positions, channels],
      input.data,
      mean.data,
      inverse.data,
      gradOutput.data,
      gradInput?.data,
    );
    return;
  }
  const [x, means, inverses, dy] = [input, mean, inverse, gradOutput].map(rowsOf);
  const dx = gradInput && rowsOf(gradInput);
  for (let n = 0; n < batch; n++)
    if (real[n] > 0)
      run(extentOf(positions, channels, real[n], along), x[n], means[n], inverses[n], dy[n], dx?.[n]);
}

const extentOf = (
  positions: number,
  channels: number,
  real: number,
  along: 'positions' | 'channels',
): readonly [number, number, number] => (along === 'positions' ? [1, real, channels] : [1, positions, real]);

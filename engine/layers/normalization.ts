/** What batch, layer and group normalization share: attributes and parameters. */

import { initializer } from '../initializers/registry.ts';
import { boolean, number } from '../schema/attributes.ts';
import type { Described } from '../schema/kind.ts';
import type { ParameterSpec, Shape } from './define.ts';

export const normalizationAttributes = {
  epsilon: number({
    above: 0,
    default: 1e-5,
    doc: 'Added to the variance, so that nothing is divided by zero.',
  }),
  scale: boolean({ default: true, doc: 'Multiply by a trained factor, gamma.' }),
  center: boolean({ default: true, doc: 'Add a trained offset, beta.' }),
  gammaInitializer: initializer('constant', 'How the factors start.'),
  betaInitializer: initializer('zeros', 'How the offsets start.'),
};

export type NormalizationParameters = { readonly gamma?: ParameterSpec; readonly beta?: ParameterSpec };

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

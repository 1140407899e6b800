/** Share of outputs beyond the saturation bounds of the layer type. */
import * as l10n from '@vscode/l10n';
import { defineStatistic, shareTone } from './define.ts';

/** As the CS231n notes on babysitting the learning process and Glorot and Bengio (2010) discuss them. */
const limits = { warn: 0.25, bad: 0.5 };

export const saturatedFraction = defineStatistic({
  key: 'saturatedFraction',
  doc: 'Share of the elements of the output beyond the bounds where the activation is flat.',
  at: 'activation',
  shape: 'share',
  card: 'share',
  appliesTo: ({ saturationBounds }) => saturationBounds !== undefined,
  read: ({ activation: { saturated, count } }) => saturated / Math.max(1, count),
  tone: (share) => shareTone(share, limits),
  state: () => 'saturated',
  words: () => ({
    label: l10n.t('sat'),
    name: l10n.t('Saturated activations'),
    meaning: l10n.t(
      'Share of outputs where the function is flat, so that almost no gradient passes. Use smaller weights (Xavier), normalized inputs, or ReLU.',
    ),
  }),
});

/** Standard deviation of activations. */
import * as l10n from '@vscode/l10n';
import { defineStatistic } from './define.ts';

export const std = defineStatistic({
  key: 'std',
  doc: 'Standard deviation of the finite elements of the output: √(Σ (x − mean)² / count).',
  at: 'activation',
  shape: 'number',
  card: 'spread',
  read: ({ activation: { deviations, finite } }) => Math.sqrt(deviations / finite),
  words: () => ({
    label: 'σ',
    name: l10n.t('Standard deviation of activations'),
    meaning: l10n.t(
      'How much the outputs vary. If this shrinks from layer to layer, the signal vanishes; if it grows, the signal explodes.',
    ),
  }),
});

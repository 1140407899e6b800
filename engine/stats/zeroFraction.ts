/** Share of outputs that are exactly zero. */
import * as l10n from '@vscode/l10n';
import { defineStatistic } from './define.ts';
import { saturatedFraction } from './saturatedFraction.ts';

export const zeroFraction = defineStatistic({
  key: 'zeroFraction',
  doc: 'Share of the elements of the output that are exactly zero.',
  at: 'activation',
  shape: 'share',
  card: 'share',
  read: ({ activation: { zeros, count } }) => zeros / Math.max(1, count),
  // If outputs saturate, the share of saturated outputs says more.
  shows: (_, stats) => !Object.hasOwn(stats, saturatedFraction.key),
  words: () => ({
    label: l10n.t('zero'),
    name: l10n.t('Zero activations'),
    meaning: l10n.t('Share of outputs that are exactly zero. About half is usual after a ReLU.'),
  }),
});

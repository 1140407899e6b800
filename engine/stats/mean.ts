/** Mean activation. */
import * as l10n from '@vscode/l10n';
import { defineStatistic } from './define.ts';

export const mean = defineStatistic({
  key: 'mean',
  doc: 'Mean of the finite elements of the output.',
  at: 'activation',
  shape: 'number',
  read: ({ activation }) => activation.mean,
  words: () => ({
    label: 'μ',
    name: l10n.t('Mean activation'),
    meaning: l10n.t(
      'The average output. If it is far from zero, all weights of the next layer are pushed in the same direction.',
    ),
  }),
});

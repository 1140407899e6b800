/** Share of outputs that are NaN or infinite; absent if all are finite. */
import * as l10n from '@vscode/l10n';
import { defineStatistic } from './define.ts';

export const notFiniteFraction = defineStatistic({
  key: 'notFiniteFraction',
  doc: 'Share of the elements of the output that are NaN or infinite. Absent where there are none.',
  at: 'activation',
  shape: 'share',
  card: 'share',
  read: ({ activation: { notFinite, count } }) => (notFinite > 0 ? notFinite / count : undefined),
  tone: () => 'bad',
  state: () => 'notFinite',
  words: () => ({
    label: 'NaN',
    name: l10n.t('Activations that are not finite'),
    meaning: l10n.t(
      'Share of outputs that are NaN or infinite. The mean and the deviation exclude them. Lower the learning rate, or set "clipNorm".',
    ),
  }),
});

/** For each gate of a recurrent layer, the shares of its values that are nearly shut (below 0.03) and nearly open (above 0.97). */
import * as l10n from '@vscode/l10n';
import { defineStatistic } from './define.ts';

export const gates = defineStatistic({
  key: 'gates',
  at: 'layer',
  shape: 'shares',
  appliesTo: ({ throughTime }) => throughTime !== undefined && throughTime.gates.length > 0,
  read: ({ overTime }) => overTime?.gates,
  words: () => ({
    label: l10n.t('gates'),
    name: l10n.t('Gates'),
    meaning: l10n.t('Shares of the values of each gate that are nearly shut or nearly open.'),
    parts: { shut: l10n.t('shut'), open: l10n.t('open') },
  }),
});

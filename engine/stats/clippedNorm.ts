/** Norm of the parameter gradient that the update used; only if clipping changed it. */
import * as l10n from '@vscode/l10n';
import { defineStatistic } from './define.ts';

export const clippedNorm = defineStatistic({
  key: 'clippedNorm',
  doc: "L2 norm of the gradient of the layer's parameters that the update used, penalties included. Absent where clipping changed nothing.",
  at: 'gradient',
  shape: 'number',
  read: ({ gradient }) => gradient?.clippedNorm,
  words: () => ({
    label: l10n.t('clip'),
    name: l10n.t('Clipped gradient norm'),
    meaning: l10n.t(
      'Norm of the gradient that the last update used: after clipping ("clipNorm" or "clipValue"), penalties included.',
    ),
  }),
});

/** Share of updates whose gradients were clipped. */
import * as l10n from '@vscode/l10n';
import { defineStatistic } from './define.ts';

export const clippedShare = defineStatistic({
  key: 'clippedShare',
  doc: 'Share of the updates of the epoch so far whose gradients were clipped by "clipNorm" or "clipValue". Every update counts, so the value does not depend on the machine. It is the same for all trained layers, and absent if training does not clip.',
  at: 'update',
  shape: 'share',
  read: ({ update }) => update?.clippedShare,
  shows: (share) => share === null || share > 0,
  words: () => ({
    label: l10n.t('clipped'),
    name: l10n.t('Clipped updates'),
    meaning: l10n.t(
      'Share of the updates of this epoch whose gradients were clipped. If most are, clipping sets the step size: raise the limit or lower the learning rate.',
    ),
  }),
});

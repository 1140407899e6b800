/**
 * Share of units that were never above zero in the last complete pass over the training data, its last batch included;
 * null before the first pass is complete.
 */
import * as l10n from '@vscode/l10n';
import { defineStatistic, shareTone } from './define.ts';

/** The CS231n notes on activation functions give 40 % as an example of a learning rate that is too high; a warning comes earlier. */
const deadLimits = { warn: 0.1, bad: 0.4 };

export const deadFraction = defineStatistic({
  key: 'deadFraction',
  doc: 'Share of units that were never above zero in the last whole pass over the training data. Every training step counts, so the value does not depend on the machine. It is `null` before the first pass is complete.',
  at: 'activation',
  shape: 'share',
  card: 'share',
  appliesTo: ({ canDie }) => canDie === true,
  read: ({ deadShare }) => deadShare,
  tone: (share) => shareTone(share, deadLimits),
  state: () => 'dead',
  shows: (share) => share === null || share > 0,
  words: () => ({
    label: l10n.t('dead'),
    name: l10n.t('Dead units'),
    meaning: l10n.t(
      'Share of units that were never above zero in the last whole epoch. They get no gradient and cannot recover: lower the learning rate, use He initialization or a leaky ReLU.',
    ),
    pending: l10n.t('after the first epoch'),
  }),
});

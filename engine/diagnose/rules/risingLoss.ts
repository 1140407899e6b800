/** A training loss that rises from epoch to epoch. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { removeSchedule, scaleLearningRate } from '../fixes.ts';
import { shareOf } from '../look.ts';
import { isBelow } from '../remainingRate.ts';
import { small } from '../samples.ts';

export const risingLoss = defineFinding({
  code: 'loss/diverging',
  title: 'The training loss rises',
  doc: `At the end of the run the loss on the samples that the network trains on is higher than in an earlier epoch, two epochs in a row. Updates of a suitable
size lower it from epoch to epoch, apart from chance. So the steps are too large to stay where the loss is low.

It differs from overfitting, where the training loss falls and the test loss rises.

**What helps:** no schedule that raises the rate; a tenth of the learning rate, or a schedule that lowers it.

Limits: 1.2 times the lowest training loss of an epoch, and above a fifth of that of guessing.`,
  needs: 'training',
  when: 'epoch',
  measures: () => l10n.t('Loss, as a share of that of guessing'),
  fromLoss: true,
  limits: { rise: 1.2, share: 0.2 },
  causes: [
    'update/tooLarge',
    'gradient/exploding',
    'init/mismatch',
    'regularization/tooStrong',
    'batch/tooSmallForBatchNorm',
    'data/outliers',
    'data/notScaled',
  ],

  find(look, { rise, share }) {
    const { epochs, isLast, analysis } = look;
    // With several losses, one can rise while another one falls.
    if (analysis.spec.training?.losses.length !== 1) return [];
    const last = epochs[epochs.length - 1];
    if (!isLast || epochs.length < 3) return [];
    const least = shareOf(look, last.leastLoss);
    const [before, now] = epochs.slice(-2).map(({ train }) => shareOf(look, train.loss));
    const isHigh = Math.min(before, now) > rise * least && now > share;
    return [
      {
        place: ['training', 'optimizer'],
        severity: isHigh ? 'warning' : undefined,
        evidence: { value: now, limit: Math.max(share, rise * least) },
        message: () =>
          l10n.t(
            'the training loss has risen from {0} to {1}: the steps are too large to stay where it is low. Lower the learning rate.',
            formatNumber(last.leastLoss),
            formatNumber(last.train.loss),
          ),
      },
    ];
  },

  fixes: (look) => [
    // A factor above 1 raises the rate, as a "decay" above 1 does.
    ...(isBelow(look, 1.01) ? [] : removeSchedule(look)),
    ...scaleLearningRate(look, 1 / 10),
    ...scaleLearningRate(look, 1 / 100),
  ],

  samples: () => ({
    sick: [growing(2.5)],
    nearMiss: growing(1.5),
    healthy: [small('relu')],
  }),
});

/** A learning rate that is multiplied by this number after each epoch. */
const growing = (decay: number) =>
  small('tanh', {
    optimizer: { type: 'adam', learningRate: 0.01 },
    schedule: { type: 'exponential', decay },
    epochs: 6,
  });

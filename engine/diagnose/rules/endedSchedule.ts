/** A schedule that leaves next to nothing of the learning rate while the loss is still high. */
import * as l10n from '@vscode/l10n';
import { formatNumber, formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { isOnlyNoise } from '../expected.ts';
import { removeSchedule } from '../fixes.ts';
import { lastCheck, lossShare } from '../look.ts';
import { factorNow, isBelow, isRising, shareBelow } from '../remainingRate.ts';
import { small } from '../samples.ts';

export const endedSchedule = defineFinding({
  code: 'update/slowing',
  title: 'The schedule ends learning too early',
  doc: `The schedule leaves almost nothing of the learning rate for more than half of the run, and the loss is still high. It decays too fast,
or takes a slow fall of the loss for a plateau.

Where it leaves so little that updates are lost in rounding, half of the run does nothing. So this is reported unless nearly everything was learned.

The factor on the learning rate is computed for the whole run, past and future. So a warm-up that is over in time, a wave that starts again, and
a schedule that ends in the second half are not reported: at the end of a run, small updates are the purpose of a schedule.

It is information where, in a table, the loss is at most 1.25 times that of predictions by the 15 nearest samples: it may have fallen as far as the
noise of the target allows, and the schedule has done its work.

**What helps:** no schedule, or a slower one.

Limits: less than 1/200 of the learning rate, now and in more than half of the run, and a loss above 15 % of guessing; or less than a millionth, and a loss
above 2 %. A healthy update changes weights by a thousandth, and numbers have seven digits.`,
  needs: 'training',
  measures: () => l10n.t('Share of the run without a learning rate'),
  limits: { ended: 0.005, part: 0.5, stuck: 0.15, lost: 1e-6, open: 0.02 },
  causes: ['gradient/vanishing', 'init/mismatch', 'data/notScaled', 'regularization/tooStrong'],

  find(look, { ended, part, stuck, lost, open }) {
    // A rate that has only risen so far has ended nothing: another rule judges how small its updates are.
    if (!isBelow(look, ended) || isRising(look)) return [];
    const loss = lossShare(look);
    // A loss that is not high is the schedule's fault only where nothing can be learned any more.
    const limit = loss > stuck ? ended : lost;
    const share = shareBelow(look, limit);
    const hasStopped = isBelow(look, limit) && share > part && loss > open;
    return [
      {
        place: ['training', 'schedule'],
        severity: hasStopped
          ? isOnlyNoise(look, loss)
            ? ('info' as const)
            : ('warning' as const)
          : undefined,
        evidence: { value: share, limit: part },
        message: () =>
          l10n.t(
            'at step {0} of {1} the schedule leaves {2} of the learning rate, and less than {3} for {4} of the run, while the loss is still {5} of that of guessing. Remove it, or use a slower one.',
            lastCheck(look).step,
            look.totalSteps,
            formatNumber(factorNow(look)),
            formatNumber(limit),
            formatShare(share),
            formatShare(loss),
          ),
      },
    ];
  },

  fixes: (look) => removeSchedule(look),

  samples: () => ({
    sick: [scheduled({ type: 'exponential', decay: 0.1 })],
    nearMiss: scheduled({ type: 'exponential', decay: 0.42 }),
    healthy: [scheduled({ type: 'cosine' }), scheduled({ type: 'warmup', epochs: 2, start: 0 })],
  }),
});

/** A run of twelve epochs with a schedule. */
function scheduled(schedule: { readonly [setting: string]: string | number }) {
  return small('relu', { optimizer: { type: 'adam', learningRate: 0.01 }, schedule, epochs: 12 });
}

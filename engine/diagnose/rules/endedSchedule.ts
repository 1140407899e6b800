/** A schedule that leaves next to nothing of the learning rate while the loss is still high. */
import * as l10n from '@vscode/l10n';
import { formatNumber, formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { removeSchedule } from '../fixes.ts';
import { lastCheck, lossShare } from '../look.ts';
import { mostAhead, stopped } from '../remainingRate.ts';
import { small } from '../samples.ts';

export const endedSchedule = defineFinding({
  code: 'update/slowing',
  title: 'The schedule ends learning too early',
  doc: `The schedule has lowered the learning rate to almost nothing, and keeps it there for a large part of the run, while the loss is still high. It decays too fast,
takes a slow fall of the loss for a plateau, or warms up for longer than the run lasts.

Only its factor on the learning rate counts, now and later: a warm-up that is over in time and a wave that starts again are not reported. At the end of a run, small
updates are the purpose of a schedule.

**What helps:** no schedule, or a slower one.

Limits: less than 1/200 of the learning rate, from now until 70 % of the run, and a loss above 15 % of guessing.`,
  needs: 'training',
  limits: { ended: stopped, stuck: 0.15 },
  causes: ['gradient/vanishing', 'init/mismatch', 'data/notScaled', 'regularization/tooStrong'],

  find(look, { ended, stuck }) {
    const { step } = lastCheck(look);
    const part = mostAhead(look, end);
    if (part === undefined) return [];
    return [
      {
        place: ['training', 'schedule'],
        severity: part < ended && lossShare(look) > stuck ? ('warning' as const) : undefined,
        evidence: { value: part, limit: ended },
        message: () =>
          l10n.t(
            'at step {0} of {1}, the schedule leaves {2} of the learning rate, while the loss is still {3} of that of guessing. Remove it, or use a slower one.',
            step,
            look.totalSteps,
            formatNumber(part),
            formatShare(lossShare(look)),
          ),
      },
    ];
  },

  fixes: (look) => removeSchedule(look),

  samples: () => ({
    sick: [
      scheduled({ type: 'exponential', decay: 0.1 }),
      scheduled({ type: 'warmup', epochs: 5000, start: 0 }),
    ],
    nearMiss: scheduled({ type: 'exponential', decay: 0.54 }),
    healthy: [scheduled({ type: 'cosine' }), scheduled({ type: 'warmup', epochs: 2, start: 0 })],
  }),
});

/** A run of twelve epochs with a schedule. */
function scheduled(schedule: { readonly [setting: string]: string | number }) {
  return small('relu', { optimizer: { type: 'adam', learningRate: 0.01 }, schedule, epochs: 12 });
}

/** Up to this part of a run, its schedule should not have ended it. */
const end = 0.7;

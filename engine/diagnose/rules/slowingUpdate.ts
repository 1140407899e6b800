/** Steps that the optimizer or the schedule shrinks while the loss is still high. */
import * as l10n from '@vscode/l10n';
import { optimizers } from '../../optimizers/registry.ts';
import { formatNumber, formatShare } from '../../schema/numbers.ts';
import { valueIn } from '../../stats/define.ts';
import { gradNorm } from '../../stats/gradNorm.ts';
import { updateRatio } from '../../stats/updateRatio.ts';
import { defineFinding } from '../define.ts';
import { isNoisy } from '../expected.ts';
import { removeSchedule, setOptimizer } from '../fixes.ts';
import { type Check, lastCheck, lossShare } from '../look.ts';
import { mixesInputs } from '../network.ts';
import { small } from '../samples.ts';

export const slowingUpdate = defineFinding({
  code: 'update/slowing',
  title: 'Updates slow down too early',
  doc: `Adagrad divides each step by the root of the sum of all squared gradients so far, and a sum only grows. Updates have shrunk to a small
part of the first ones while the gradients have not, and the loss is still far from 0. This suits sparse inputs, where some weights are rarely
updated; a long training on dense inputs stops learning too early.

A schedule can do the same, if it decays fast or takes a slow fall for a plateau. It is judged in the first half of a run only, because at the end
small updates are its purpose.

**What helps:** no schedule, or one that waits longer; Adam or RMSprop, which divide by a running mean; a higher learning rate from the start.

A gradient becomes smaller with the loss. So updates are also compared with it: where they have shrunk a hundred times as much, the optimizer
is the reason.

Limits: updates of a tenth of the first ones, while the gradient is at least half of its first size and the loss at least a fifth of that of guessing;
or updates of a hundredth, relative to the gradient, or by a schedule while the loss is at least a tenth of that of guessing.`,
  needs: 'training',
  limits: { shrunk: 0.1, gradient: 0.5, loss: 0.2, left: 0.01, cut: 0.1 },
  holds: 3,
  causes: [
    'update/tooSmall',
    'gradient/vanishing',
    'init/mismatch',
    'data/notScaled',
    'regularization/tooStrong',
  ],

  find(look, { shrunk, gradient, loss, left, cut }) {
    const { training, first, epochs, totalSteps } = look;
    const { slowsDown } = optimizers.get(training.optimizer.type);
    const isScheduled = training.schedule !== undefined;
    if (!(slowsDown || isScheduled) || !first) return [];
    const share = lossShare(look);
    const names = look.analysis.graph.layers.filter(mixesInputs).map(({ name }) => name);
    const [before, now] = [sums(first, names), sums(lastCheck(look), names)];
    const ratio = now.update / before.update;
    const gradientLeft = now.gradient / before.gradient;
    if (!Number.isFinite(ratio)) return [];
    const kept = isScheduled ? mostKept(first, lastCheck(look), names) : ratio;
    const isSlow =
      slowsDown === true &&
      share > loss &&
      epochs.length >= training.epochs / 2 &&
      ratio < shrunk &&
      (gradientLeft > gradient || ratio < left * gradientLeft);
    const isCut =
      isScheduled &&
      lastCheck(look).step <= totalSteps / 2 &&
      share > cut &&
      !isNoisy(look, share) &&
      kept < left &&
      gradientLeft > shrunk;
    return [
      {
        place: ['training', isCut ? 'schedule' : 'optimizer'],
        severity: isSlow || isCut ? ('warning' as const) : undefined,
        evidence: isCut ? { value: kept, limit: left } : { value: ratio, limit: shrunk },
        message: () =>
          isCut
            ? l10n.t(
                'before the middle of the run, the schedule has shrunk updates to {0} of the first ones, while the loss is still {1} of that of guessing. Remove it, or let it wait longer.',
                formatNumber(kept),
                formatShare(share),
              )
            : l10n.t(
                'updates have shrunk to {0} of the first ones while the gradients have not: {1} does not recover from this. Use adam, or start with a higher learning rate.',
                formatNumber(ratio),
                training.optimizer.type,
              ),
      },
    ];
  },

  fixes: (look) => [
    ...removeSchedule(look),
    ...(optimizers.get(look.training.optimizer.type).slowsDown ? setOptimizer(look, 'adam') : []),
  ],

  samples: {
    sick: [
      small('relu', { optimizer: { type: 'adagrad', learningRate: 0.01 }, epochs: 12 }),
      small('relu', {
        optimizer: { type: 'adam', learningRate: 0.01 },
        schedule: { type: 'exponential', decay: 0.1 },
        epochs: 12,
      }),
    ],
    nearMiss: small('relu', { optimizer: { type: 'adagrad', learningRate: 0.02 }, epochs: 12 }),
    healthy: [
      small('relu', { optimizer: { type: 'adagrad', learningRate: 0.1 }, epochs: 10 }),
      small('relu', { schedule: { type: 'cosine' }, epochs: 12 }),
    ],
  },
});

/** The updates of the layer where they have shrunk least: the first ones of weights that start at 0 are large relative to these. */
const mostKept = (before: Check, now: Check, names: readonly string[]): number =>
  Math.max(
    ...names.map((name) => {
      const [one, other] = [before, now].map(({ stats }) => valueIn(updateRatio, stats[name] ?? {}));
      return other !== undefined && one ? other / one : 0;
    }),
  );

/** The sizes of updates and gradients, summed over layers. */
function sums({ stats }: Check, names: readonly string[]) {
  const sum = (statistic: typeof updateRatio | typeof gradNorm) =>
    names.reduce((all, name) => all + (valueIn(statistic, stats[name] ?? {}) ?? 0), 0);
  return { update: sum(updateRatio), gradient: sum(gradNorm) };
}

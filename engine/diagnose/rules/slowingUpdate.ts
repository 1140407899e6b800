/** Steps that the optimizer shrinks while the loss is still high. */
import * as l10n from '@vscode/l10n';
import { optimizers } from '../../optimizers/registry.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { valueIn } from '../../stats/define.ts';
import { gradNorm } from '../../stats/gradNorm.ts';
import { updateRatio } from '../../stats/updateRatio.ts';
import { defineFinding } from '../define.ts';
import { scaleLearningRate, setOptimizer } from '../fixes.ts';
import { type Check, lastCheck, lossShare } from '../look.ts';
import { mixesInputs } from '../network.ts';
import { small } from '../samples.ts';

export const slowingUpdate = defineFinding({
  code: 'update/slowing',
  title: 'Updates slow down too early',
  doc: `Adagrad divides each step by the root of the sum of all squared gradients so far, and a sum only grows. Updates have shrunk to a small
part of the first ones while the gradients have not, and the loss is still far from 0. This suits sparse inputs, where some weights are rarely
updated; a long training on dense inputs stops learning too early.

**What helps:** Adam or RMSprop, which divide by a running mean; a higher learning rate from the start.

A gradient becomes smaller with the loss. So updates are also compared with it: where they have shrunk a hundred times as much, the optimizer
is the reason.

Limits: updates of a tenth of the first ones, while the gradient is at least half of its first size and the loss at least a fifth of that of guessing;
or updates of a hundredth, relative to the gradient.`,
  needs: 'training',
  measures: () => l10n.t('Updates, as a share of the first ones'),
  limits: { shrunk: 0.1, gradient: 0.5, loss: 0.2, left: 0.01 },
  holds: 3,
  causes: [
    'update/tooSmall',
    'gradient/vanishing',
    'init/mismatch',
    'data/notScaled',
    'regularization/tooStrong',
  ],

  find(look, { shrunk, gradient, loss, left }) {
    const { training, first, epochs } = look;
    if (!optimizers.get(training.optimizer.type).slowsDown || !first) return [];
    const names = look.analysis.graph.layers.filter(mixesInputs).map(({ name }) => name);
    const [before, now] = [sums(first, names), sums(lastCheck(look), names)];
    const ratio = now.update / before.update;
    const gradientLeft = now.gradient / before.gradient;
    if (!Number.isFinite(ratio)) return [];
    const isSlow =
      lossShare(look) > loss &&
      epochs.length >= training.epochs / 2 &&
      ratio < shrunk &&
      (gradientLeft > gradient || ratio < left * gradientLeft);
    return [
      {
        place: ['training', 'optimizer'],
        severity: isSlow ? ('warning' as const) : undefined,
        evidence: { value: ratio, limit: shrunk },
        message: () =>
          l10n.t(
            'updates have shrunk to {0} of the first ones while the gradients have not: {1} does not recover from this. Use adam, or start with a higher learning rate.',
            formatNumber(ratio),
            training.optimizer.type,
          ),
      },
    ];
  },

  fixes: (look) => [...setOptimizer(look, 'adam'), ...scaleLearningRate(look, 10)],

  samples: () => ({
    sick: [small('relu', { optimizer: { type: 'adagrad', learningRate: 0.01 }, epochs: 12 })],
    nearMiss: small('relu', { optimizer: { type: 'adagrad', learningRate: 0.02 }, epochs: 12 }),
    healthy: [small('relu', { optimizer: { type: 'adagrad', learningRate: 0.1 }, epochs: 10 })],
  }),
});

/** The sizes of updates and gradients, summed over layers. */
function sums({ stats }: Check, names: readonly string[]) {
  const sum = (statistic: typeof updateRatio | typeof gradNorm) =>
    names.reduce((all, name) => all + (valueIn(statistic, stats[name] ?? {}) ?? 0), 0);
  return { update: sum(updateRatio), gradient: sum(gradNorm) };
}

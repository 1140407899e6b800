/** Whether a network can memorize a few samples. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../schema/numbers.ts';
import { counted } from '../schema/text.ts';
import { definePreflightCheck } from './define.ts';
import { memorize, memorizedShare, updates } from './memorize.ts';

export const overfits = definePreflightCheck({
  key: 'overfits',
  title: 'Memorizes a few samples',
  doc: `A network that cannot memorize twenty samples will not learn thousands: its data, layers, loss or optimizer have a fault. The check trains it on twenty samples, all of them in each step, for at most ${updates} steps with the optimizer of the spec. It passes if the loss on them falls to a tenth, or if all of them are classified correctly.`,
  async run(subject) {
    const { samples, before, after, steps, isPerfect } = await memorize(subject);
    const values = [
      counted(samples, 'samples'),
      formatNumber(before.loss),
      formatNumber(after.loss),
      steps,
    ] as const;
    if (isPerfect || after.loss <= memorizedShare * before.loss)
      return {
        outcome: 'passed',
        message: l10n.t('The loss on {0} fell from {1} to {2} in {3} steps.', ...values),
      };
    const [, first, last] = values;
    return {
      outcome: 'failed',
      message: `${
        first === last
          ? l10n.t('The loss on {0} stayed at {1} for {3} steps.', ...values)
          : l10n.t('The loss on {0} only went from {1} to {2} in {3} steps.', ...values)
      } ${l10n.t(
        'Check that inputs and labels match, that the learning rate is suitable (try three times as much, or a third), and that the network is wide enough.',
      )}`,
      path: ['training', 'optimizer'],
    };
  },
});

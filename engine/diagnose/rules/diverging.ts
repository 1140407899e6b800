/** A loss that grows after it was lower. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { clipGradients, scaleLearningRate } from '../fixes.ts';
import { lastCheck, shareOf } from '../look.ts';
import { small } from '../samples.ts';

export const diverging = defineFinding({
  code: 'loss/diverging',
  title: 'The loss diverges',
  doc: `The training loss is far above its lowest value, and above the loss of guessing. Usually the learning rate is too high; with momentum this
can show after a good start.

**What helps:** a lower learning rate, a learning-rate warm-up, gradient clipping.

Limits: twice the lowest loss so far, as in TheDeepChecker.`,
  needs: 'training',
  limits: { factor: 2 },
  holds: 2,
  causes: ['update/tooLarge', 'gradient/exploding'],

  find(look, { factor }) {
    const { loss, step } = lastCheck(look);
    const { first } = look;
    if (!first || step <= 5) return [];
    const least = Math.min(
      ...look.checks.slice(0, -1).map((check) => check.loss),
      ...look.epochs.map((epoch) => epoch.train.loss),
    );
    const [now, before] = [loss, least].map((one) => shareOf(look, one));
    const isWorse = now > Math.max(1.5, factor * before) && loss > first.loss;
    return [
      {
        place: ['training', 'optimizer'],
        severity: isWorse ? 'error' : undefined,
        evidence: { value: now, limit: factor * Math.max(before, 1e-12) },
        message: () =>
          l10n.t(
            'the loss has grown from {0} to {1}: the training diverges. Lower the learning rate.',
            formatNumber(least),
            formatNumber(loss),
          ),
      },
    ];
  },

  fixes: (look) => [...scaleLearningRate(look, 1 / 10), ...clipGradients(look)],

  samples: {
    sick: [small('tanh', { optimizer: { type: 'adam', learningRate: 3 } })],
    healthy: [small('relu')],
  },
});

/** A loss that grows after it was lower. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { steadyLosses } from '../expected.ts';
import { clipGradients, scaleLearningRate } from '../fixes.ts';
import { shareOf } from '../look.ts';
import { small } from '../samples.ts';

export const diverging = defineFinding({
  code: 'loss/diverging',
  title: 'The loss diverges',
  doc: `The training loss is far above its lowest value, and above the loss of guessing. Usually the learning rate is too high; with momentum this
can show after a good start.

**What helps:** a lower learning rate, a learning-rate warm-up, gradient clipping.

Limits: twice the lowest loss so far, as in TheDeepChecker, and 1.5 times that of guessing; each is the mean of at least 32 samples.`,
  needs: 'training',
  measures: () => l10n.t('Loss, as a share of that of guessing'),
  fromLoss: true,
  limits: { factor: 2 },
  holds: 2,
  causes: [
    'update/tooLarge',
    'gradient/exploding',
    'init/mismatch',
    'structure/dropoutTooHigh',
    'data/outliers',
    'data/notScaled',
  ],

  find(look, { factor }) {
    const { first } = look;
    const losses = steadyLosses(look);
    const { loss, step, from } = losses[losses.length - 1];
    if (!first || step <= 5) return [];
    const least = Math.min(
      ...losses.filter((earlier) => earlier.step < from).map((earlier) => earlier.loss),
      look.epochs.at(-1)?.leastLoss ?? Number.POSITIVE_INFINITY,
    );
    if (!Number.isFinite(least)) return [];
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

  samples: () => ({
    sick: [
      small('tanh', { optimizer: { type: 'adam', learningRate: 3 } }),
      small('elu', { optimizer: { type: 'adam', learningRate: 0.26 } }),
    ],
    nearMiss: small('elu', { optimizer: { type: 'adam', learningRate: 0.25 } }),
    healthy: [small('relu')],
  }),
});

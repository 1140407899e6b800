/** A learning rate far above the usual one, in a network that has something left to learn. */
import * as l10n from '@vscode/l10n';
import { optimizers } from '../../optimizers/registry.ts';
import { formatNumber, formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { scaleLearningRate } from '../fixes.ts';
import { shareOf } from '../look.ts';
import { small } from '../samples.ts';

export const longSteps = defineFinding({
  code: 'update/tooLarge',
  title: 'A learning rate far above the usual one',
  doc: `The steps of Adam, RMSprop or Lion are about as long as the learning rate, whatever the gradient is. So a rate far above the usual one keeps weights from
settling, even where the loss falls: they jump about the minimum. That is information, because small networks may need few steps of any length, but a warning where the loss ends above that of guessing.

Not with optimizers whose steps follow the gradient, such as SGD, where the usual rate depends on the loss, or whose steps only become smaller, such as Adagrad.

**What helps:** a tenth of the learning rate, or a schedule that lowers it.

Limits: 50 times the default of the optimizer, and a training loss above a twentieth of that of guessing when the training ends; a warning above 1.03 times that.`,
  needs: 'training',
  measures: () => l10n.t('Learning rate, as a multiple of the default'),
  when: 'epoch',
  limits: { usual: 50, left: 0.05, worse: 1.03 },
  causes: ['data/notScaled', 'output/lossMismatch', 'regularization/tooStrong'],

  find(look, { usual, left, worse }) {
    const { epochs, isLast, training } = look;
    const { type, attributes } = training.optimizer;
    const { followsGradient, slowsDown, attributes: table } = optimizers.get(type);
    if (!isLast || followsGradient || slowsDown) return [];
    const rate = Number(attributes.learningRate);
    const times = rate / Number(table.learningRate?.default);
    const now = shareOf(look, epochs[epochs.length - 1].train.loss);
    return [
      {
        place: ['training', 'optimizer'],
        severity: times > usual && now > left ? (now > worse ? 'warning' : 'info') : undefined,
        evidence: { value: times, limit: usual },
        message: () => {
          const [of, label] = [formatNumber(times), optimizers.get(type).label];
          return now > worse
            ? l10n.t(
                'the learning rate of {0} is {1} times the default of {2}, and the training loss ends at {3} times that of guessing. Try a lower one.',
                formatNumber(rate),
                of,
                label,
                formatNumber(now),
              )
            : l10n.t(
                'the learning rate of {0} is {1} times the default of {2}, and {3} of the loss of guessing is left. Try a lower one.',
                formatNumber(rate),
                of,
                label,
                formatShare(now),
              );
        },
      },
    ];
  },

  fixes: (look) => [...scaleLearningRate(look, 1 / 10), ...scaleLearningRate(look, 1 / 100)],

  samples: () => ({
    sick: [leaping(0.06)],
    nearMiss: leaping(0.045),
    healthy: [leaping(0.01)],
  }),
});

/** Two moons that overlap, so that some of the loss is always left. */
const leaping = (learningRate: number) =>
  small('tanh', {
    data: { type: 'points', pattern: 'moons', noise: 0.4, samples: 400, testSamples: 100 },
    optimizer: { type: 'adam', learningRate },
    epochs: 6,
  });

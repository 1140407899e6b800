/** A loss that goes up and down instead of falling. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { scaleLearningRate } from '../fixes.ts';
import { shareOf } from '../look.ts';
import { chain, small } from '../samples.ts';

export const oscillating = defineFinding({
  code: 'loss/oscillating',
  title: 'The loss goes up and down',
  doc: `From epoch to epoch the training loss rises and falls by a large part of its value and gets no lower: steps are so large that they jump
over the minimum.

**What helps:** a lower learning rate, a learning-rate schedule, a larger batch.

Limits: five changes of direction in eight epochs, by a fifth of the loss, around more than a fifth of that of guessing; AutoTrainer uses 20 % of epochs.`,
  needs: 'training',
  measures: () => l10n.t('Changes of direction of the loss'),
  when: 'epoch',
  fromLoss: true,
  limits: { turns: 5, swing: 0.2 },
  causes: ['update/tooLarge', 'gradient/exploding', 'loss/diverging'],

  find(look, { turns, swing }) {
    const lately = look.epochs.slice(-8).map(({ train }) => train.loss);
    if (lately.length < 8) return [];
    const meanOf = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0) / all.length;
    const losses = lately.map((loss) => shareOf(look, loss));
    const mean = meanOf(losses);
    const moves = losses.slice(1).map((loss, index) => loss - losses[index]);
    const large = moves.filter((move) => Math.abs(move) > swing * mean);
    const turned = large.filter((move, index) => index > 0 && move > 0 !== large[index - 1] > 0).length;
    // Near the end of a good training small losses change by large parts of themselves.
    const isFar = mean > 0.2;
    const before = look.epochs.at(-9)?.leastLoss;
    // A loss that goes up and down, but reaches new lows, is on its way.
    const falls =
      meanOf(losses.slice(4)) < 0.7 * meanOf(losses.slice(0, 4)) ||
      (before !== undefined && Math.min(...losses) < 0.8 * shareOf(look, before));
    return [
      {
        place: ['training', 'optimizer'],
        severity: turned + 1 >= turns && isFar && !falls ? 'warning' : undefined,
        evidence: { value: turned + 1, limit: turns },
        message: () =>
          l10n.t(
            'in the last eight epochs the loss changed direction {0} times, around {1}, and did not fall. Lower the learning rate.',
            turned + 1,
            formatNumber(meanOf(lately)),
          ),
      },
    ];
  },

  fixes: (look) => [...scaleLearningRate(look, 1 / 10), ...scaleLearningRate(look, 1 / 3)],

  samples: () => ({
    sick: [jumping(30)],
    nearMiss: jumping(29),
    healthy: [small('relu', { epochs: 12 })],
  }),
});

function jumping(learningRate: number) {
  return chain(
    [2],
    { logits: { type: 'dense', units: 2 } },
    {
      data: { type: 'points', pattern: 'clusters', samples: 200, testSamples: 50, noise: 0.2 },
      optimizer: { type: 'sgd', learningRate },
      batchSize: 8,
      epochs: 12,
    },
  );
}

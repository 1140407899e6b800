/** The test loss rises while the training loss falls: the network memorizes samples. */
import * as l10n from '@vscode/l10n';
import { metrics } from '../../metrics/registry.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { setTraining } from '../fixes.ts';
import { shareOf, type TrainingLook } from '../look.ts';
import { addDropout, addWeightDecay } from '../restraint.ts';
import { small } from '../samples.ts';

export const overfitting = defineFinding({
  code: 'fit/overfitting',
  title: 'Overfitting',
  doc: `The test loss has been rising since its best epoch, while the training loss keeps falling: the network memorizes the training
samples instead of learning what they have in common.

**What helps:** more samples; early stopping, which restores the best epoch; dropout or weight decay; a smaller network.

Where the training samples are predicted nearly perfectly, and test samples much worse, but the test loss does not rise, the network has learned its samples by heart, too.
That is information: more samples would help, but the network is as good as it was.

Where the test loss was never better than that of guessing, early stopping has no good epoch to go back to, and the finding stays a warning.

The best of the last three epochs is compared, because small batches and batch normalization can cause one or two bad
epochs.

Limits: a test loss of 1.25 times its best, a training loss of 0.9 times what it was then, and a difference of a fifth of the loss of guessing
between the two. By heart: a training loss below a twentieth of that of guessing, and a test loss that is a fifth of that of guessing above it; at the end of a run 8 %, if that is ten times the training loss. Not where the training loss was above twice that of guessing after the best epoch: then it jumps, and does not keep falling. nnscope uses 1.15 and 0.9; the loss of a small test set rises that far by chance.`,
  needs: 'training',
  measures: () => l10n.t('Test loss, as a multiple of its lowest'),
  when: 'epoch',
  limits: { test: 1.25, train: 0.9, gap: 0.2, byHeart: 0.05, apart: 0.08, times: 10 },
  holds: 2,
  fromLoss: true,
  causes: ['data/notScaled', 'data/otherScale', 'batch/slowStatistics', 'batch/tooSmallForBatchNorm'],

  find(look, limits) {
    const { train, test, best, highestSince = 0 } = look.epochs[look.epochs.length - 1];
    if (!test || !best || look.epochs.length < 3) return [];
    const lately = Math.min(
      ...look.epochs.slice(-3).map((epoch) => epoch.test?.loss ?? Number.POSITIVE_INFINITY),
    );
    const rise = shareOf(look, lately) / Math.max(1e-9, shareOf(look, best.test.loss));
    // A rise that is small compared with the loss of guessing is noise of a small test set.
    const gap = shareOf(look, test.loss) - shareOf(look, train.loss);
    // A network that is worse than guessing on what it trains on has memorized nothing.
    const isLearned = train.loss < look.baseline.loss;
    // Where steps are too large, the best epoch is chance, and the loss is thrown far up after it.
    const keepsFalling = !(shareOf(look, highestSince) > thrown);
    const isWorse =
      isLearned &&
      keepsFalling &&
      rise > limits.test &&
      shareOf(look, train.loss) < limits.train * shareOf(look, best.train.loss) &&
      gap > limits.gap;
    const learned = shareOf(look, train.loss);
    // A smaller difference is judged when the run ends, because it comes and goes.
    const isAtEnd = look.isLast || look.epochs.length >= look.training.epochs - 1;
    const isByHeart =
      (gap > limits.gap || (isAtEnd && gap > limits.apart && gap > limits.times * learned)) &&
      learned < limits.byHeart &&
      !look.training.earlyStopping?.restoreBest;
    const stops = isWorse && look.training.earlyStopping?.restoreBest === true && !neverLearned(look);
    return [
      {
        place: ['training'],
        severity: isWorse && !stops ? 'warning' : isWorse || isByHeart ? 'info' : undefined,
        // By heart, the test loss need not have risen: there it is not what the finding measures.
        evidence: { value: rise, limit: isByHeart && !isWorse ? 0 : limits.test },
        message: () =>
          !isWorse
            ? l10n.t(
                'the training loss is nearly 0 ({0}), but the test loss is {1}: the network knows its samples by heart. Use more samples, add dropout or weight decay, or make the network smaller.',
                formatNumber(train.loss),
                formatNumber(test.loss),
              )
            : neverLearned(look)
              ? l10n.t(
                  'the training loss fell to {0}, but the test loss was never better than that of guessing ({1}): what the network learns does not hold for other samples. Check that inputs and targets belong together, and use more samples.',
                  formatNumber(train.loss),
                  formatNumber(look.baseline.loss),
                )
              : l10n.t(
                  'the test loss has risen from {0} to {1} while the training loss fell to {2}: the network memorizes the samples. Stop early, add dropout or weight decay, or use more samples.',
                  formatNumber(best.test.loss),
                  formatNumber(test.loss),
                  formatNumber(train.loss),
                ),
      },
    ];
  },

  fixes: (look) => [
    // If no epoch is better than guessing, the best one is not worth restoring.
    ...(look.analysis.spec.training?.earlyStopping || neverLearned(look)
      ? []
      : [
          setTraining(
            ['earlyStopping'],
            { patience: 5, restoreBest: true },
            l10n.t('Stop early and keep the best weights'),
          ),
        ]),
    ...addDropout(look, 0.3),
    ...addWeightDecay(look, 0.001),
  ],

  samples: () => ({
    sick: [memorizing(60)],
    nearMiss: memorizing(8),
    healthy: [small('relu', { epochs: 20 })],
  }),
});

/** A training loss of more than this many times that of guessing does not keep falling. */
const thrown = 2;

/** A wide network for a few samples. */
function memorizing(epochs: number) {
  return small(
    'relu',
    {
      data: { type: 'csv', file: 'test/fixtures/faults/data/few.csv', testFraction: 0.5 },
      optimizer: { type: 'adam', learningRate: 0.02 },
      epochs,
    },
    { units: 128 },
  );
}

/** A test loss of at least this share of the loss of guessing is no better than guessing, unless a score is better by this much. */
const guessing = { loss: 0.97, score: 0.1 };

/** Whether the test part was never predicted better than by guessing, in any epoch. */
const neverLearned = (look: TrainingLook): boolean =>
  look.epochs.every(
    ({ test }) =>
      !test ||
      (shareOf(look, test.loss) >= guessing.loss &&
        Object.entries(test).every(([name, score]) => {
          const metric = metrics.find(name.slice(name.lastIndexOf('.') + 1));
          return !metric?.higherIsBetter || !(score > (look.baseline[name] ?? score) + guessing.score);
        })),
  );

/** Units of a ReLU that no sample of a whole epoch brings above zero: they get no gradient and cannot recover. */
import * as l10n from '@vscode/l10n';
import { sizeOf } from '../../layers/define.ts';
import { formatShare } from '../../schema/numbers.ts';
import { deadFraction } from '../../stats/deadFraction.ts';
import { valueIn } from '../../stats/define.ts';
import { defineFinding } from '../define.ts';
import { changeType, isRateUnusual, scaleLearningRate } from '../fixes.ts';
import { lastCheck, shareOf, type TrainingLook } from '../look.ts';
import { lossShareBehind } from '../lossShare.ts';
import { isBelow } from '../remainingRate.ts';
import { chain, small } from '../samples.ts';

export const deadRelu = defineFinding({
  code: 'relu/dead',
  title: 'Dead units',
  doc: `A unit that is never above zero in a whole epoch is dead: its gradient is 0, so no update can revive it. A learning rate
that is too high kills units, since one large step can push a bias far below zero; so do inputs that are all of one sign.

Dead units are counted over a whole epoch, never over one batch. Half of the outputs of a healthy ReLU are zero for
any one sample, which is normal.

**What helps:** a lower learning rate, He initialization, or a ReLU with a slope below zero, such as the leaky ReLU.

Limits: [CS231n](https://cs231n.github.io/neural-networks-1/) gives 40 % as a sign of a learning rate that is too high;
DeepDiagnosis reports a fault at 70 %. A narrow layer that starts with 20 % dead units can still learn. Fewer than 70 % are information, because a layer of
which half is alive can learn, and other faults kill as many units. They are reported only when an epoch has at least 100 values of a unit, because among fewer, a unit that is above zero for one value in twenty can be silent by chance, and when it lowers the loss by less than 5 %, since units that start dead can come back while the layers before them change. Where the loss is below half of that of
guessing, dead units do not keep the network from learning, so they are information, unless nearly the whole layer is dead. So are they while a schedule leaves less than a
twentieth of the learning rate: it keeps the layers before them from changing, so that they cannot come back.`,
  needs: 'training',
  measures: () => l10n.t('Share of dead units'),
  statistic: deadFraction,
  when: 'epoch',
  limits: { info: 0.4, error: 0.7, loss: 0.5, all: 0.95, rate: 0.05, values: 100 },
  causes: [
    'data/notScaled',
    'init/symmetric',
    'output/lossMismatch',
    'regularization/tooStrong',
    'init/mismatch',
    'structure/bottleneck',
    'structure/skipsInputs',
    'batch/tooSmallForBatchNorm',
    'structure/dropoutTooHigh',
    'data/imbalanced',
    'data/outliers',
  ],

  find: (look, { info, error, loss, all, rate, values }) =>
    Object.entries(lastCheck(look).stats).flatMap(([layer, stats]) => {
      const share = valueIn(deadFraction, stats);
      if (share === undefined || share === null) return [];
      const places = look.analysis.graph.byName.get(layer)?.inferred.output.slice(0, -1) ?? [];
      const isCertain = look.trainSamples * sizeOf(places) >= values && !stillLearns(look);
      const severity = share >= error ? 'error' : share >= info && isCertain ? 'info' : undefined;
      const isHarmless = share < all && (lossShareBehind(look, layer) < loss || isBelow(look, rate));
      return [
        {
          layer,
          severity: severity && isHarmless ? ('info' as const) : severity,
          evidence: { value: share, limit: share >= error ? error : info },
          message: () =>
            l10n.t(
              '{0} of its units are dead: they were never above zero in the last epoch. They get no gradient and cannot recover. Lower the learning rate, or use a leaky ReLU.',
              formatShare(share),
            ),
        },
      ];
    }),

  fixes: (look, layer) => [
    // Where the learning rate is far from usual, it kills the units of other activations or layers next.
    ...(isRateUnusual(look) ? [...scaleLearningRate(look, 1 / 10), ...scaleLearningRate(look, 1 / 100)] : []),
    ...(layer === undefined ? [] : changeType(look, layer, 'leakyRelu')),
    ...scaleLearningRate(look, 1 / 3),
  ],

  samples: () => ({
    sick: [shifted(-20)],
    nearMiss: shifted(-1),
    healthy: [
      shifted(0),
      // Half of the units are dead, and the others learn the task.
      small(
        'relu',
        { optimizer: { type: 'adam', learningRate: 0.02 }, epochs: 10 },
        { biasInitializer: { type: 'uniform', min: -1.6, max: 0.4 } },
      ),
    ],
  }),
});

/** Whether the last epoch lowered the loss, so that the layers before dead units still change; so it is after the first one. */
function stillLearns(look: TrainingLook): boolean {
  const [before, now] = look.epochs.slice(-2).map(({ train }) => shareOf(look, train.loss));
  return !look.isLast && (now === undefined || now < 0.95 * before);
}

/** The biases of 32 units start here. */
function shifted(value: number) {
  return chain(
    [28, 28, 1],
    {
      flat: { type: 'flatten' },
      hidden: { type: 'dense', units: 32, biasInitializer: { type: 'constant', value } },
      relu: { type: 'relu' },
      logits: { type: 'dense', units: 4 },
    },
    {
      data: { type: 'shapes', samples: 200, testSamples: 40 },
      optimizer: { type: 'adam', learningRate: 0.001 },
      epochs: 1,
    },
  );
}

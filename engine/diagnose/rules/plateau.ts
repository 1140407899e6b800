/** A training that learns nothing: its loss is that of guessing. */
import * as l10n from '@vscode/l10n';
import { metrics } from '../../metrics/registry.ts';
import { optimizers } from '../../optimizers/registry.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { counted } from '../../schema/text.ts';
import { defineFinding, type Sighting } from '../define.ts';
import { isNoisy, predictsValues } from '../expected.ts';
import { type SpecFix, scaleLearningRate, setOptimizer, setTraining } from '../fixes.ts';
import { addHiddenLayer, widen } from '../growth.ts';
import { shareOf, type TrainingLook } from '../look.ts';
import { hasHiddenWeights } from '../network.ts';
import { hasDeadLayer, suppressesOutputs, whyNothingIsLearned } from '../reasons.ts';
import { small, twoOutputs } from '../samples.ts';

const usualBatch = 32;
/** Updates of a run that is long enough, as a multiple of the fewest. */
const usualUpdates = 5;

export const plateau = defineFinding({
  code: 'loss/plateau',
  title: 'Nothing is learned',
  doc: `After several epochs the training loss is still that of the best prediction that ignores the input: the most frequent class, or
the mean.

The loss to compare with is computed from the data before the first step. Where another finding explains the plateau, only that one is reported.

**What helps:** another learning rate; check that inputs and targets belong together; a network that can express more.

With several losses, each output is also compared by its metrics.

Limits: a loss above 97 % of guessing after three quarters of the epochs and 100 updates; an error at the end of the run. Not where
the accuracy on test data is better than that of guessing by more than three standard errors, and not where the test loss of values is certainly
better and the nearest samples of the table do not predict them better either. Nor where the loss is more than 3 % above that of guessing, but below
that of an untrained network, and there are more outputs than classes: the network still learns which outputs are never right. A run of three epochs
or more with fewer updates is too short to learn.`,
  needs: 'training',
  measures: () => l10n.t('Loss or score, relative to guessing'),
  when: 'epoch',
  namesNoCause: true,
  fromLoss: true,
  limits: { share: 0.97, epochs: 3, steps: 100 },
  causes: [...whyNothingIsLearned, 'data/imbalanced'],

  find(look, { share, epochs, steps }) {
    const { epochs: over, baseline, training, isLast } = look;
    const last = over[over.length - 1];
    // Rules that name a cause come first.
    const isLate = over.length >= Math.max(epochs, 0.75 * training.epochs);
    const now = shareOf(look, last.train.loss);
    if (!(isLast || isLate) || Number.isNaN(now) || hasDeadLayer(look)) return [];
    if (updatesIn(look, over.length) < steps)
      return isLast && over.length >= epochs ? [tooFewSteps(look, now, share)] : [];
    const learnsOutputs = now > 2 - share && suppressesOutputs(look, last.train.loss);
    const learnsNothing = now > share && !learnsOutputs && !scoresBetter(look) && !isWeak(look, now);
    return [
      ...(learnsNothing || !isLast ? [] : idleOutputs(look, share)),
      {
        place: ['training'],
        severity: learnsNothing ? (isLast ? 'error' : 'warning') : undefined,
        evidence: { value: now, limit: share },
        message: () =>
          l10n.t(
            'after {0} the loss is {1}, no better than guessing ({2}): nothing is learned. Try another learning rate, and check that inputs and targets belong together.',
            counted(over.length, 'epochs'),
            formatNumber(last.train.loss),
            formatNumber(baseline.loss),
          ),
      },
    ];
  },

  fixes: (look, layer, { steps }) => [
    ...(layer === undefined ? [] : raiseWeight(look, layer)),
    ...(hasHiddenWeights(look.analysis.graph) ? [] : addHiddenLayer(look)),
    ...moreUpdates(look, steps),
    ...adamInstead(look),
    // A lower rate only learns less from few updates.
    ...(isShort(look, steps) ? [] : scaleLearningRate(look, 1 / 10)),
    ...scaleLearningRate(look, 10),
    ...widen(look, 4),
  ],

  samples: () => ({
    sick: [
      shuffled(0.001, 8),
      twoOutputs(0.000001),
      // Sixty updates.
      small('relu', { optimizer: { type: 'adam', learningRate: 0.0002 }, epochs: 3 }),
    ],
    nearMiss: shuffled(0.005, 20),
    healthy: [small('relu'), twoOutputs(1)],
  }),
});

/** A table whose labels were shuffled. */
function shuffled(learningRate: number, epochs: number) {
  return small('relu', {
    data: { type: 'csv', file: 'test/fixtures/faults/data/shuffled.csv' },
    optimizer: { type: 'adam', learningRate },
    epochs,
  });
}

/**
 * Whether test data show that something is learned, though the loss hardly falls: the accuracy is better than that of guessing by more
 * than three standard errors. This is so if the inputs say only a little about the target.
 */
function scoresBetter({ epochs, baseline, testSamples }: TrainingLook): boolean {
  const { test } = epochs[epochs.length - 1];
  return Object.entries(test ?? {}).some(([name, score]) => {
    const guess = baseline[name];
    if (!/(^|\.)(accuracy|binaryAccuracy)$/.test(name) || guess === undefined) return false;
    return score - guess > 3 * Math.sqrt((guess * (1 - guess)) / testSamples);
  });
}

/** An e-value of about 1/400: guessing is that much less likely than what was learned. */
const certain = 12;

/**
 * Whether the inputs say only a little about a value, and the network has learned that: its predictions of test data are certainly better than
 * the mean, and those by similar samples are no better.
 */
const isWeak = (look: TrainingLook, now: number): boolean => {
  const { test } = look.epochs[look.epochs.length - 1];
  return (
    test !== undefined &&
    predictsValues(look) &&
    isNoisy(look, now) &&
    look.testSamples * (1 - shareOf(look, test.loss)) > certain
  );
};

/** Of several outputs, those whose metrics are no better than guessing. */
function idleOutputs({ analysis, epochs, baseline }: TrainingLook, share: number): readonly Sighting[] {
  const losses = analysis.spec.training?.losses ?? [];
  const { train } = epochs[epochs.length - 1];
  const outputs = new Set(losses.map(({ from }) => from.layer));
  return [...outputs].flatMap((layer) => {
    const scores = Object.keys(train)
      .filter((name) => name.startsWith(`${layer}.`) && baseline[name] !== undefined)
      .map((name) => {
        const { higherIsBetter } = metrics.find(name.slice(layer.length + 1)) ?? {};
        const [now, guess] = [train[name], baseline[name]];
        return { name, now, guess, left: higherIsBetter ? (1 - now) / (1 - guess) : now / guess };
      })
      .filter(({ left }) => Number.isFinite(left));
    if (losses.length < 2 || scores.length === 0) return [];
    const best = scores.reduce((least, one) => (one.left < least.left ? one : least));
    return [
      {
        layer,
        severity: best.left > share ? ('warning' as const) : undefined,
        evidence: { value: best.left, limit: share },
        message: () =>
          l10n.t(
            'after {0}, {1} is {2}, no better than guessing ({3}), while other outputs learn. Raise the "weight" of its loss, and check the layers that lead only to it.',
            counted(epochs.length, 'epochs'),
            best.name,
            formatNumber(best.now),
            formatNumber(best.guess),
          ),
      },
    ];
  });
}

/** Gives the loss of an output the usual weight, if it has less. */
const raiseWeight = ({ analysis }: TrainingLook, layer: string): SpecFix[] =>
  (analysis.spec.training?.losses ?? []).flatMap(({ from, weight }, index) =>
    from.layer === layer && weight < 1
      ? [
          setTraining(
            ['loss', index, 'weight'],
            undefined,
            l10n.t('Set "weight" of the loss of "{0}" to 1', layer),
          ),
        ]
      : [],
  );

/** A run too short to learn anything: it made too few updates. */
function tooFewSteps(look: TrainingLook, now: number, share: number): Sighting {
  const last = look.epochs[look.epochs.length - 1];
  return {
    place: ['training'],
    severity: now > share ? 'warning' : undefined,
    evidence: { value: now, limit: share },
    message: () =>
      l10n.t(
        'after {0} the loss is {1}, the same as that of guessing: there were too few updates to learn from. Use smaller batches, more epochs or a higher learning rate.',
        counted(updatesIn(look, look.epochs.length), 'updates'),
        formatNumber(last.train.loss),
      ),
  };
}

/** The updates in this many epochs: one for all batches that are accumulated, at the latest at the end of an epoch. */
const updatesIn = ({ training, totalSteps }: TrainingLook, epochs: number): number =>
  epochs * Math.ceil(totalSteps / training.epochs / training.accumulate);

/** Whether a run makes too few updates. */
const isShort = (look: TrainingLook, fewest: number): boolean =>
  updatesIn(look, look.training.epochs) < fewest;

/** An update for each batch, smaller batches, and more epochs, where a run makes too few updates. */
function moreUpdates(look: TrainingLook, fewest: number): SpecFix[] {
  if (!isShort(look, fewest)) return [];
  const { accumulate, batchSize, epochs } = look.training;
  const enough = Math.ceil((epochs * usualUpdates * fewest) / updatesIn(look, epochs));
  return [
    ...(accumulate > 1 ? [setTraining(['accumulate'], undefined, l10n.t('Remove "{0}"', 'accumulate'))] : []),
    ...(batchSize > usualBatch
      ? [setTraining(['batchSize'], usualBatch, l10n.t('Set "batchSize" to {0}', usualBatch))]
      : []),
    setTraining(['epochs'], enough, l10n.t('Set "epochs" to {0}', enough)),
  ];
}

/** Instead of plain SGD, which uses the same step size for all parameters. */
function adamInstead(look: TrainingLook): SpecFix[] {
  const { type, attributes } = look.training.optimizer;
  const isPlain = optimizers.get(type).slots(attributes as never).length === 0;
  return isPlain ? setOptimizer(look, 'adam', { learningRate: 0.01 }) : [];
}

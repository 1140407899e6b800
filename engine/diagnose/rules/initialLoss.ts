/** A loss that starts far above that of guessing. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { valueIn } from '../../stats/define.ts';
import { updateRatio } from '../../stats/updateRatio.ts';
import { worthOfSample } from '../classWeights.ts';
import { defineFinding } from '../define.ts';
import { predictsValues } from '../expected.ts';
import { setAttribute } from '../fixes.ts';
import { type DataLook, lastCheck, type TrainingLook } from '../look.ts';
import { judged, leadingTo, weightsOf } from '../network.ts';
import { chain, small } from '../samples.ts';

/** Targets of a few hundredths: the first steps find their scale. */
const smallTargets = chain(
  [3],
  { dense1: { type: 'dense', units: 16 }, act1: { type: 'tanh' }, rate: { type: 'dense', units: 1 } },
  {
    data: { type: 'csv', file: 'test/fixtures/faults/healthy/data/rates.csv.gz' },
    loss: { type: 'meanSquaredError', from: 'rate' },
    optimizer: { type: 'adam', learningRate: 0.01 },
    epochs: 20,
  },
);

export const initialLoss = defineFinding({
  code: 'loss/initial',
  title: 'The loss starts too high',
  doc: `An untrained network should predict evenly, which gives a loss of ln(classes), or the mean square of the values. A network that starts far
above this is confident of wrong answers: the weights of its last layer are too large, or its inputs or targets are not scaled. The first
epochs only undo that.

**What helps:** smaller weights in the last layer; scaled inputs and targets; for unbalanced classes, an output bias that starts from the class frequencies.

Limits: neuro-scope doubts a loss outside 0.5 to 2 times the expected one. Networks with ordinary initialization start up to twice as high. From 3 on it is information,
since a few steps undo it, and an error from 20 on. Values and counts
have a unit of their own, and the outputs of a healthy network start in another one: there the loss must still be above the limit, and above half of what
it was, after 25 steps of noticeable updates.`,
  needs: 'training',
  measures: () => l10n.t('First loss, as a multiple of that of guessing'),
  limits: { info: 3, error: 20, settle: 25, slack: 1.5 },
  causes: [
    'data/notScaled',
    'data/outliers',
    'data/imbalanced',
    'structure/noNonlinearity',
    'init/mismatch',
    'init/symmetric',
    'output/lossMismatch',
    'structure/dropoutTooHigh',
    'structure/nothingTrains',
    'regularization/tooStrong',
  ],

  find(look, { info, error, settle, slack }) {
    const { baseline, floor, untrainedLoss } = look;
    const expected = Math.max(untrainedLoss, baseline.loss);
    const { loss } = lastCheck(look);
    const enough = stepsOfFirstLoss(look);
    // Updates that are too large raise the loss of later steps.
    const start = Math.min(look.first?.loss ?? loss, startOf(look, enough) ?? loss);
    const ratioOf = (one: number) => (one - floor) / (expected - floor);
    if (!(expected > floor) || Number.isNaN(start)) return [];
    // Scores that start out wrong are confident. Values have a unit of their own, which the first steps may find.
    const isDue = predictsValues(look)
      ? isFirstFrom(look, Math.max(settle, enough)) &&
        ratioOf(loss) > ratioOf(start) / 2 &&
        hasMoved(look, settle)
      : isFirstFrom(look, enough);
    if (!isDue) return [];
    // Smoothed labels leave little between perfect predictions and guessing. Every network starts a little above that.
    const ratio = start > slack * expected || expected <= 0 ? Math.min(ratioOf(start), ratioOf(loss)) : 0;
    return [
      {
        place: ['training', 'loss'],
        severity: ratio > error ? 'error' : ratio > info ? 'info' : undefined,
        evidence: { value: ratio, limit: ratio > error ? error : info },
        message: () =>
          l10n.t(
            'the loss of the first step is {0}, {1} times that of guessing ({2}): the network starts out confident of wrong answers. Initialize the last layer with smaller weights, or scale the data.',
            formatNumber(start),
            formatNumber(ratioOf(start)),
            formatNumber(expected),
          ),
      },
    ];
  },

  fixes(look) {
    const last = leadingTo(look.analysis.graph, judged(look)).find((layer) => weightsOf(layer).length > 0);
    return last && Object.hasOwn(last.definition.attributes, 'kernelInitializer')
      ? [
          setAttribute(
            last.name,
            'kernelInitializer',
            { type: 'normal', std: 0.01 },
            l10n.t('Use small initial weights in "{0}"', last.name),
          ),
        ]
      : [];
  },

  samples: () => ({
    sick: [confident(60), confident(12)],
    nearMiss: confident(1.2),
    healthy: [small('relu'), smallTargets],
  }),
});

/** A network whose hidden units start with this bias. */
function confident(value: number) {
  return chain([2], {
    dense1: { type: 'dense', units: 16, biasInitializer: { type: 'constant', value } },
    act1: { type: 'relu' },
    logits: { type: 'dense', units: 2 },
  });
}

/** The first loss is the mean over at least this many samples of equal weight: a single one is far from the mean of all by chance. */
const samplesOfFirstLoss = 32;

/** The steps with that many samples. */
export const stepsOfFirstLoss = (look: DataLook): number =>
  Math.ceil(samplesOfFirstLoss / worthOfSample(look) / look.training.batchSize);

/** The mean loss of the first steps, up to the first look at or after the last of them. */
function startOf({ checks }: TrainingLook, steps: number): number | undefined {
  let [sum, seen] = [0, 0];
  for (const { step, loss } of checks) {
    sum += (step - seen) * loss;
    seen = step;
    if (step >= steps) return sum / seen;
  }
  return undefined;
}

/** Updates that together are this small, relative to the weights, have changed nothing yet. */
const leastMove = 0.03;

/** Whether updates of the current size change the weights noticeably in these steps. Otherwise a loss stays high for another reason. */
const hasMoved = (look: TrainingLook, steps: number): boolean =>
  Object.values(lastCheck(look).stats).some((own) => steps * (valueIn(updateRatio, own) ?? 0) > leastMove);

/** Whether this is the first look at or after a step. */
const isFirstFrom = ({ checks }: TrainingLook, step: number): boolean =>
  (checks.at(-1)?.step ?? 0) >= step && (checks.at(-2)?.step ?? 0) < step;

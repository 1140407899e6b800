/** Updates so large that the weights cannot converge. */
import * as l10n from '@vscode/l10n';
import { gradThroughTime } from '../../layers/recurrent/statistics.ts';
import { optimizers } from '../../optimizers/registry.ts';
import { formatNumber, formatShare } from '../../schema/numbers.ts';
import { type NetworkStats, valueIn } from '../../stats/define.ts';
import { paramNorm } from '../../stats/paramNorm.ts';
import { updateRatio } from '../../stats/updateRatio.ts';
import { defineFinding, type Sighting } from '../define.ts';
import { stillFalls } from '../expected.ts';
import { scaleLearningRate } from '../fixes.ts';
import { lastCheck, lossShare, shareOf, type TrainingLook } from '../look.ts';
import { hasHiddenWeights, mixesInputs, weightsOf } from '../network.ts';
import { comparedPulls } from '../pull.ts';
import { small } from '../samples.ts';

export const largeUpdate = defineFinding({
  code: 'update/tooLarge',
  title: 'Updates too large',
  doc: `One update changes the weights by a large part of their size, again and again, and the loss does not fall: the learning rate is too
high. The weights jump around the minimum instead of approaching it.

The first three steps are not checked, and nothing is reported while the loss falls: small networks learn well with large steps. At a rate of at most three times the default of the optimizer, or thirty times that of gradient descent, a warning is given from step 20 on, or in the second half of a shorter run.
In a network of a single linear layer it is information: one that can do no better than guess soon has weights near zero, of which any step is a large part.

**What helps:** a third or a tenth of the learning rate.

Limits: about 0.001 is healthy ([CS231n](https://cs231n.github.io/neural-networks-3/)); torchmortem warns above 0.1. A first update of 30 % of the weights or more is reported from step 20 on, if the loss has not fallen by then, and so is a later one if the loss of three epochs stays 3 % above that of guessing.
Where the first epoch was 3 % above guessing, half of the epochs are over, and the loss is still above 60 % of guessing, a first update of that size is reported, too, if updates are still larger than a hundredth.
Updates of a hundredth are too large where the loss of three epochs stays 3 % above that of guessing: a network that learns nothing for another reason soon predicts the mean. This does not hold where the gradient vanishes in time from the first step on.`,
  needs: 'training',
  measures: () => l10n.t('Update ratio'),
  statistic: updateRatio,
  limits: { warn: 0.1, error: 0.5, loss: 0.9, first: 0.3, late: 20, hovers: 0.01, above: 1.03, thrown: 0.6 },
  holds: 3,
  causes: [
    'regularization/tooStrong',
    'structure/dropoutTooHigh',
    'time/exploding',
    'data/outliers',
    'batch/tooSmallForBatchNorm',
    'init/mismatch',
    'loss/initial',
    'data/notScaled',
  ],

  find(look, { warn, error, loss, first, late, hovers, above, thrown }) {
    const { step, stats } = lastCheck(look);
    if (step <= 3 || startsVanished(look)) return [];
    // Weights that have grown hide how large the updates were that made them grow.
    const start = step >= late ? largest(look, look.first?.stats ?? {}) : undefined;
    const isHigh = lossShare(look) > loss || Number.isNaN(lossShare(look));
    if (!isHigh || stillFalls(look)) {
      const still = largest(look, stats);
      const isThrown = wasThrown(look, above, thrown) && still !== undefined && still.ratio > hovers;
      if (!start || !isThrown || start.ratio <= first) return [];
      return earlierUpdate(start.ratio, first, () =>
        l10n.t(
          'the first update changed the weights of {0} by {1} times their size and raised the loss above that of guessing, and it is still {2} of that: the learning rate is too high.',
          start.layer,
          formatNumber(start.ratio),
          formatShare(lossShare(look)),
        ),
      );
    }
    if (start && start.ratio > first)
      return earlierUpdate(start.ratio, first, () =>
        l10n.t(
          'the first update changed the weights of {0} by {1} times their size, and the loss has not fallen since: the learning rate is too high.',
          start.layer,
          formatNumber(start.ratio),
        ),
      );
    const isAbove = staysAbove(look, above);
    const worst = largest(look, stats);
    // Weights that have grown since hide it, too.
    const peak = isAbove && !(worst && worst.ratio > error) ? largestBefore(look) : undefined;
    if (peak && peak.ratio > first)
      return earlierUpdate(peak.ratio, first, () =>
        l10n.t(
          'one update changed the weights of {0} by {1} times their size, and the loss has stayed above that of guessing since: the learning rate is too high.',
          peak.layer,
          formatNumber(peak.ratio),
        ),
      );
    if (!worst) return [];
    const { ratio } = worst;
    // Noise keeps the loss a little above guessing where the gradient does not reach what is to be remembered, whatever the rate.
    const most = isAbove && !startsForgetting(look) ? hovers : warn;
    // In the first steps, weights may grow quickly at a usual rate.
    const isSettled = step >= Math.min(late, look.totalSteps / 2) || isRateHigh(look);
    // A single linear layer that can do no better than guess soon has weights near zero, of which any step is a large part.
    const isSmall = !hasHiddenWeights(look.analysis.graph);
    const severity = isSmall ? 'info' : ratio > error ? 'error' : 'warning';
    return [
      {
        place: ['training', 'optimizer'],
        severity: ratio > error || (ratio > most && isSettled) ? severity : undefined,
        evidence: { value: ratio, limit: ratio > error ? error : most },
        message: () =>
          l10n.t(
            'each update changes the weights of {0} by {1} times their size, and the loss does not fall: the learning rate is too high.',
            worst.layer,
            formatNumber(ratio),
          ),
      },
    ];
  },

  fixes: (look) => [...scaleLearningRate(look, 1 / 10), ...scaleLearningRate(look, 1 / 100)],

  samples: () => ({
    sick: [small('tanh', { optimizer: { type: 'sgd', learningRate: 3 } })],
    nearMiss: small('tanh', { optimizer: { type: 'sgd', learningRate: 1.8 } }),
    healthy: [small('tanh', { optimizer: { type: 'adam', learningRate: 0.02 } })],
  }),
});

/** A rate above this many times the default of its optimizer is high. Where steps follow the gradient, the usual rate depends on the loss. */
const high = { bounded: 3, following: 30 };

function isRateHigh({ training: { optimizer } }: TrainingLook): boolean {
  const { attributes, followsGradient } = optimizers.get(optimizer.type);
  const usual = Number(attributes.learningRate?.default);
  return (
    Number(optimizer.attributes.learningRate) > (followsGradient ? high.following : high.bounded) * usual
  );
}

/** What an update that is over now did to the run. */
const earlierUpdate = (value: number, limit: number, message: () => string): readonly Sighting[] => [
  { place: ['training', 'optimizer'], severity: 'warning', evidence: { value, limit }, message },
];

/**
 * Whether the mean loss of the last three epochs is above that of guessing, and not on its way down. A network that learns nothing for another reason
 * soon predicts the mean; steps that are too large keep it from even that.
 */
function staysAbove(look: TrainingLook, above: number): boolean {
  const lately = look.epochs.slice(-3).map(({ train }) => shareOf(look, train.loss));
  const mean = lately.reduce((sum, share) => sum + share, 0) / 3;
  return lately.length === 3 && mean > above && lately[2] > 0.9 * lately[0];
}

/** Whether the loss of the first epoch was above that of guessing, and that of later ones has not fallen far below it. */
const wasThrown = (look: TrainingLook, above: number, thrown: number): boolean =>
  look.epochs.length >= look.training.epochs / 2 &&
  shareOf(look, look.epochs[0].train.loss) > above &&
  lossShare(look) > thrown;

/** The largest update of the looks that are kept. */
function largestBefore(look: TrainingLook): { layer: string; ratio: number } | undefined {
  const each = look.checks.flatMap(({ step, stats }) => (step > 3 ? (largest(look, stats) ?? []) : []));
  return each.toSorted((one, other) => one.ratio - other.ratio).at(-1);
}

/** Weights that start with less than this part of what suits the number of inputs are close to zero. */
const tiny = 0.1;

/** Gradients of this ratio have vanished. */
const vanished = 1e-3;

/** Whether gradients vanish from the first step on. Then the size of the steps is not what keeps the loss high. */
const startsVanished = (look: TrainingLook): boolean =>
  comparedPulls(look, look.first?.stats ?? {}).some(({ ratio }) => ratio < vanished);

/** Whether the gradient of a sequence vanishes in time from the first step on. */
const startsForgetting = (look: TrainingLook): boolean =>
  Object.values(look.first?.stats ?? {}).some((own) => {
    const norms = valueIn(gradThroughTime, own) ?? [];
    return norms.length > 1 && norms[0] < vanished * norms[norms.length - 1];
  });

/** Weights of less than this part of their first size have shrunk. */
const shrunk = 0.6;

/** The layer whose weights a step changes most, relative to their size. */
function largest(look: TrainingLook, stats: NetworkStats): { layer: string; ratio: number } | undefined {
  let worst: { layer: string; ratio: number } | undefined;
  for (const layer of look.analysis.graph.layers.filter(mixesInputs)) {
    // Any update is large compared with weights that start at zero, or close to it.
    if (weightsOf(layer).some(({ spread, fanIn }) => spread.std < tiny * Math.sqrt(2 / fanIn))) continue;
    const own = stats[layer.name] ?? {};
    const ratio = valueIn(updateRatio, own);
    // Any update is large compared with weights that have shrunk to almost nothing, which a penalty does.
    const [before, now] = [look.first?.stats[layer.name] ?? {}, own].map((one) => valueIn(paramNorm, one));
    if (before && now !== undefined && now < shrunk * before) continue;
    if (ratio !== undefined && Number.isFinite(ratio) && ratio > (worst?.ratio ?? 0))
      worst = { layer: layer.name, ratio };
  }
  return worst;
}

/** Updates so small that the run learns nothing. */
import * as l10n from '@vscode/l10n';
import { optimizers } from '../../optimizers/registry.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { clippedNorm } from '../../stats/clippedNorm.ts';
import { valueIn } from '../../stats/define.ts';
import { gradNorm } from '../../stats/gradNorm.ts';
import { saturatedFraction } from '../../stats/saturatedFraction.ts';
import { updateRatio } from '../../stats/updateRatio.ts';
import { defineFinding } from '../define.ts';
import { removeSchedule, type SpecFix, scaleLearningRate, setOptimizer, setTraining } from '../fixes.ts';
import { limitsOf } from '../limits.ts';
import { lastCheck, lossShare, type TrainingLook } from '../look.ts';
import { isSilent, judged, mixesInputs, squashes } from '../network.ts';
import { fallenTo, isBelow, isRising } from '../remainingRate.ts';
import { small } from '../samples.ts';
import { endedSchedule } from './endedSchedule.ts';

export const smallUpdate = defineFinding({
  code: 'update/tooSmall',
  title: 'Updates too small',
  doc: `No update changes the weights of any layer noticeably, and the loss is still that of guessing: the learning rate is too low. Even all
updates of the run together would hardly change the weights.

A warm-up that lasts much longer than the run keeps updates as small.

**What helps:** a learning rate ten or a hundred times as high.

Limits: about 0.001 is healthy; a run of n updates of 0.1 / n each would move the weights by a tenth. Updates count as they would be without a schedule that has lowered the rate.`,
  needs: 'training',
  measures: () => l10n.t('Largest update ratio'),
  statistic: updateRatio,
  limits: { warn: 1e-5, error: 1e-6, loss: 0.7 },
  holds: 3,
  // Not "output/lossMismatch": a wrong loss must not hide a learning rate that is too low.
  causes: [
    'data/notScaled',
    'gradient/vanishing',
    'gradient/exploding',
    'time/exploding',
    'activation/saturated',
    'structure/nothingTrains',
    'init/symmetric',
    'loss/initial',
    'init/mismatch',
    'update/tooLarge',
    'loss/diverging',
  ],

  find(look, { warn, error, loss }) {
    const { step, stats } = lastCheck(look);
    // Where the schedule makes updates small, the learning rate is not the reason. Another rule judges the schedule.
    const hasEnded = isBelow(look, limitsOf(endedSchedule, look).ended) && !isRising(look);
    if (step <= 10 || lossShare(look) < loss || hasEnded) return [];
    const { layers } = look.analysis.graph;
    // If no gradient passes, the learning rate is not the cause.
    if (layers.some((layer) => isSilent(layer, stats)) || isFlatAtOutput(look)) return [];
    const ratios = layers
      .filter(mixesInputs)
      .map(({ name }) => valueIn(updateRatio, stats[name] ?? {}))
      .filter((ratio) => ratio !== undefined && Number.isFinite(ratio)) as number[];
    const largest = Math.max(0, ...ratios);
    // If nothing changes at all, there is no gradient, and the learning rate is not the cause.
    if (largest === 0) return [];
    // A schedule that comes down makes updates small on purpose.
    const most = largest / fallenTo(look);
    // Clipping that removes nearly all of the gradient is not meant to choose the size of the steps.
    const limit = Math.max(warn, isClipped(look) ? clipped : Math.min(clipped, 0.1 / look.totalSteps));
    return [
      {
        place: ['training', 'optimizer'],
        severity: most < error ? 'error' : most < limit ? 'warning' : undefined,
        evidence: { value: most, limit: most < error ? error : limit },
        message: () =>
          l10n.t(
            'each update changes the weights by at most {0} times their size, so nothing is learned: the learning rate is too low.',
            formatNumber(most),
          ),
      },
    ];
  },

  fixes: (look) => [...loosen(look), ...scaleLearningRate(look, 100), ...scaleLearningRate(look, 1000)],

  samples: () => ({
    sick: [
      small('relu', { optimizer: { type: 'sgd', learningRate: 0.000001 } }),
      small('relu', {
        optimizer: { type: 'adam', learningRate: 0.01 },
        schedule: { type: 'warmup', epochs: 5000, start: 0 },
        epochs: 12,
      }),
    ],
    nearMiss: small('relu', { optimizer: { type: 'sgd', learningRate: 0.003 } }),
    healthy: [small('relu', { optimizer: { type: 'sgd', learningRate: 0.05 } })],
  }),
});

/** An output is flat where this share of its values is. */
const flat = 0.8;

/** Whether outputs are where their activation is flat, as those of a tanh are for values far from its range: then no gradient passes either. */
function isFlatAtOutput(look: TrainingLook): boolean {
  const { stats } = lastCheck(look);
  const ends = judged(look);
  return look.analysis.graph.layers
    .filter((layer) => ends.has(layer.name) && squashes(layer))
    .some(({ name }) => Number(valueIn(saturatedFraction, stats[name] ?? {}) ?? 0) >= flat);
}

/** Updates below this are small, however many there are. */
const clipped = 3e-4;

/** Whether clipping leaves less than a tenth of a gradient. */
const isClipped = (look: TrainingLook): boolean =>
  Object.values(lastCheck(look).stats).some((own) => {
    const [all, left] = [valueIn(gradNorm, own), valueIn(clippedNorm, own)];
    return all !== undefined && left !== undefined && left < all / 10;
  });

/** Removes what makes updates small other than the learning rate, by measurement or by the text; the most certain cause first. */
function loosen(look: TrainingLook): SpecFix[] {
  const { training } = look;
  const { type, attributes } = training.optimizer;
  const defaults = optimizers.get(type);
  const epsilon = Number(defaults.attributes.epsilon?.default ?? 0);
  return [
    ...(isClipped(look)
      ? [
          ...(training.clipNorm === undefined
            ? []
            : [setTraining(['clipNorm'], 1, l10n.t('Set "{0}" to {1}', 'clipNorm', 1))]),
          ...(training.clipValue === undefined
            ? []
            : [setTraining(['clipValue'], undefined, l10n.t('Remove "{0}"', 'clipValue'))]),
        ]
      : []),
    ...removeSchedule(look),
    ...(epsilon > 0 && Number(attributes.epsilon) > 1e4 * epsilon
      ? [setTraining(['optimizer', 'epsilon'], undefined, l10n.t('Remove "{0}"', 'epsilon'))]
      : []),
    ...(defaults.slowsDown ? setOptimizer(look, 'adam') : []),
  ];
}

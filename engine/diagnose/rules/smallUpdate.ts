/** Updates so small that the run learns nothing. */
import * as l10n from '@vscode/l10n';
import { optimizers } from '../../optimizers/registry.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { clippedNorm } from '../../stats/clippedNorm.ts';
import { valueIn } from '../../stats/define.ts';
import { gradNorm } from '../../stats/gradNorm.ts';
import { updateRatio } from '../../stats/updateRatio.ts';
import { defineFinding } from '../define.ts';
import { type SpecFix, scaleLearningRate, setOptimizer, setTraining } from '../fixes.ts';
import { lastCheck, lossShare, type TrainingLook } from '../look.ts';
import { hasWeights, isSilent } from '../network.ts';
import { small } from '../samples.ts';

export const smallUpdate = defineFinding({
  code: 'update/tooSmall',
  title: 'Updates too small',
  doc: `No update changes the weights of any layer noticeably, and the loss is still that of guessing: the learning rate is too low. Even all
updates of the run together would hardly change the weights.

**What helps:** a learning rate ten or a hundred times as high.

Limits: about 0.001 is healthy; a run of n updates of 0.1 / n each would move the weights by a tenth.`,
  needs: 'training',
  limits: { warn: 1e-5, error: 1e-6, loss: 0.7 },
  holds: 3,
  causes: [
    'gradient/vanishing',
    'gradient/exploding',
    'time/exploding',
    'activation/saturated',
    'structure/nothingTrains',
    'init/symmetric',
    'output/lossMismatch',
    'loss/initial',
    'init/mismatch',
    'update/tooLarge',
    'loss/diverging',
  ],

  find(look, { warn, error, loss }) {
    const { step, stats } = lastCheck(look);
    if (step <= 10 || lossShare(look) < loss) return [];
    const { layers } = look.analysis.graph;
    // If no gradient passes, the learning rate is not the cause.
    if (layers.some((layer) => isSilent(layer, stats))) return [];
    const ratios = layers
      .filter(hasWeights)
      .map(({ name }) => valueIn(updateRatio, stats[name] ?? {}))
      .filter((ratio) => ratio !== undefined && Number.isFinite(ratio)) as number[];
    const most = Math.max(0, ...ratios);
    // If nothing changes at all, there is no gradient, and the learning rate is not the cause.
    if (most === 0) return [];
    const limit = Math.max(warn, Math.min(3e-4, 0.1 / look.totalSteps));
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

  samples: {
    sick: [small('relu', { optimizer: { type: 'sgd', learningRate: 0.000001 } })],
    nearMiss: small('relu', { optimizer: { type: 'sgd', learningRate: 0.003 } }),
    healthy: [small('relu', { optimizer: { type: 'sgd', learningRate: 0.05 } })],
  },
});

/** Removes what makes updates small other than the learning rate, by measurement or by the text; the most certain cause first. */
function loosen(look: TrainingLook): SpecFix[] {
  const { training } = look;
  const { type, attributes } = training.optimizer;
  const { stats } = lastCheck(look);
  const isClipped = Object.values(stats).some((own) => {
    const [all, left] = [valueIn(gradNorm, own), valueIn(clippedNorm, own)];
    return all !== undefined && left !== undefined && left < all / 10;
  });
  const defaults = optimizers.get(type);
  const epsilon = Number(defaults.attributes.epsilon?.default ?? 0);
  return [
    ...(isClipped
      ? [
          ...(training.clipNorm === undefined
            ? []
            : [setTraining(['clipNorm'], 1, l10n.t('Set "{0}" to {1}', 'clipNorm', 1))]),
          ...(training.clipValue === undefined
            ? []
            : [setTraining(['clipValue'], undefined, l10n.t('Remove "{0}"', 'clipValue'))]),
        ]
      : []),
    ...(training.schedule ? [setTraining(['schedule'], undefined, l10n.t('Remove "{0}"', 'schedule'))] : []),
    ...(epsilon > 0 && Number(attributes.epsilon) > 1e4 * epsilon
      ? [setTraining(['optimizer', 'epsilon'], undefined, l10n.t('Remove "{0}"', 'epsilon'))]
      : []),
    ...(defaults.slowsDown ? setOptimizer(look, 'adam') : []),
  ];
}

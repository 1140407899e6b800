/** Gradients so large that the next update undoes what was learned. */
import * as l10n from '@vscode/l10n';
import { optimizers } from '../../optimizers/registry.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { valueIn } from '../../stats/define.ts';
import { gradNorm } from '../../stats/gradNorm.ts';
import { defineFinding } from '../define.ts';
import { predictsValues, stillFalls } from '../expected.ts';
import { clipGradients, scaleLearningRate } from '../fixes.ts';
import { type Check, lastCheck, lossShare, type TrainingLook } from '../look.ts';
import { deep, small } from '../samples.ts';

export const explodingGradient = defineFinding({
  code: 'gradient/exploding',
  title: 'Exploding gradient',
  doc: `The norm of all gradients together is very large, or many times what it usually is: one update then undoes what was learned.
Common causes are long sequences, deep networks without normalization, unscaled data and a learning rate that is too high.

This is not reported where gradients are clipped, because clipping is the fix.

**What helps:** clip the norm of the gradients at 1 to 5; a lower learning rate; scaled inputs and targets. With an optimizer such
as Adam, whose steps do not grow with the gradients, the lower learning rate comes first.

Limits: torchmortem reports a fault at 1000; growth to 10 times the usual norm is a spike. For values, these are
multiples of the loss of predicting 0, because the gradient grows with the unit of the targets. With an optimizer whose steps do not grow with the gradients, a gradient below 1000 is
reported from step 20 on, and only while the loss is above half of that of guessing and does not fall.`,
  needs: 'training',
  measures: () => l10n.t('Gradient norm, for values relative to the loss of predicting 0'),
  statistic: gradNorm,
  limits: { warn: 100, error: 1000, spike: 10, step: 20, learned: 0.5 },
  holds: 2,
  causes: [
    'data/notScaled',
    'data/outliers',
    'init/mismatch',
    'init/symmetric',
    'time/exploding',
    'structure/dropoutTooHigh',
    'batch/tooSmallForBatchNorm',
    'output/lossMismatch',
    'data/imbalanced',
    'update/tooLarge',
  ],

  find(look, { warn, error, spike, step, learned }) {
    const { clipNorm, clipValue } = look.training;
    if (clipNorm !== undefined || clipValue !== undefined) return [];
    const now = loudest(lastCheck(look));
    if (!now) return [];
    const isHarmless = !followsGradient(look) && learns(look, step, learned);
    const usual = look.checks.map((check) => loudest(check)?.norm ?? 0).sort((a, b) => a - b)[
      Math.floor(look.checks.length / 2)
    ];
    // The gradient has the unit of the loss. That of values follows the unit of the targets.
    const scale = predictsValues(look) ? Math.max(1, look.untrainedLoss) : 1;
    const [large, huge] = [warn * scale, error * scale];
    const grows = now.norm > 5 * scale && look.checks.length > 4 && now.norm > spike * usual;
    const isLarge = now.norm > large;
    return [
      {
        layer: now.layer,
        severity: now.norm > huge ? 'error' : (isLarge || grows) && !isHarmless ? 'warning' : undefined,
        // Relative to the targets, so that a fix that changes their unit can be compared.
        evidence: {
          value: now.norm / scale,
          limit: now.norm > huge ? error : isLarge ? warn : (spike * usual) / scale,
        },
        message: () =>
          followsGradient(look)
            ? l10n.t(
                'its gradient has a norm of {0}: gradients explode. Clip them ("clipNorm": 5), or lower the learning rate.',
                formatNumber(now.norm),
              )
            : l10n.t(
                'its gradient has a norm of {0}: gradients explode. Lower the learning rate, or clip them ("clipNorm": 5).',
                formatNumber(now.norm),
              ),
      },
    ];
  },

  fixes(look) {
    const [clipped, slower] = [clipGradients(look), scaleLearningRate(look, 1 / 3)];
    return followsGradient(look) ? [...clipped, ...slower] : [...slower, ...clipped];
  },

  samples: () => ({
    sick: [amplifying(30)],
    nearMiss: amplifying(10),
    healthy: [small('relu', { optimizer: { type: 'sgd', learningRate: 0.1 } })],
  }),
});

/** Whether the loss shows that the network learns. The first steps do not show it yet. */
const learns = (look: TrainingLook, first: number, learned: number): boolean =>
  lastCheck(look).step < first || lossShare(look) < learned || stillFalls(look);

const followsGradient = ({ training }: TrainingLook): boolean =>
  optimizers.get(training.optimizer.type).followsGradient === true;

/** Six layers whose weights start with this many times the variance that preserves the size of a signal. */
function amplifying(scale: number) {
  return deep(
    6,
    'relu',
    { optimizer: { type: 'sgd', learningRate: 0.01 } },
    { kernelInitializer: { type: 'varianceScaling', scale } },
  );
}

function loudest({ stats }: Check): { readonly layer: string; readonly norm: number } | undefined {
  let found: { layer: string; norm: number } | undefined;
  for (const [layer, own] of Object.entries(stats)) {
    const norm = valueIn(gradNorm, own);
    if (norm !== undefined && Number.isFinite(norm) && norm > (found?.norm ?? 0)) found = { layer, norm };
  }
  return found;
}

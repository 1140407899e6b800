/** A parameter that gets a gradient but does not change. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { type LayerStats, valueIn } from '../../stats/define.ts';
import { gradNorm } from '../../stats/gradNorm.ts';
import { gradNorms } from '../../stats/gradNorms.ts';
import { updateRatio } from '../../stats/updateRatio.ts';
import { updateRatios } from '../../stats/updateRatios.ts';
import { defineFinding } from '../define.ts';
import { removeSchedule, scaleLearningRate } from '../fixes.ts';
import { limitsOf } from '../limits.ts';
import { lastCheck } from '../look.ts';
import { isBelow } from '../remainingRate.ts';
import { chain, small } from '../samples.ts';
import { endedSchedule } from './endedSchedule.ts';

export const lostUpdate = defineFinding({
  code: 'update/lost',
  title: 'A gradient without an effect',
  doc: `A trainable parameter gets a gradient, but no update changes it. In a healthy training every parameter changes, so every run is
checked. Steps smaller than half of the last digit of a weight are lost in rounding: the learning rate is too small for weights of that
size, or clipping or an epsilon leaves nothing. Not reported while a schedule leaves less than 1/200 of the learning rate: that is judged as a
schedule (\`update/slowing\`).

**What helps:** a higher learning rate, a schedule that decays more slowly, smaller weights, looser clipping.

Limits: a gradient of at least 1e-6, so that the gradient is not a rounding error itself; after 40 steps, or a third of a shorter run.`,
  needs: 'training',
  measures: () => l10n.t('Gradient that is lost'),
  statistic: updateRatio,
  limits: { gradient: 1e-6, steps: 40 },
  holds: 3,
  causes: [
    'structure/nothingTrains',
    'update/tooSmall',
    'update/slowing',
    'numbers/notFinite',
    'gradient/exploding',
  ],

  find(look, { gradient: least, steps }) {
    const { step, stats } = lastCheck(look);
    // By then, a learning rate that is too low for all weights has been found. Another rule judges the schedule.
    if (step <= Math.min(steps, look.totalSteps / 3) || isBelow(look, limitsOf(endedSchedule, look).ended))
      return [];
    return Object.entries(stats).flatMap(([layer, own]) => {
      const moved = movedIn(own);
      const lost = moved.filter(({ gradient, change }) => change === 0 && gradient > least);
      if (moved.length === 0) return [];
      return [
        {
          layer,
          severity: lost.length > 0 ? ('error' as const) : undefined,
          evidence: { value: lost[0]?.gradient ?? 0, limit: least },
          message: () =>
            l10n.t(
              'it has a gradient of {0} for its {1}, but updates do not change it: they are lost in rounding. Use a higher learning rate, or smaller weights.',
              formatNumber(lost[0].gradient),
              lost.map(({ name }) => name).join(', '),
            ),
        },
      ];
    });
  },

  fixes: (look) => [...removeSchedule(look), ...scaleLearningRate(look, 100)],

  samples: () => ({
    sick: [weighing(300)],
    nearMiss: weighing(160_000),
    healthy: [small('relu')],
  }),
});

/** Weights of this size and up to twice as large, which a normalization hides. The larger they are, the smaller is their gradient. */
function weighing(min: number) {
  return chain(
    [2],
    {
      dense1: {
        type: 'dense',
        units: 16,
        useBias: false,
        kernelInitializer: { type: 'uniform', min, max: 2 * min },
      },
      norm: { type: 'batchNorm' },
      act1: { type: 'relu' },
      logits: { type: 'dense', units: 2 },
    },
    { optimizer: { type: 'sgd', learningRate: 0.01 } },
  );
}

/** The gradient of each parameter of a layer, and its relative change. For a single parameter, those of the layer. */
function movedIn(own: LayerStats): { name: string; gradient: number; change: number }[] {
  const [gradients, changes] = [valueIn(gradNorms, own), valueIn(updateRatios, own)];
  if (gradients && changes)
    return Object.keys(changes).map((name) => ({
      name,
      gradient: gradients[name] ?? 0,
      change: changes[name],
    }));
  const [gradient, change] = [valueIn(gradNorm, own), valueIn(updateRatio, own)];
  return gradient === undefined || change === undefined
    ? []
    : [{ name: l10n.t('weights'), gradient, change }];
}

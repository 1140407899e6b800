/** Running statistics that cannot converge because the run is too short. */
import * as l10n from '@vscode/l10n';
import type { Json } from '../../schema/attributes.ts';
import { formatShare } from '../../schema/numbers.ts';
import { counted } from '../../schema/text.ts';
import { defineFinding } from '../define.ts';
import { type SpecFix, setAttribute, setTraining } from '../fixes.ts';
import type { DataLook } from '../look.ts';
import { chain } from '../samples.ts';

export const slowStatistics = defineFinding({
  code: 'batch/slowStatistics',
  title: 'Running statistics lag behind',
  doc: `In evaluation, batch normalization uses running statistics, which move towards those of the batch by 1 − momentum at each step. With a
momentum near 1 and few steps they are still mostly the 0 and 1 that they started from: training looks good, and the test scores are wrong.

Momentum is the weight of the old statistic here, as in Keras. PyTorch's 0.1 is 0.9 here.

**What helps:** a momentum of 0.9; more steps.

Limits: half of the start is left at the end of the run.`,
  needs: 'data',
  limits: { left: 0.5 },

  find(look, { left: most }) {
    const steps = stepsOf(look);
    return look.analysis.graph.layers.flatMap(({ name, definition, spec }) => {
      if (!definition.couplesBatch) return [];
      const momentum = Number(spec.attributes.momentum);
      const left = momentum ** steps;
      return [
        {
          layer: name,
          severity: left > most ? ('warning' as const) : undefined,
          evidence: { value: left, limit: most },
          message: () =>
            momentum > usual
              ? l10n.t(
                  'with a momentum of {0}, {1} of its running statistics are still those of the start after {2}, the whole run, so evaluation differs from training. Use {3}.',
                  momentum,
                  formatShare(left),
                  counted(steps, 'steps'),
                  usual,
                )
              : l10n.t(
                  '{0} of its running statistics are still those of the start after {1}, the whole run, so evaluation differs from training. Train for more steps.',
                  formatShare(left),
                  counted(steps, 'steps'),
                ),
        },
      ];
    });
  },

  fixes(look, layer, limits) {
    const momentum = look.analysis.graph.byName.get(layer ?? '')?.spec.attributes.momentum;
    if (layer === undefined) return [];
    if (Number(momentum) <= usual)
      return trainFor(look, Math.ceil(Math.log(limits.left) / Math.log(Number(momentum))));
    const title = l10n.t('Set "{0}" of "{1}" to {2}', 'momentum', layer, usual);
    return [setAttribute(layer, 'momentum', undefined, title)];
  },

  samples: () => ({
    sick: [normalized(0.9995), normalized(usual, { batchSize: 100, epochs: 1 })],
    nearMiss: normalized(0.992),
    healthy: [normalized(0.98)],
  }),
});

/** The default. A larger one suits long runs only. */
const usual = 0.9;

/** Enough epochs for this many steps. */
function trainFor(look: DataLook, steps: number): SpecFix[] {
  const { epochs } = look.training;
  const enough = Math.ceil((epochs * steps) / stepsOf(look));
  return [setTraining(['epochs'], enough, l10n.t('Set "epochs" to {0}', enough))];
}

const stepsOf = ({ trainSamples, training }: DataLook): number =>
  training.epochs * Math.ceil(trainSamples / training.batchSize);

function normalized(momentum: number, training: { readonly [setting: string]: Json } = {}) {
  return chain(
    [2],
    {
      dense1: { type: 'dense', units: 16, useBias: false },
      norm: { type: 'batchNorm', momentum },
      act1: { type: 'relu' },
      logits: { type: 'dense', units: 2 },
    },
    training,
  );
}

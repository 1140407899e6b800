/** Activations whose scale moves far from where it started. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { valueIn } from '../../stats/define.ts';
import { std as stdStatistic } from '../../stats/std.ts';
import { defineFinding } from '../define.ts';
import { insertAfter, scaleLearningRate } from '../fixes.ts';
import { lastCheck, lossShare, shareOf } from '../look.ts';
import { readByWeights } from '../network.ts';
import { deep, small } from '../samples.ts';

export const drift = defineFinding({
  code: 'activation/drift',
  title: 'Activations drift',
  doc: `The spread of a hidden layer's outputs is many times what it was at the first step, but the loss has not fallen. The weights
keep growing, and every later layer must adapt.

Where the loss falls, a larger spread is the result of learning and is not reported. Embeddings are not checked, because they start small on purpose.

**What helps:** batch or layer normalization; a lower learning rate; a little weight decay to keep the weights small.

Limits: ten times the first standard deviation, and above 2, the most that TheDeepChecker allows.`,
  needs: 'training',
  measures: () => l10n.t('Growth of the activations'),
  statistic: stdStatistic,
  limits: { factor: 10, deviation: 2, loss: 0.8 },
  holds: 3,
  causes: [
    'data/notScaled',
    'init/mismatch',
    'init/symmetric',
    'regularization/tooStrong',
    'output/lossMismatch',
    'gradient/exploding',
    'update/tooLarge',
    'time/exploding',
  ],

  find(look, { factor, deviation: least, loss }) {
    const { stats } = lastCheck(look);
    const first = look.first?.stats ?? {};
    const now = lossShare(look);
    const isStuck = now > loss && now > fallen * shareOf(look, look.first?.loss ?? Number.NaN);
    return readByWeights(look)
      .filter(({ definition }) => definition.indexLimit === undefined)
      .flatMap(({ name }) => {
        const [before, after] = [
          valueIn(stdStatistic, first[name] ?? {}),
          valueIn(stdStatistic, stats[name] ?? {}),
        ];
        if (before === undefined || after === undefined || !(before > 0) || !(after > 0)) return [];
        const ratio = after / before;
        return [
          {
            layer: name,
            severity: isStuck && ratio > factor && after > least ? ('warning' as const) : undefined,
            evidence: { value: ratio, limit: factor },
            message: () =>
              l10n.t(
                'the standard deviation of its outputs has grown from {0} to {1}, but the loss has not fallen. Normalize them, or lower the learning rate.',
                formatNumber(before),
                formatNumber(after),
              ),
          },
        ];
      });
  },

  fixes: (look, layer) => [
    ...scaleLearningRate(look, 1 / 10),
    ...(layer === undefined ? [] : insertAfter(look, layer, 'batchNorm')),
  ],

  samples: () => ({
    sick: [drifting(0.03)],
    nearMiss: drifting(0.028),
    healthy: [drifting(0.001), small('relu', { epochs: 10 })],
  }),
});

/** A loss below this part of its first value has fallen, even where it is still high. */
const fallen = 0.9;

/** Five layers with an activation that has no upper bound. */
function drifting(learningRate: number) {
  return deep(5, 'silu', { optimizer: { type: 'rmsprop', learningRate }, batchSize: 16, epochs: 4 });
}

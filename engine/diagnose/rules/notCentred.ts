/** Activations far on one side of zero, which push all weights of the next layer in one direction. */
import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../schema/numbers.ts';
import { valueIn } from '../../stats/define.ts';
import { mean as meanStatistic } from '../../stats/mean.ts';
import { std as stdStatistic } from '../../stats/std.ts';
import { defineFinding } from '../define.ts';
import { insertAfter } from '../fixes.ts';
import { lastCheck } from '../look.ts';
import { bentByActivations, readByWeights, widthOf } from '../network.ts';
import { small } from '../samples.ts';

export const notCentred = defineFinding({
  code: 'activation/notCentred',
  title: 'Activations far from zero',
  doc: `The outputs of a hidden layer have a mean many times as large as their standard deviation. If all inputs of a unit have one sign, the gradients of
all its weights have one sign for a sample: they can only all rise or all fall, so the path to the minimum is a zigzag.

An activation whose inputs are all on one side of its bend works as a straight line, or passes nothing.

Only outputs of several units that layers with weights read are checked, and what activations before such layers read. The outputs of a ReLU or sigmoid are positive, but their spread is large enough. Those
of pooling are not checked: the largest or the mean of many positive values lies far from zero in a healthy network, too.

**What helps:** batch or layer normalization; tanh rather than sigmoid; biases that start at 0.

Limits: a mean of 3 standard deviations, and of at least 1. [LeCun et al., 1998](https://doi.org/10.1007/3-540-49430-8_2), section 4.3,
explains why a mean near zero is best.`,
  needs: 'training',
  measures: () => l10n.t('Mean, in standard deviations'),
  statistic: meanStatistic,
  limits: { deviations: 3, mean: 1 },
  holds: 3,
  causes: [
    'data/notScaled',
    'relu/dead',
    'init/mismatch',
    'init/symmetric',
    'update/tooLarge',
    'loss/diverging',
    'gradient/exploding',
  ],

  find(look, { deviations, mean: least }) {
    const { stats } = lastCheck(look);
    const checked = [...readByWeights(look), ...bentByActivations(look)].filter(
      (layer) => widthOf(layer) > 1 && layer.definition.category !== 'pooling',
    );
    return checked.flatMap(({ name }) => {
      const own = stats[name] ?? {};
      const [mean, std] = [valueIn(meanStatistic, own), valueIn(stdStatistic, own)];
      if (mean === undefined || std === undefined || !(std > 0)) return [];
      const ratio = Math.abs(mean) / std;
      return [
        {
          layer: name,
          severity: ratio > deviations && Math.abs(mean) > least ? ('warning' as const) : undefined,
          evidence: { value: ratio, limit: deviations },
          message: () =>
            l10n.t(
              'its outputs have a mean of {0} and a standard deviation of {1}: all are on one side of zero, so the weights of the next layer can only move together. Normalize them, or initialize the biases with 0.',
              formatNumber(mean),
              formatNumber(std),
            ),
        },
      ];
    });
  },

  fixes: (look, layer) => (layer === undefined ? [] : insertAfter(look, layer, 'batchNorm')),

  samples: () => ({
    sick: [small('relu', {}, { biasInitializer: { type: 'constant', value: 6 } })],
    nearMiss: small('relu', {}, { biasInitializer: { type: 'constant', value: 0.9 } }),
    healthy: [small('sigmoid', { epochs: 2 })],
  }),
});

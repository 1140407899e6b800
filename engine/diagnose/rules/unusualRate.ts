/** A learning rate far above the usual one, where the loss stays higher than it should. */
import * as l10n from '@vscode/l10n';
import { optimizers } from '../../optimizers/registry.ts';
import { formatNumber, formatShare } from '../../schema/numbers.ts';
import type { TrainingSpec } from '../../spec/document.ts';
import { defineFinding } from '../define.ts';
import { isNoisy } from '../expected.ts';
import { scaleLearningRate } from '../fixes.ts';
import { shareOf } from '../look.ts';
import { small } from '../samples.ts';

export const unusualRate = defineFinding({
  code: 'update/tooLarge',
  title: 'Unusually high learning rate',
  doc: `At the end of the run the loss is not near 0, and the learning rate is many times the default of the optimizer. Small networks can learn with such steps, but
they seldom end as low as with smaller ones, so it is worth a try. This is information.

Momentum makes steps longer: with a momentum of 0.9 they add up to ten times a single one. So the rate is divided by 1 − momentum, and compared with that of the default
rate and a momentum of 0.9.

**What helps:** a tenth of the learning rate, or a schedule that lowers it.

Limits: 30 times the usual rate, and a loss above 5 % of that of guessing. Not where, in a table, the nearest samples do not predict the target either.`,
  needs: 'training',
  when: 'epoch',
  limits: { rate: 30, share: 0.05 },
  causes: ['loss/diverging', 'data/notScaled', 'data/labelNoise', 'output/lossMismatch', 'numbers/notFinite'],

  find(look, { rate, share }) {
    if (!look.isLast) return [];
    const { loss } = look.epochs[look.epochs.length - 1].train;
    const [now, times] = [shareOf(look, loss), timesUsual(look.training)];
    return [
      {
        place: ['training', 'optimizer'],
        severity: times >= rate && now > share && !isNoisy(look, now) ? 'info' : undefined,
        evidence: { value: times, limit: rate },
        message: () =>
          l10n.t(
            'the loss ends at {0}, which is {1} of that of guessing, with steps {2} times as long as usual. Try a tenth of the learning rate.',
            formatNumber(loss),
            formatShare(now),
            formatNumber(times),
          ),
      },
    ];
  },

  fixes: (look) => [...scaleLearningRate(look, 1 / 10), ...scaleLearningRate(look, 1 / 100)],

  samples: () => ({
    sick: [small('tanh', { optimizer: { type: 'adam', learningRate: 0.3 }, epochs: 2 })],
    nearMiss: small('tanh', { optimizer: { type: 'adam', learningRate: 0.027 }, epochs: 2 }),
    healthy: [small('tanh', { optimizer: { type: 'adam', learningRate: 0.01 } })],
  }),
});

/** The usual momentum, for which the default rates are meant. */
const usualMomentum = 0.9;

/** How many times as long as usual the steps of an optimizer are. */
function timesUsual({ optimizer: { type, attributes } }: TrainingSpec): number {
  const usual = Number(optimizers.get(type).attributes.learningRate.default);
  const { learningRate, momentum } = attributes;
  const longer = momentum === undefined ? 1 : (1 - usualMomentum) / (1 - Number(momentum));
  return (Number(learningRate) / usual) * longer;
}

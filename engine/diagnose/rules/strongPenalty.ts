/** A weight penalty that outweighs the loss of the data. */
import * as l10n from '@vscode/l10n';
import { optimizers } from '../../optimizers/registry.ts';
import { formatNumber } from '../../schema/numbers.ts';
import { type NetworkStats, valueIn } from '../../stats/define.ts';
import { paramNorm } from '../../stats/paramNorm.ts';
import { defineFinding } from '../define.ts';
import { lastCheck, lossShare, type TrainingLook } from '../look.ts';
import { mixesInputs } from '../network.ts';
import { loosenPenalties } from '../restraint.ts';
import { small } from '../samples.ts';

export const strongPenalty = defineFinding({
  code: 'regularization/tooStrong',
  title: 'Regularization too strong',
  doc: `The weight penalty ("l1", "l2") is larger than the loss of the data, and the loss hardly falls: updates shrink the weights
instead of fitting the data. A weight decay that is as strong does the same.

**What helps:** a tenth of the penalty, or none until the network learns.

Where the penalty itself grows, or the weights do in spite of a decay, they grow for another reason, such as a learning rate that is too high.

Limits: twice the loss, as in TheDeepChecker, of a penalty that is at most four times its first value, or weights of three tenths of their first size; a decay by more than a hundredth in each update.`,
  needs: 'training',
  limits: { ratio: 2, decay: 0.01, loss: 0.8, left: 0.3, grown: 4 },
  holds: 3,
  causes: ['data/notScaled'],

  find(look, { ratio, decay, loss, left, grown }) {
    const { penalty, loss: now, step } = lastCheck(look);
    const { attributes } = look.training.optimizer;
    const shrinks = Number(attributes.weightDecay ?? 0) * Number(attributes.learningRate ?? 0);
    // A penalty that grows does not press on the weights: something else makes them grow.
    const presses = penalty > 0 && penalty <= grown * (look.first?.penalty ?? penalty);
    const isStrong =
      (presses && penalty > ratio * now) ||
      ((shrinks > decay || Number(attributes.weightDecay ?? 0) >= 1) && !haveGrown(look));
    // A penalty that has shrunk all weights to almost 0 is small, too.
    const remains = penalty > 0 || decays(look) ? remainingWeights(look) : 1;
    if (step > 5 && remains < left && lossShare(look) > loss)
      return [
        {
          place: ['training', 'optimizer'],
          severity: 'warning',
          evidence: { value: remains, limit: left },
          message: () =>
            l10n.t(
              'the weight penalty has shrunk the weights to {0} of what they started with, and the loss has hardly fallen. Lower "l1", "l2" and "weightDecay".',
              formatNumber(remains),
            ),
        },
      ];
    const part = penalty > 0 ? penalty / now : shrinks;
    return [
      {
        place: ['training', 'optimizer'],
        severity: step > 5 && isStrong && lossShare(look) > loss ? 'warning' : undefined,
        evidence: { value: part, limit: penalty > 0 ? ratio : decay },
        message: () =>
          penalty > 0 && penalty > ratio * now
            ? l10n.t(
                'the weight penalty is {0}, the loss of the data is {1}: training shrinks the weights instead of fitting the data. Lower "l1" and "l2".',
                formatNumber(penalty),
                formatNumber(now),
              )
            : l10n.t(
                'weight decay removes {0} of every weight in each update, so nothing can be learned. Lower "weightDecay".',
                formatNumber(shrinks),
              ),
      },
    ];
  },

  fixes: loosenPenalties,

  samples: () => ({
    sick: [small('relu', { epochs: 10 }, { l2: 3 }), small('elu', { epochs: 10 }, { l2: 0.3 })],
    nearMiss: small('relu', { epochs: 10 }, { l2: 0.08 }),
    healthy: [small('relu', { epochs: 10 }, { l2: 0.0001 })],
  }),
});

/** Less weight decay than this is usual. Weights without a gradient then shrink, too, which has another cause. */
const usualDecay = 0.01;

/** Whether the optimizer has an unusual weight decay that its steps weigh against the gradient. */
const decays = ({ training: { optimizer } }: TrainingLook): boolean =>
  Number(optimizer.attributes.weightDecay ?? 0) > usualDecay &&
  !optimizers.get(optimizer.type).decouplesDecay;

/** Whether the weights of all layers together have grown, whatever the decay takes from them: then the updates outweigh it. */
function haveGrown(look: TrainingLook): boolean {
  const squares = (stats: NetworkStats | undefined) =>
    look.analysis.graph.layers
      .filter(mixesInputs)
      .reduce((sum, { name }) => sum + (valueIn(paramNorm, stats?.[name] ?? {}) ?? 0) ** 2, 0);
  return squares(lastCheck(look).stats) > squares(look.first?.stats);
}

/** The size of the penalized weights relative to that of the first step, in the layer where least is left. */
function remainingWeights(look: TrainingLook): number {
  const now = lastCheck(look).stats;
  const all = decays(look);
  const shares = look.analysis.graph.layers
    .filter((layer) => mixesInputs(layer) && (all || layer.spec.common.l1 + layer.spec.common.l2 > 0))
    .map(({ name }) => {
      const [before, after] = [look.first?.stats[name], now[name]].map((own) =>
        valueIn(paramNorm, own ?? {}),
      );
      return before && after !== undefined ? after / before : 1;
    });
  return Math.min(1, ...shares);
}

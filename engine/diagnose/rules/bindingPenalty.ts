/** A weight penalty that keeps a network from fitting, though it is smaller than the loss. */
import * as l10n from '@vscode/l10n';
import { formatNumber, formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { fallOf } from '../expected.ts';
import { lastCheck, shareOf } from '../look.ts';
import { decayPenalty, loosenPenalties } from '../restraint.ts';
import { chain } from '../samples.ts';

export const bindingPenalty = defineFinding({
  code: 'regularization/tooStrong',
  title: 'The penalty keeps the loss high',
  doc: `In the last epoch of the training the loss no longer falls, and the weight penalty ("l1", "l2", or the square of the weights that "weightDecay" stands for) is a large part of it. At such a point both pull equally: larger weights
would lower the loss as much as they raise the penalty. So the penalty, and not the network, decides where the loss stays. A penalty that is larger
than a high loss is reported even while the loss falls.

**What helps:** a thousandth of the penalty; a weight decay of 0.0001.

Limits: three tenths of the loss, where the loss is above a fifth of that of guessing and fell by less than 3 % in the last third of eight or more epochs; or a penalty larger than such a loss.`,
  needs: 'training',
  measures: () => l10n.t('Penalty, as a share of the loss'),
  limits: { part: 0.3, share: 0.2, fall: 0.03, epochs: 8 },
  causes: ['output/lossMismatch'],

  find(look, { part, share, fall, epochs: fewest }) {
    const { epochs, training } = look;
    if (epochs.length < Math.max(fewest, training.epochs - 1)) return [];
    const { loss } = epochs[epochs.length - 1].train;
    const now = shareOf(look, loss);
    const penalty = lastCheck(look).penalty + decayPenalty(look);
    if (!(penalty > 0)) return [];
    const binds = now > share && (penalty > loss || (penalty > part * loss && fallOf(look) < fall));
    return [
      {
        place: ['training', 'optimizer'],
        severity: binds ? 'warning' : undefined,
        evidence: { value: penalty / loss, limit: part },
        message: () =>
          l10n.t(
            'the training loss stays at {0}, which is {1} of that of guessing, while the weight penalty is {2}: the penalty keeps the weights too small to fit the data. Lower "l1", "l2" and "weightDecay".',
            formatNumber(loss),
            formatShare(now),
            formatNumber(penalty),
          ),
      },
    ];
  },

  fixes: loosenPenalties,

  samples: () => ({
    sick: [penalized(0.6), penalized(0, 40, 1)],
    // Too short to show where the loss stays.
    nearMiss: penalized(0.6, 7),
    healthy: [penalized(0.001)],
  }),
});

/** A regression with this penalty on all weights, or this weight decay. */
function penalized(l2: number, epochs = 40, weightDecay = 0) {
  return chain(
    [3],
    {
      dense1: { type: 'dense', units: 16, l2 },
      act1: { type: 'tanh' },
      value: { type: 'dense', units: 1, l2 },
    },
    {
      data: {
        type: 'csv',
        file: 'test/fixtures/faults/data/regression.csv',
        task: 'regression',
        scaleTarget: true,
      },
      loss: { type: 'meanSquaredError', from: 'value' },
      optimizer: { type: 'adam', learningRate: 0.01, ...(weightDecay > 0 ? { weightDecay } : {}) },
      epochs,
    },
  );
}

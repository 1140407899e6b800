/** Early stopping that ends a run before it has learned anything. */
import * as l10n from '@vscode/l10n';
import { formatNumber, formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { isNoisy } from '../expected.ts';
import { setTraining } from '../fixes.ts';
import { shareOf } from '../look.ts';
import { small } from '../samples.ts';

export const stoppedEarly = defineFinding({
  code: 'fit/stoppedEarly',
  title: 'Stopped too early',
  doc: `Early stopping ended the run although the network had learned little and did not get worse: it asks for a larger improvement in each
epoch ("minDelta") than the loss makes, or has too little patience for a loss that goes up and down.

**What helps:** a patience of 10 epochs, no "minDelta".

Limits: a run that ends before half of its epochs with a training loss above half of that of guessing, or right after an epoch in which the loss fell by more than 10 %, while the loss that is judged is within
2 % of its lowest value. Also a run that ends so early with its best epoch, if "minDelta" is more than 5 % of the loss of guessing. Not in a table whose nearest samples do not predict the target either.`,
  needs: 'training',
  measures: () => l10n.t('Loss, as a share of that of guessing'),
  when: 'epoch',
  fromLoss: true,
  limits: { share: 0.5, worse: 1.02, epochs: 0.5, falls: 0.1, demand: 0.05 },
  causes: ['output/lossMismatch', 'init/symmetric', 'structure/nothingTrains', 'numbers/notFinite'],

  find(look, { share, worse, epochs: part, falls, demand }) {
    const { epochs, training, isLast } = look;
    const { earlyStopping } = training;
    const last = epochs[epochs.length - 1];
    const now = shareOf(look, last.train.loss);
    if (!earlyStopping || !isLast || Number.isNaN(now)) return [];
    const judged = epochs.map(({ train, test }) => (test ?? train).loss);
    const isEarly = epochs.length <= part * training.epochs;
    const isImpatient = earlyStopping.minDelta > 0 || earlyStopping.patience < patience;
    const [before, end] = judged.slice(-2);
    const isWorse = end > worse * Math.min(...judged);
    const fell = judged.length > 1 ? 1 - shareOf(look, end) / shareOf(look, before) : 0;
    // So large an improvement that the loss could make only a few of them, and it was still improving.
    const demanded = earlyStopping.minDelta / (look.baseline.loss - look.floor);
    const isStillBest = judged.length > 1 && end < Math.min(...judged.slice(0, -1));
    const asksTooMuch = demanded > demand && isStillBest && now > demand;
    return [
      {
        place: ['training', 'earlyStopping'],
        severity:
          isEarly &&
          isImpatient &&
          !isWorse &&
          ((now > share && !isNoisy(look, now)) || fell > falls || asksTooMuch)
            ? 'warning'
            : undefined,
        evidence: { value: now, limit: share },
        message: () =>
          l10n.t(
            'early stopping ended the run after {0} of {1} epochs, when the training loss was {2}, still {3} of that of guessing. Raise "patience", and remove "minDelta".',
            epochs.length,
            training.epochs,
            formatNumber(last.train.loss),
            formatShare(now),
          ),
      },
    ];
  },

  fixes({ training }) {
    const { earlyStopping } = training;
    if (!earlyStopping) return [];
    return [
      setTraining(
        ['earlyStopping'],
        { patience, ...(earlyStopping.restoreBest ? {} : { restoreBest: false }) },
        l10n.t('Stop after {0} epochs without any improvement', patience),
      ),
      setTraining(['earlyStopping'], undefined, l10n.t('Remove "{0}"', 'earlyStopping')),
    ];
  },

  samples: () => ({
    sick: [stopping({ patience: 1, minDelta: 0.3 })],
    nearMiss: stopping({ patience: 1, minDelta: 0.01 }),
    healthy: [stopping({ patience: 10 })],
  }),
});

/** A run should continue for at least this many epochs without an improvement. */
const patience = 10;

function stopping(earlyStopping: { readonly [setting: string]: number }) {
  return small('relu', { optimizer: { type: 'adam', learningRate: 0.005 }, epochs: 20, earlyStopping });
}

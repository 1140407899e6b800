/** A network that stops learning long before it fits the data. */
import * as l10n from '@vscode/l10n';
import { formatNumber, formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { fallOf, isNoisy } from '../expected.ts';
import { scaleLearningRate, setTraining } from '../fixes.ts';
import { addHiddenLayer, widen } from '../growth.ts';
import { type DataLook, type NetworkLook, shareOf, type TrainingLook } from '../look.ts';
import { hasDeadLayer, whyNothingIsLearned } from '../reasons.ts';
import { chain, small } from '../samples.ts';

export const underfitting = defineFinding({
  code: 'fit/underfitting',
  title: 'Underfitting',
  doc: `The training loss ends only a little below that of predictions that ignore the input: the network is better than guessing, but not by
much. If the loss has stopped falling, the network cannot fit more: it has too few units or no hidden layer, or the inputs do not determine
the target. If the loss still falls, the training needs more time.

Only the training loss is checked: a network that cannot fit the samples it sees will not do better on others.

**What helps:** wider or more layers; longer training; inputs that say more about the target. Nothing helps where the target cannot be predicted.

Limits: a loss above 80 % of guessing at the end, which fell by less than 3 % in the last third of eight or more epochs. A loss that still
falls is reported as information only: also above 20 % of guessing if it fell by more than 10 % in the last third, or in a run of one or two epochs. So is a loss that stays, or hardly falls, above 40 %, or above 20 % and twice the error of predictions by the 15 nearest samples. So is one that stays where, in a table, the 15 nearest samples do not predict a target
better by 15 % of guessing: the target is noisy. Of more than 20 features, only those that are related to the target are compared. Of a
loss that stays where the next symbol of a text is predicted, only one above 80 % is reported, because much of a text is chance.`,
  needs: 'training',
  measures: () => l10n.t('Loss, as a share of that of guessing'),
  when: 'epoch',
  namesNoCause: true,
  fromLoss: true,
  limits: { share: 0.8, fall: 0.03, epochs: 8, unfinished: 0.2, falls: 0.1, stays: 0.4, behind: 2 },
  causes: ['loss/plateau', 'fit/overfitting', 'loss/oscillating', 'update/tooLarge', ...whyNothingIsLearned],

  find(look, { share, fall, epochs: fewest, unfinished, falls, stays, behind }) {
    const { epochs, isLast } = look;
    const last = epochs[epochs.length - 1];
    const now = shareOf(look, last.train.loss);
    if (!isLast || Number.isNaN(now) || hasDeadLayer(look)) return [];
    const isFlat = isLevel(look, fall);
    const isNoise = isNoisy(look, now);
    const isOpen = epochs.length < 3 || fallOf(look) > falls;
    const near = lossOfNeighbours(look);
    const isBehind = !isOpen && now > unfinished && now > behind * near;
    const limit = isOpen
      ? unfinished
      : now > share
        ? share
        : isBehind
          ? Math.max(unfinished, behind * near)
          : isText(look)
            ? share
            : stays;
    return [
      {
        place: ['training'],
        severity: !(now > limit)
          ? undefined
          : isFlat && epochs.length >= fewest && !isNoise && now > share
            ? 'warning'
            : 'info',
        evidence: { value: now, limit },
        message: () =>
          isFlat && isNoise
            ? l10n.t(
                'the training loss stays at {0}, which is {1} of that of guessing. Samples with similar inputs have targets that differ as much, so the inputs may say no more about the target.',
                formatNumber(last.train.loss),
                formatShare(now),
              )
            : isFlat
              ? l10n.t(
                  'the training loss stays at {0}, which is {1} of that of guessing, and no longer falls: the network fits no more of the data. Add units or layers, or lower the learning rate, unless the rest cannot be known from the inputs.',
                  formatNumber(last.train.loss),
                  formatShare(now),
                )
              : l10n.t(
                  'the training loss is {0}, which is {1} of that of guessing, and still falls. Train for more epochs, or try a higher learning rate.',
                  formatNumber(last.train.loss),
                  formatShare(now),
                ),
      },
    ];
  },

  fixes: (look, _, { fall }) =>
    isLevel(look, fall)
      ? [...grow(look), ...trainLonger(look), ...scaleLearningRate(look, 1 / 3)]
      : [...trainLonger(look), ...grow(look), ...scaleLearningRate(look, 3)],

  samples: () => ({
    sick: [linear('spiral', 0.03)],
    nearMiss: linear('moons', 0.5),
    healthy: [small('relu', { epochs: 12 }), nextSymbol],
  }),
});

/** Whether the next symbol of a text is predicted. Much of it is chance, and how much is not known. */
const isText = ({ data: { targets } }: DataLook): boolean =>
  targets.some(({ isNext, type }) => isNext && type === 'int');

/** Whether the loss has stopped falling. One or two epochs do not show it. */
const isLevel = (look: TrainingLook, fall: number): boolean => look.epochs.length > 2 && fallOf(look) < fall;

/** Predicts the next symbol of a text as well as it can be known. */
const nextSymbol = chain(
  [12],
  {
    letters: { type: 'embedding', vocabularySize: 8, units: 4 },
    memory: { type: 'gru', hiddenSize: 12, returnSequences: true },
    next: { type: 'dense', units: 8 },
  },
  {
    data: { type: 'brackets', target: 'next', sequenceLength: 12, samples: 800, testSamples: 100 },
    optimizer: { type: 'adam', learningRate: 0.02 },
    epochs: 6,
  },
);

/** A line between two classes. */
function linear(pattern: string, noise: number) {
  return chain(
    [2],
    { scores: { type: 'dense', units: 2 } },
    {
      data: { type: 'points', pattern, noise, samples: 400, testSamples: 100 },
      optimizer: { type: 'adam', learningRate: 0.05 },
      epochs: 12,
    },
  );
}

/** The error of predictions by similar samples, as a share of guessing; it limits nothing where it is not known. */
const lossOfNeighbours = ({ data: { leftByNeighbours } }: DataLook): number =>
  leftByNeighbours ?? Number.POSITIVE_INFINITY;

const grow = (look: NetworkLook) => [...widen(look, 4), ...addHiddenLayer(look)];

function trainLonger({ analysis }: NetworkLook) {
  const { training } = analysis.spec;
  if (!training) return [];
  const epochs = 4 * training.epochs;
  return [setTraining(['epochs'], epochs, l10n.t('Set "epochs" to {0}', epochs))];
}

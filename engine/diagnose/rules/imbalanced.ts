/** Classes so unequal in frequency that always guessing one of them looks good. */
import * as l10n from '@vscode/l10n';
import { sizeOf } from '../../layers/define.ts';
import { losses } from '../../losses/registry.ts';
import { formatShare } from '../../schema/numbers.ts';
import { counted } from '../../schema/text.ts';
import { weighedCounts } from '../classWeights.ts';
import { defineFinding } from '../define.ts';
import { setLoss, setTraining, together } from '../fixes.ts';
import { chain, table } from '../samples.ts';

export const imbalanced = defineFinding({
  code: 'data/imbalanced',
  title: 'Unbalanced classes',
  doc: `Some classes are far more frequent than others. A network that always answers with the most frequent one already scores well,
and rare classes contribute little to the gradient. If all samples belong to one class, there is nothing to learn, which is an error.

The measure is the entropy of the class frequencies, relative to its maximum, after the weights of the loss. Weights are reported only
if they make it lower, or if they are 0 for a class that occurs.

**What helps:** class weights in the loss; a metric that counts rare classes, such as F1; more samples of the rare classes.

Limits: TheDeepChecker warns below 0.5. A class with less than a tenth of its even share is reported as information.`,
  needs: 'data',
  flattersLoss: true,
  limits: { share: 0.5, rare: 0.1 },

  find(look, { share, rare }) {
    return look.data.targets.flatMap(({ name, counts, isNext }) => {
      if (!counts || counts.length === 0) return [];
      const isAlone = counts.filter((count) => count > 0).length < 2;
      const total = sumOf(counts);
      const weighed = weighedCounts(look, name, counts);
      const isWeighed = weighed !== counts;
      const evenness = isAlone ? 0 : evennessOf(weighed);
      // Weights may favour a class, but not turn classes that are even into one class and the rest.
      const isUneven = evenness < share && (!isWeighed || evenness < evennessOf(counts));
      // A class whose samples count nothing is never learned.
      const ignored = weighed.findIndex((weight, index) => weight === 0 && counts[index] > 0);
      // A vocabulary is not a set of classes: words and letters are never equally frequent.
      const isSet = counts.length <= 50 && !isNext;
      // One rare class among many hardly changes the entropy.
      const rarest = Math.min(...counts.filter((count) => count > 0));
      const isRare = isSet && !isWeighed && rarest < (rare * total) / counts.length;
      return [
        {
          place: ['training', 'data'],
          severity: isAlone
            ? ('error' as const)
            : ignored >= 0 || (isSet && isUneven)
              ? ('warning' as const)
              : isRare
                ? ('info' as const)
                : undefined,
          evidence: { value: evenness, limit: share },
          message: () =>
            isAlone
              ? l10n.t(
                  'all samples of "{0}" belong to one class, so there is nothing to learn. Add samples of another class, or choose another target.',
                  name,
                )
              : ignored >= 0
                ? l10n.t(
                    'the loss gives class {0} of "{1}" the weight 0, so nothing is learned from its {2}. Give each class a weight above 0.',
                    ignored,
                    name,
                    counted(counts[ignored], 'samples'),
                  )
                : isWeighed
                  ? l10n.t(
                      'the weights of the loss give one class of "{0}" {1} of all weight, more than its share of the samples. Give rare classes the larger weights.',
                      name,
                      formatShare(Math.max(...weighed) / sumOf(weighed)),
                    )
                  : !isUneven
                    ? l10n.t(
                        'the rarest class of "{0}" has {1} of {2} samples, so it hardly counts in the loss. Add class weights.',
                        name,
                        rarest,
                        total,
                      )
                    : l10n.t(
                        '{0} of the samples of "{1}" belong to one class, and the rarest class has {2}. Always guessing the most frequent class already scores that much. Add class weights.',
                        formatShare(Math.max(...counts) / total),
                        name,
                        Math.min(...counts),
                      ),
        },
      ];
    });
  },

  fixes(look) {
    const { spec, graph, lossesAreListed } = look.analysis;
    const counts = look.data.targets[0]?.counts;
    const loss = spec.training?.losses[0];
    if (!counts || counts.length < 2 || counts.includes(0) || !loss) return [];
    const path = ['loss', ...(lossesAreListed ? [0] : [])];
    const total = sumOf(counts);
    const classWeights = counts.map((count) => twoDigits(total / (counts.length * count)));
    if (Object.hasOwn(loss.attributes, 'classWeights'))
      return [setTraining([...path, 'classWeights'], classWeights, l10n.t('Add class weights'))];
    const isOneOutput = sizeOf(graph.byName.get(loss.from.layer)?.inferred.output ?? []) === 1;
    if (counts.length > 2 || !isOneOutput) return [];
    const positiveWeights = [twoDigits(counts[0] / counts[1])];
    if (Object.hasOwn(loss.attributes, 'positiveWeights'))
      return [
        setTraining([...path, 'positiveWeights'], positiveWeights, l10n.t('Add a weight for the rare class')),
      ];
    // A loss of scores that has no weights, such as the hinge loss, is replaced with one that has them.
    if (losses.get(loss.type).reads(loss.attributes).predictions !== 'scores') return [];
    return setLoss(look, 0, 'binaryCrossEntropy').map(({ title, edit }) => ({
      title: l10n.t('{0}, with a weight for the rare class', title),
      edit: together([
        edit,
        { kind: 'setTraining', path: [...path, 'positiveWeights'], value: positiveWeights },
      ]),
    }));
  },

  samples: () => ({
    sick: [
      table('unbalanced.csv', 2),
      table('one-class.csv', 2),
      weighed('balanced.csv', [20, 1]),
      weighed('balanced.csv', [1, 0]),
      // The hinge loss has no weights.
      chain(
        [2],
        { dense1: { type: 'dense', units: 16 }, act1: { type: 'relu' }, score: { type: 'dense', units: 1 } },
        {
          data: { type: 'csv', file: 'test/fixtures/faults/data/unbalanced.csv' },
          loss: { type: 'hinge', from: 'score' },
          optimizer: { type: 'adam', learningRate: 0.01 },
          batchSize: 16,
          epochs: 10,
        },
      ),
    ],
    nearMiss: weighed('balanced.csv', [7, 1]),
    healthy: [table('balanced.csv', 2), weighed('unbalanced.csv', [1, 8])],
  }),
});

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

const twoDigits = (value: number): number => Number(value.toPrecision(2));

/** The entropy of the shares of the counts, relative to its maximum: 1 if all are equal, 0 if only one is above 0. */
function evennessOf(counts: readonly number[]): number {
  const total = sumOf(counts);
  const entropy = counts.reduce(
    (sum, count) => (count === 0 ? sum : sum - (count / total) * Math.log(count / total)),
    0,
  );
  return entropy / Math.log(counts.length);
}

function weighed(file: string, classWeights: readonly number[]) {
  const sample = table(file, 2);
  return chain(
    [2],
    { dense1: { type: 'dense', units: 16 }, act1: { type: 'relu' }, logits: { type: 'dense', units: 2 } },
    {
      ...(sample.training as object),
      epochs: 4,
      loss: { type: 'softmaxCrossEntropy', from: 'logits', classWeights: [...classWeights] },
    },
  );
}

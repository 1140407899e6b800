/** Classes so unequal in frequency that always guessing one of them looks good. */
import * as l10n from '@vscode/l10n';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { setTraining } from '../fixes.ts';
import { table } from '../samples.ts';

export const imbalanced = defineFinding({
  code: 'data/imbalanced',
  title: 'Unbalanced classes',
  doc: `Some classes are far more frequent than others. A network that always answers with the most frequent one already scores well,
and rare classes contribute little to the gradient. If all samples belong to one class, there is nothing to learn, which is an error.

The measure is the entropy of the class frequencies, relative to its maximum.

**What helps:** class weights in the loss; a metric that counts rare classes, such as F1; more samples of the rare classes.

Limits: TheDeepChecker warns below 0.5.`,
  needs: 'data',
  flattersLoss: true,
  limits: { share: 0.5 },

  find: ({ data, analysis }, { share }) =>
    data.targets.flatMap(({ name, counts }) => {
      const isWeighed = analysis.spec.training?.losses.some(({ attributes }) =>
        [attributes.classWeights, attributes.positiveWeights].some(
          (weights) => Array.isArray(weights) && weights.length > 0,
        ),
      );
      if (!counts || counts.length === 0) return [];
      const isAlone = counts.filter((count) => count > 0).length < 2;
      if (isWeighed && !isAlone) return [];
      const total = counts.reduce((sum, count) => sum + count, 0);
      const entropy = counts.reduce(
        (sum, count) => (count === 0 ? sum : sum - (count / total) * Math.log(count / total)),
        0,
      );
      const evenness = isAlone ? 0 : entropy / Math.log(counts.length);
      // A vocabulary is not a set of classes: words are never equally frequent.
      const isSet = counts.length <= 50;
      return [
        {
          place: ['training', 'data'],
          severity: isAlone
            ? ('error' as const)
            : isSet && evenness < share
              ? ('warning' as const)
              : undefined,
          evidence: { value: evenness, limit: share },
          message: () =>
            isAlone
              ? l10n.t(
                  'all samples of "{0}" belong to one class, so there is nothing to learn. Add samples of another class, or choose another target.',
                  name,
                )
              : l10n.t(
                  '{0} of the samples of "{1}" belong to one class, and the rarest class has {2}. Always guessing the most frequent class already scores that much. Add class weights.',
                  formatShare(Math.max(...counts) / total),
                  name,
                  Math.min(...counts),
                ),
        },
      ];
    }),

  fixes(look) {
    const { spec, lossesAreListed } = look.analysis;
    const counts = look.data.targets[0]?.counts;
    const loss = spec.training?.losses[0];
    if (
      !counts ||
      counts.length < 2 ||
      counts.includes(0) ||
      !loss ||
      !Object.hasOwn(loss.attributes, 'classWeights')
    )
      return [];
    const total = counts.reduce((sum, count) => sum + count, 0);
    const weights = counts.map((count) => Number((total / (counts.length * count)).toPrecision(2)));
    const path = ['loss', ...(lossesAreListed ? [0] : []), 'classWeights'];
    return [setTraining(path, weights, l10n.t('Add class weights'))];
  },

  samples: {
    sick: [table('unbalanced.csv', 2), table('one-class.csv', 2)],
    healthy: [table('balanced.csv', 2)],
  },
});

/** Classes that occur in the test data only, so that no network can learn them. */
import * as l10n from '@vscode/l10n';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding, type Sighting } from '../define.ts';
import { targetsFor } from '../network.ts';
import { chain } from '../samples.ts';

export const unseenClass = defineFinding({
  code: 'data/unseenClass',
  title: 'Classes that only the test data have',
  doc: `A class of the test data never occurs in the training data. A network cannot learn it, so it is wrong about all such samples, and its test scores stay low for a
reason that is not its own. Usually a table that is sorted by class was cut in two, a class was left out of the training data by a filter, or the two tables
write the name of a class in different ways.

All training samples are searched for it. Classes that the loss ignores do not count, nor do the characters of a text that is to be continued.

**What helps:** samples of every class in both parts; one spelling for each class.

Limits: a warning from one test sample in twenty, information below that, since a class with a single sample can be in the test part by chance.`,
  needs: 'data',
  measures: () => l10n.t('Share of test samples of classes that are never trained on'),
  limits: { warn: 0.05 },

  find: (look, { warn }) =>
    (look.analysis.spec.training?.losses ?? []).flatMap((loss, index): Sighting[] => {
      const target = targetsFor(look, loss, index);
      if (!target?.unseen) return [];
      const unseen = target.unseen.classes.filter((one) => one.index !== loss.attributes.ignoreIndex);
      const share = unseen.reduce((sum, { count }) => sum + count, 0) / target.unseen.examined;
      return [
        {
          place: ['training', 'data'],
          severity: share >= warn ? 'warning' : share > 0 ? 'info' : undefined,
          evidence: { value: share, limit: warn },
          message: () =>
            l10n.t(
              '{0} of the test targets "{1}" belong to classes that no training sample has ({2}), so they can never be right. Take samples of every class for both parts, and write each class in one way.',
              formatShare(share),
              target.name,
              unseen
                .slice(0, 5)
                .map((one) => look.data.classNames?.[one.index] ?? one.index)
                .join(', '),
            ),
        },
      ];
    }),

  samples: () => ({
    sick: [sequences('sequences-with-another-class.json')],
    nearMiss: sequences('sequences-with-a-rare-class.json'),
    healthy: [sequences('sequences-of-three-classes.json')],
  }),
});

/** Short sequences of three classes, one of which may not be among those to train on. */
const sequences = (file: string) =>
  chain(
    [4, 2],
    {
      flat: { type: 'flatten' },
      dense1: { type: 'dense', units: 16 },
      act1: { type: 'relu' },
      logits: { type: 'dense', units: 3 },
    },
    {
      data: { type: 'sequences', file: `test/fixtures/faults/data/${file}` },
      optimizer: { type: 'adam', learningRate: 0.01 },
      batchSize: 16,
      epochs: 8,
    },
  );

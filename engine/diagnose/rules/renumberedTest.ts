/** Test data whose classes are numbered in another order than those of the training data. */
import * as l10n from '@vscode/l10n';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding, type Sighting } from '../define.ts';
import { setTraining } from '../fixes.ts';
import { chain } from '../samples.ts';

export const renumberedTest = defineFinding({
  code: 'data/otherLabels',
  title: 'Test labels are numbered in another order',
  doc: `The samples of a class of the test data resemble training samples of another class, and those of that class the samples of a third one: the numbers of the classes
mean something else in the two parts, as when two scripts number the names of classes in the order in which they meet them. A network that learns well is then
wrong about whole classes of the test data.

The class of a test sample is compared with the one that most of the 15 training samples that are most similar to it have, as it is, and with the numbers of the
classes in the order that fits best.

**What helps:** one list of classes for both parts. A part of the training data can serve as test data until then.

Limits: in the other order, seven tenths of the samples fit, and half of the mistakes are gone, by three standard errors; each class that is renumbered has at
least five samples that fit.`,
  needs: 'data',
  measures: () => l10n.t('Share of test samples whose class is that of similar training samples'),
  limits: { fit: 0.7, gone: 0.5, errors: 3, samples: 5 },

  find({ data: { renumbered, classNames } }, { fit, gone, errors, samples: fewest }): readonly Sighting[] {
    if (!renumbered) return [];
    const { samples, own, renumbered: moved, classes } = renumbered;
    const deviation = Math.sqrt((own * (1 - own)) / samples);
    const isClear =
      moved > fit &&
      1 - moved < (1 - gone) * (1 - own) &&
      moved - own > errors * deviation &&
      classes.every((one) => one.samples >= fewest);
    const nameOf = (index: number) => classNames?.[index] ?? String(index);
    return [
      {
        place: ['training', 'data'],
        severity: isClear ? 'warning' : undefined,
        evidence: { value: own, limit: moved },
        message: () =>
          l10n.t(
            'the classes of the test data are numbered in another order: {0} of its samples have the class of similar training samples, but {1} would if {2}. Use one list of classes for both.',
            formatShare(own),
            formatShare(moved),
            classes
              .slice(0, 3)
              .map(({ from, to }) => l10n.t('class {0} were {1}', nameOf(from), nameOf(to)))
              .join(', '),
          ),
      },
    ];
  },

  fixes({ analysis }) {
    const { testFile } = analysis.spec.training?.data.attributes ?? {};
    return testFile ? [setTraining(['data', 'testFile'], undefined, l10n.t('Remove "{0}"', 'testFile'))] : [];
  },

  samples: () => ({
    sick: [tested('kinds-renumbered-test.csv')],
    nearMiss: tested('kinds-half-renumbered-test.csv'),
    healthy: [tested('kinds-test.csv')],
  }),
});

/** A table of three kinds, and this one as its test data. */
const tested = (testFile: string) =>
  chain(
    [2],
    { dense1: { type: 'dense', units: 16 }, act1: { type: 'relu' }, logits: { type: 'dense', units: 3 } },
    {
      data: {
        type: 'csv',
        file: 'test/fixtures/faults/data/kinds.csv',
        testFile: `test/fixtures/faults/data/${testFile}`,
      },
      optimizer: { type: 'adam', learningRate: 0.01 },
      batchSize: 16,
      epochs: 8,
    },
  );

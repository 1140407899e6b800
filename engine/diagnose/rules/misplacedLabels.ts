/** Labels that fit the samples before or after them. */
import * as l10n from '@vscode/l10n';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import type { Disagreement } from '../neighbours.ts';
import { table } from '../samples.ts';

export const misplacedLabels = defineFinding({
  code: 'data/labelNoise',
  title: 'Labels belong to the samples beside them',
  doc: `The classes of samples say nothing about their inputs, but they fit the inputs of the samples before or after them: a column of labels slipped by a row
when the data were put together, or a file of labels has one label too many at its start.

Each sample is compared with the 15 samples that are most similar to it: how often most of these have another class, with the labels as they are, and with each label moved to the next sample or to
the one before. Series are left out, because samples in a row are similar there, and so are their labels.

**What helps:** labels in the order of the samples.

Limits: fifty mistakes of guessing to compare with; as they are, labels agree with those of similar samples no better than guesses, by three standard errors; moved, they do, and a fifth of the mistakes of guessing is gone.`,
  needs: 'data',
  measures: () => l10n.t('Share of samples that differ from similar ones'),
  limits: { slipped: 0.8, deviations: 3, mistakes: 50 },

  find({ data: { misplaced } }, { slipped: share, deviations, mistakes }) {
    if (!misplaced) return [];
    const { own, slipped, by } = misplaced;
    const isMoved =
      !isPredicted(own, deviations) &&
      isPredicted(slipped, deviations) &&
      slipped.guessing * slipped.samples >= mistakes &&
      slipped.all < share * slipped.guessing;
    return [
      {
        place: ['training', 'data'],
        severity: isMoved ? 'warning' : undefined,
        evidence: { value: own.all, limit: slipped.all },
        message: () =>
          by < 0
            ? l10n.t(
                'the labels say nothing about their samples, but they fit the samples after them: {0} differ from those of similar samples, but only {1} if each label is moved on by one sample. Move them.',
                formatShare(own.all),
                formatShare(slipped.all),
              )
            : l10n.t(
                'the labels say nothing about their samples, but they fit the samples before them: {0} differ from those of similar samples, but only {1} if each label is moved back by one sample. Move them.',
                formatShare(own.all),
                formatShare(slipped.all),
              ),
      },
    ];
  },

  samples: () => ({
    sick: [table('labels-one-behind.csv', 2)],
    nearMiss: table('labels-in-place.csv', 2),
    healthy: [table('balanced.csv', 2)],
  }),
});

/** Whether most of the nearest samples have the class of a sample more often than the most frequent class is right. */
const isPredicted = ({ guessing, all, samples }: Disagreement, errors: number): boolean =>
  guessing - all > errors * Math.sqrt((all * (1 - all)) / samples);

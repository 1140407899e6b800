/** What is asked for is given away: a feature that is the target, or test samples that were trained on. */
import * as l10n from '@vscode/l10n';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding, type Sighting } from '../define.ts';
import { table } from '../samples.ts';

export const leak = defineFinding({
  code: 'data/leak',
  title: 'The answer leaks',
  doc: `A feature goes with the target so closely that it is the target under another name: an identifier, a label in numbers, a value that is
only known afterwards. Or samples of the test are among those of the training. Scores are then far better than on new data.

**What helps:** \`"exclude"\` of the column; a split in which copies of a sample stay together.

Limits: a feature of which the target explains 99.5 % of the variance; one test sample in ten that is a training sample.`,
  needs: 'data',
  limits: { share: 0.995, copies: 0.1 },

  find({ data }, { share, copies }) {
    const telling = data.inputs.flatMap(({ name, telling: found }): Sighting[] =>
      found
        ? [
            {
              place: ['training', 'data'],
              severity: found.share > share ? 'warning' : undefined,
              evidence: { value: found.share, limit: share },
              message: () =>
                l10n.t(
                  'feature {0} of "{1}" gives the target away: {2} of its variance goes with it. If it is not known before the answer is, leave it out.',
                  found.feature + 1,
                  name,
                  formatShare(found.share),
                ),
            },
          ]
        : [],
    );
    const { leaked, repeated } = data;
    if (leaked === undefined) return telling;
    // Where samples repeat anyway, a test sample that is in the training is no news.
    const isLeak = leaked > copies && leaked > 2 * repeated;
    return [
      ...telling,
      {
        place: ['training', 'data'],
        severity: isLeak ? 'warning' : undefined,
        evidence: { value: leaked, limit: copies },
        message: () =>
          l10n.t(
            '{0} of the test samples are training samples too, so the test says little of new data. Split them apart.',
            formatShare(leaked),
          ),
      },
    ];
  },

  samples: {
    sick: [table('leak.csv', 3)],
    healthy: [table('balanced.csv', 2)],
  },
});

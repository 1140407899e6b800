/** The same sample with different answers: nobody can learn both. */
import * as l10n from '@vscode/l10n';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { table } from '../samples.ts';

export const labelNoise = defineFinding({
  code: 'data/labelNoise',
  title: 'Labels contradict each other',
  doc: `The same inputs stand in the data several times with different targets. No network can give both answers, so the loss cannot fall
below what such samples cost, and a network that is large enough will learn them by heart.

**What helps:** correct labels, or a feature that tells these samples apart.

Limits: 5 % of the samples.`,
  needs: 'data',
  limits: { share: 0.05 },

  find: ({ data: { contradicting } }, { share }) => [
    {
      place: ['training', 'data'],
      severity: contradicting >= share ? 'warning' : undefined,
      evidence: { value: contradicting, limit: share },
      message: () =>
        l10n.t(
          '{0} of the samples have copies with another target, so no network can answer all of them. Correct the labels.',
          formatShare(contradicting),
        ),
    },
  ],

  samples: {
    sick: [table('contradicting.csv', 2)],
    healthy: [table('balanced.csv', 2)],
  },
});

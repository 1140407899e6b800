/** The same sample with different answers: nobody can learn both. */
import * as l10n from '@vscode/l10n';
import type { Analysis } from '../../graph/typed.ts';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { setTraining } from '../fixes.ts';
import { table } from '../samples.ts';

export const labelNoise = defineFinding({
  code: 'data/labelNoise',
  title: 'Labels contradict each other',
  doc: `The same inputs stand in the data several times with different targets. No network can give both answers, so the loss cannot fall
below what such samples cost, and a network that is large enough will learn them by heart.

**What helps:** correct labels, or a feature that tells these samples apart. Label smoothing keeps a network from learning wrong labels by heart;
where it is set, this is only mentioned.

Limits: 5 % of the samples.`,
  needs: 'data',
  limits: { share: 0.05 },

  find: ({ analysis, data: { contradicting } }, { share }) => [
    {
      place: ['training', 'data'],
      severity: contradicting < share ? undefined : smooths(analysis) ? 'info' : 'warning',
      evidence: { value: contradicting, limit: share },
      message: () =>
        l10n.t(
          '{0} of the samples have copies with another target, so no network can answer all of them. Correct the labels.',
          formatShare(contradicting),
        ),
    },
  ],

  fixes({ analysis }) {
    const { spec, lossesAreListed } = analysis;
    const index = spec.training?.losses.findIndex(({ attributes }) => attributes.labelSmoothing === 0) ?? -1;
    if (index < 0) return [];
    const path = ['loss', ...(lossesAreListed ? [index] : []), 'labelSmoothing'];
    return [setTraining(path, 0.1, l10n.t('Trust labels less: set "labelSmoothing" to {0}', 0.1))];
  },

  samples: {
    sick: [table('contradicting.csv', 2)],
    healthy: [table('balanced.csv', 2)],
  },
});

/** Whether a loss allows for wrong labels. */
const smooths = ({ spec }: Analysis): boolean =>
  spec.training?.losses.some(({ attributes }) => Number(attributes.labelSmoothing ?? 0) > 0) ?? false;

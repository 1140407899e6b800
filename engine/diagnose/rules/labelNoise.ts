/** Identical samples with different targets: no network can learn both. */
import * as l10n from '@vscode/l10n';
import type { Analysis } from '../../graph/typed.ts';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { setTraining } from '../fixes.ts';
import { table } from '../samples.ts';

export const labelNoise = defineFinding({
  code: 'data/labelNoise',
  title: 'Labels contradict each other',
  doc: `The same inputs occur in the data several times with different targets. No network can predict all of them, so the loss cannot fall
to zero, and a network that is large enough memorizes wrong labels.

**What helps:** correct labels, or a feature that tells these samples apart. Label smoothing keeps a network from memorizing wrong labels;
where it is set, the finding is information only.

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
          '{0} of the samples have copies with another target, so no network can predict all of them. Correct the labels.',
          formatShare(contradicting),
        ),
    },
  ],

  fixes({ analysis }) {
    const { spec, lossesAreListed } = analysis;
    const index = spec.training?.losses.findIndex(({ attributes }) => attributes.labelSmoothing === 0) ?? -1;
    if (index < 0) return [];
    const path = ['loss', ...(lossesAreListed ? [index] : []), 'labelSmoothing'];
    return [setTraining(path, 0.1, l10n.t('Set "labelSmoothing" to {0}', 0.1))];
  },

  samples: {
    sick: [table('contradicting.csv', 2)],
    healthy: [table('balanced.csv', 2)],
  },
});

/** Whether a loss allows for wrong labels. */
const smooths = ({ spec }: Analysis): boolean =>
  spec.training?.losses.some(({ attributes }) => Number(attributes.labelSmoothing ?? 0) > 0) ?? false;

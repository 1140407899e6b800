/** Identical samples with different targets: no network can learn both. */
import * as l10n from '@vscode/l10n';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import { table } from '../samples.ts';
import { smoothLabels, smooths } from '../smoothing.ts';

/** A sample with up to this many copies may have been entered several times by mistake. With more, the features are coarse. */
const mostCopies = 4;

export const labelNoise = defineFinding({
  code: 'data/labelNoise',
  title: 'Labels contradict each other',
  doc: `The same inputs occur in the data several times with different targets. No network can predict all of them, so the loss cannot fall
to zero, and a network that is large enough memorizes wrong labels.

**What helps:** correct labels, or a feature that tells these samples apart. Label smoothing keeps a network from memorizing wrong labels;
where it is set, the finding is information only.

If the inputs are a few coarse features, such as yes or no, many samples share each combination, and different targets are normal. Then copies are
reported only if their targets differ nearly as much as those of all samples. The same holds for values, which are measured with noise.

Limits: 5 % of the samples, whose targets differ by at least 20 % of the mean difference between two samples; by 80 % for values, and for more than four copies of each.`,
  needs: 'data',
  measures: () => l10n.t('Share of samples that contradict others'),
  limits: { share: 0.05, few: 0.2, many: 0.8 },

  find({ analysis, data }, { share, few, many }) {
    const { contradicting, unexplained, copies } = data;
    const isValue = data.targets.some(({ type, isWhole }) => type === 'float' && !isWhole);
    const differs = unexplained >= (isValue || copies > mostCopies ? many : few);
    return [
      {
        place: ['training', 'data'],
        severity: contradicting < share || !differs ? undefined : smooths(analysis) ? 'info' : 'warning',
        evidence: { value: contradicting, limit: share },
        message: () =>
          l10n.t(
            '{0} of the samples have copies with another target, so no network can predict all of them. Correct the labels.',
            formatShare(contradicting),
          ),
      },
    ];
  },

  fixes: ({ analysis }) => smoothLabels(analysis),

  samples: () => ({
    sick: [table('contradicting.csv', 2)],
    nearMiss: table('few-contradictions.csv', 2),
    healthy: [table('balanced.csv', 2)],
  }),
});

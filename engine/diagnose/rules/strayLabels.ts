/** Labels that differ from those of the most similar samples, even where these agree with each other. */
import * as l10n from '@vscode/l10n';
import { inputLayers } from '../../graph/inputs.ts';
import { formatShare } from '../../schema/numbers.ts';
import { defineFinding } from '../define.ts';
import type { DataLook } from '../look.ts';
import type { Disagreement } from '../neighbours.ts';
import { isLookedUp } from '../network.ts';
import { chain, table } from '../samples.ts';
import { smoothLabels, smooths } from '../smoothing.ts';

export const strayLabels = defineFinding({
  code: 'data/labelNoise',
  title: 'Labels differ from those of similar samples',
  doc: `The inputs predict the class well, and yet many samples have another class than the samples that are most similar to them, no matter how much
those agree with each other. Labels were probably entered or drawn wrongly.

Where classes overlap, this is not so: samples differ from their neighbours near the border between two classes, where the neighbours differ, too, and hardly
anywhere else. Wrong labels are spread over all samples. That labels are judged by confident predictions of other samples is the idea of confident learning
([Northcutt et al., 2021](https://doi.org/10.1613/jair.1.12125)); to remove samples that differ from their neighbours, that of
[Wilson, 1972](https://doi.org/10.1109/TSMC.1972.4309137).

Only tables are examined. The class that most of the 15 nearest samples have is compared with that of the sample itself, in the half of the samples whose neighbours agree
most and in the other half.

Where the neighbours predict the class no better than guessing, the labels may belong to other samples, as after one column was sorted alone. That is information, because the inputs may
say nothing.

**What helps:** correct labels. Label smoothing keeps a network from memorizing wrong ones; where it is set, the finding is information only.

Limits: a tenth of the samples whose neighbours agree most, and at least six tenths of the share among the others; information where the neighbours avoid less than 45 % of the
mistakes of guessing, because the inputs may say too little, and nothing where they are not better than guessing by three standard errors.`,
  needs: 'data',
  measures: () => l10n.t('Share of samples that differ from similar ones'),
  limits: { differing: 0.1, even: 0.6, guessing: 0.55, certain: 3, fewest: 50 },

  find(look, { differing, even, guessing, certain, fewest }) {
    const { analysis, data } = look;
    const { disagreement } = data;
    if (!disagreement) return [];
    const { sure, unsure, all } = disagreement;
    const isPredicted = arePredicted(disagreement, certain);
    if (areApart(look, certain, fewest))
      return [
        {
          place: ['training', 'data'],
          severity: 'info',
          evidence: { value: all, limit: disagreement.guessing },
          message: () =>
            l10n.t(
              '{0} of the samples have another label than the samples that are most similar to them, as many as by chance. The labels may belong to other samples, or the inputs say nothing about them.',
              formatShare(all),
            ),
        },
      ];
    const isSpread = sure >= even * unsure && isPredicted;
    const isInformation = smooths(analysis) || all > guessing * disagreement.guessing;
    return [
      {
        place: ['training', 'data'],
        severity: !(sure > differing) || !isSpread ? undefined : isInformation ? 'info' : 'warning',
        evidence: { value: sure, limit: differing },
        message: () =>
          l10n.t(
            '{0} of the samples have another class than the samples that are most similar to them, even where these agree. Look for wrong labels.',
            formatShare(all),
          ),
      },
    ];
  },

  fixes: (look, _, { certain, fewest }) =>
    areApart(look, certain, fewest) ? [] : smoothLabels(look.analysis),

  samples: () => ({
    sick: [table('wrong-labels.csv', 2), table('shuffled.csv', 2)],
    nearMiss: table('few-wrong-labels.csv', 2),
    healthy: [table('overlapping.csv', 2), brackets],
  }),
});

/** Whether brackets are balanced: one bracket decides it, so the most similar samples say nothing. */
const brackets = chain(
  [20],
  {
    symbols: { type: 'embedding', vocabularySize: 8, units: 8 },
    memory: { type: 'gru', hiddenSize: 16 },
    scores: { type: 'dense', units: 2 },
  },
  {
    data: { type: 'brackets', sequenceLength: 20, samples: 600, testSamples: 100 },
    optimizer: { type: 'adam', learningRate: 0.01 },
    epochs: 2,
  },
);

/** Whether similar samples predict the class better than guessing, by this many standard errors. */
const arePredicted = ({ guessing, all, samples }: Disagreement, certain: number): boolean =>
  guessing - all > certain * Math.sqrt((all * (1 - all)) / samples);

/**
 * Whether similar samples predict neither the class nor the shares of the classes, and enough samples are judged. Numbers of symbols say nothing about which
 * samples are similar.
 */
function areApart(look: DataLook, certain: number, fewest: number): boolean {
  const { leftByNeighbours = 0, disagreement } = look.data;
  return (
    leftByNeighbours >= 1 &&
    disagreement !== undefined &&
    !arePredicted(disagreement, certain) &&
    disagreement.guessing * disagreement.samples >= fewest &&
    !inputLayers(look.analysis.graph).some(({ name }) => isLookedUp(look.analysis.graph, name))
  );
}

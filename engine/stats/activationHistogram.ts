/** The distribution of a layer's outputs. */
import * as l10n from '@vscode/l10n';
import { detailStatistic } from '../layers/statistic.ts';
import { histogramOf } from './histograms.ts';

export const activationHistogram = detailStatistic({
  key: 'activationHistogram',
  doc: 'The number of elements of the output in each of 32 bins between the smallest and the largest value. If there are more than 4,096 elements, every n-th is counted.',
  at: 'activation',
  shape: 'histogram',
  after: 'forward',
  look: ({ output }, { spans }) => histogramOf(spans.map((span) => ({ ...span, values: output.data }))),
  words: () => ({
    label: l10n.t('activations'),
    name: l10n.t('Activations'),
    meaning: l10n.t(
      'How the outputs are distributed. If all of them are equal, the layer gives the same output for every sample. If they pile up at the ends of its range, the layer saturates.',
    ),
  }),
});

/** The distribution of a layer's outputs. */
import * as l10n from '@vscode/l10n';
import { detailStatistic } from '../layers/statistic.ts';
import { histogramOf } from './histograms.ts';

export const activationHistogram = detailStatistic({
  key: 'activationHistogram',
  doc: 'How many elements of the output lie in each of 32 bins from the smallest to the largest; of more than 4,096 elements, evenly chosen ones are counted.',
  at: 'activation',
  shape: 'histogram',
  after: 'forward',
  look: ({ output }, { spans }) => histogramOf(spans.map((span) => ({ ...span, values: output.data }))),
  words: () => ({
    label: l10n.t('activations'),
    name: l10n.t('Activations'),
    meaning: l10n.t(
      'How the outputs are distributed. If all of them are at one value, the layer gives the same output for every sample; if they pile up at the ends of its range, it saturates.',
    ),
  }),
});

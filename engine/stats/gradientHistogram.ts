/** The distribution of the sizes of the gradients at a layer's output. */
import * as l10n from '@vscode/l10n';
import { detailStatistic } from '../layers/statistic.ts';
import { sizeHistogramOf } from './histograms.ts';

export const gradientHistogram = detailStatistic({
  key: 'gradientHistogram',
  doc: "The number of elements of the loss gradient with respect to the layer's output, by their size |x|, in each of 32 bins: two for each power of ten from 1e-12 to 1e4. Zeros are counted separately. If there are more than 4,096 elements, every n-th is counted.",
  at: 'gradient',
  shape: 'histogram',
  after: 'gradient',
  look: ({ gradOutput }, { spans }) =>
    sizeHistogramOf(spans.map((span) => ({ ...span, values: gradOutput.data }))),
  words: () => ({
    label: l10n.t('gradients'),
    name: l10n.t('Gradients at the output'),
    meaning: l10n.t(
      'Sizes of the gradient at each output, in powers of ten. If they move to the left from layer to layer towards the input, gradients vanish.',
    ),
  }),
});

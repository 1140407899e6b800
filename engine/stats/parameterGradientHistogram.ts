/** The distribution of the sizes of the gradients of a layer's parameters. */
import * as l10n from '@vscode/l10n';
import type { Tensor } from '../kernels/tensor.ts';
import { detailStatistic } from '../layers/statistic.ts';
import { sizeHistogramOf } from './histograms.ts';

export const parameterGradientHistogram = detailStatistic({
  key: 'parameterGradientHistogram',
  doc: "As [gradientHistogram](#gradienthistogram), for the loss gradient with respect to the layer's parameters, before penalties and clipping.",
  at: 'gradient',
  shape: 'histogram',
  after: 'lossGradients',
  look({ gradParameters }) {
    const tensors: readonly Tensor[] = Object.values(gradParameters);
    const stretches = tensors.map(({ data }) => ({ values: data, offset: 0, count: data.length }));
    return stretches.length === 0 ? undefined : sizeHistogramOf(stretches);
  },
  words: () => ({
    label: l10n.t('gradients'),
    name: l10n.t('Gradients of the parameters'),
    meaning: l10n.t('Sizes of the gradient of each parameter, in powers of ten, before clipping.'),
  }),
});

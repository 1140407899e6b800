/** How the sizes of the changes of a layer's parameters are distributed. */
import * as l10n from '@vscode/l10n';
import type { Tensor } from '../kernels/tensor.ts';
import { detailStatistic } from '../layers/statistic.ts';
import { sizeHistogramOf } from './histograms.ts';

export const updateHistogram = detailStatistic({
  key: 'updateHistogram',
  doc: "As [gradientHistogram](#gradienthistogram), for the last change of each of the layer's parameters.",
  at: 'update',
  shape: 'histogram',
  after: 'update',
  look({ parameters }, { before }) {
    if (!before) return undefined;
    const named: { readonly [name: string]: Tensor } = parameters;
    return sizeHistogramOf(
      Object.entries(before).map(([name, old]) => ({
        values: named[name].data,
        offset: 0,
        count: old.length,
        before: old,
      })),
    );
  },
  words: () => ({
    label: l10n.t('updates'),
    name: l10n.t('Updates'),
    meaning: l10n.t('Sizes of the last change of each parameter, in powers of ten.'),
  }),
});

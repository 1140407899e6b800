/** The activity of each channel of an image: the mean size of its values. */
import * as l10n from '@vscode/l10n';
import { detailStatistic } from '../layers/statistic.ts';
import { rounded } from '../layers/timeBins.ts';
import { groupedDigits } from '../schema/text.ts';

/** The most channels that are measured. */
const mostChannels = 512;
/** The most elements that are examined, in all channels together. */
const mostElements = 16_384;

export const channelActivity = detailStatistic({
  key: 'channelActivity',
  doc: `The mean of |x| over the batch and all positions, for each of the first ${mostChannels} channels of an image [height, width, channels]. A channel with 0 was zero everywhere. If there are more than ${groupedDigits(mostElements)} elements, every n-th position is measured.`,
  at: 'activation',
  shape: 'channels',
  after: 'forward',
  look({ output: { shape, data } }, { spans }) {
    if (shape.length !== 4) return undefined;
    const channels = shape[3];
    const measured = Math.min(channels, mostChannels);
    const sums = new Array<number>(measured).fill(0);
    const places = spans.reduce((sum, { count }) => sum + count / channels, 0);
    const step = Math.ceil((places * measured) / mostElements);
    let counted = 0;
    for (const { offset, count } of spans)
      for (let place = 0; place < count / channels; place += step, counted++)
        for (let channel = 0; channel < measured; channel++)
          sums[channel] += Math.abs(data[offset + place * channels + channel]);
    return sums.map((sum) => rounded(sum / Math.max(1, counted)));
  },
  words: () => ({
    label: l10n.t('channels'),
    name: l10n.t('Activity of each channel'),
    meaning: l10n.t(
      'Mean size of each channel over the batch. A channel at zero is dead. If many are, most of the layer is wasted.',
    ),
  }),
});

/** The output of each channel of a layer for the chosen sample, as pictures. */
import * as l10n from '@vscode/l10n';
import { pictures, picturesShown, sideWithin } from '../layers/pictures.ts';
import { detailStatistic } from '../layers/statistic.ts';

/** The most rows and columns of a picture. In larger maps, a pixel is the mean of a block. */
const mostSide = 28;

export const featureMaps = detailStatistic({
  key: 'featureMaps',
  doc: `The first channels of an image [height, width, channels] for one sample of the test data, or of the training data if there is no test set. The sample is the first one, unless the setting "netloom.statistics.sample" names another. In maps with more than ${mostSide} rows or columns, a pixel is the mean of a block.`,
  at: 'layer',
  shape: 'pictures',
  byActivity: true,
  after: 'sample',
  look({ output: { shape, data } }, { pixels }) {
    if (shape.length !== 4) return undefined;
    const [, height, width, channels] = shape;
    const block = Math.ceil(Math.max(height, width) / sideWithin(pixels, mostSide));
    const [rows, columns] = [height, width].map((side) => Math.ceil(side / block));
    const size = rows * columns;
    const values = new Float64Array(picturesShown(channels, rows, columns, pixels) * size);
    for (let picture = 0; picture * size < values.length; picture++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const [row, column] = [Math.floor(y / block), Math.floor(x / block)];
          const cells = Math.min(block, height - row * block) * Math.min(block, width - column * block);
          values[picture * size + row * columns + column] +=
            data[(y * width + x) * channels + picture] / cells;
        }
    return { maps: pictures(rows, columns, values) };
  },
  words: () => ({
    label: l10n.t('maps'),
    name: l10n.t('Feature maps'),
    meaning: l10n.t(
      'The output of each channel for the chosen sample, the most active first. A channel that is zero everywhere detects nothing in it, and is crossed out.',
    ),
  }),
});

/** Weights as pictures: the matrix of a dense layer, the kernels of a convolution. */
import * as l10n from '@vscode/l10n';
import type { Tensor } from '../kernels/tensor.ts';
import { pictures, picturesShown, sideWithin } from '../layers/pictures.ts';
import { detailStatistic } from '../layers/statistic.ts';
import type { Pictures } from '../schema/statistic.ts';

/** The most rows and columns of a matrix that are shown; of a larger matrix, every n-th. */
const mostSide = 64;

/** [rows, columns]: one picture, in which each pixel is one weight. */
function matrix({ shape: [rows, columns], data }: Tensor, pixels: number): Pictures {
  const shown = [rows, columns].map((size) => Math.min(size, sideWithin(pixels, mostSide)));
  const pick = (index: number, of: number, size: number) => Math.floor((index * size) / of);
  return pictures(
    shown[0],
    shown[1],
    Array.from(
      { length: shown[0] * shown[1] },
      (_, i) =>
        data[
          pick(Math.floor(i / shown[1]), shown[0], rows) * columns + pick(i % shown[1], shown[1], columns)
        ],
    ),
  );
}

/** [height, width, inputs, outputs]: a picture for each output and input channel, with those of one output in a row. */
function kernels({ shape, data }: Tensor, pixels: number): Pictures {
  const [outputs, inputs] = [shape.at(-1)!, shape.at(-2)!];
  const [height, width] = shape.length === 4 ? shape : [1, shape[0]];
  const size = height * width;
  const across = Math.min(inputs, 16);
  const shown = picturesShown(outputs * across, height, width, pixels, across);
  const values = Array.from({ length: shown * size }, (_, i) => {
    const picture = Math.floor(i / size);
    const [output, input] = [Math.floor(picture / across), picture % across];
    return data[((i % size) * inputs + input) * outputs + output];
  });
  return pictures(height, width, values, across > 1 ? across : undefined);
}

export const weightPictures = detailStatistic({
  key: 'weightPictures',
  doc: 'The weights after the last update, as pictures. A matrix is shown with at most 64 rows and columns; of a larger one, every n-th. A convolution is shown with the kernels of its first filters: those of the first 16 input channels of a filter are side by side.',
  at: 'layer',
  shape: 'pictures',
  after: 'update',
  look({ parameters }, { pixels }) {
    const tensors = Object.entries<Tensor>(parameters).filter(([, { shape }]) => shape.length >= 2);
    if (tensors.length === 0) return undefined;
    const share = Math.floor(pixels / tensors.length);
    return Object.fromEntries(
      tensors.map(([name, tensor]) => [
        name,
        tensor.shape.length === 2 ? matrix(tensor, share) : kernels(tensor, share),
      ]),
    );
  },
  words: () => ({
    label: l10n.t('weights'),
    name: l10n.t('Weights'),
    meaning: l10n.t(
      'The weights as they are now. In a matrix, inputs are rows and outputs are columns. In a convolution, each row has the kernels of one filter.',
    ),
  }),
});

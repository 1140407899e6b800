/** ZeroPad: a border of zeros. */
import * as l10n from '@vscode/l10n';
import { type Margins, margins } from './attributes.ts';
import { defineLayer, problem } from './define.ts';
import { borders } from './frameworks/conversions.ts';
import { timeFirst } from './time.ts';

export const zeroPad = defineLayer({
  type: 'zeroPad',
  category: 'convolution',
  linear: true,
  label: 'Zero pad',
  synonyms: ['padding', 'border'],
  icon: 'screen-normal',
  doc: `Puts zeros around an image \`[height, width, channels]\` or before and after a sequence \`[time, channels]\`.
Convolution layers have their own padding; this layer is for pooling, branches and sizes that must match.

[PyTorch: ZeroPad2d](https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html)`,
  attributes: {
    padding: margins(
      'Zeros at every side, or [before, after] of a sequence, or [[top, bottom], [left, right]] of an image.',
    ),
  },
  frameworks: {
    pytorch: [
      {
        name: 'ZeroPad1d',
        rank: 3,
        layout: 'channelsFirst',
        attributes: { padding: borders('padding', 'flat') },
      },
      {
        name: 'ZeroPad2d',
        rank: 4,
        layout: 'channelsFirst',
        attributes: { padding: borders('padding', 'flat') },
      },
    ],
    keras: [
      { name: 'ZeroPadding1D', rank: 3, attributes: { padding: borders('padding', 'pairs') } },
      { name: 'ZeroPadding2D', rank: 4, attributes: { padding: borders('padding', 'pairs') } },
    ],
  },
  forgetsOutput: true,
  keepsValues: true,

  infer({ padding }, [input]) {
    if (input.length !== 2 && input.length !== 3)
      return problem(
        'shape/rank',
        l10n.t(
          'needs an input [height, width, channels] or [time, channels], found [{0}]. Put a reshape before it.',
          input.join(', '),
        ),
      );
    const sides = sidesOf(padding, input.length - 1);
    if (!sides)
      return problem(
        'shape/padding',
        input.length === 2
          ? l10n.t('padding of a sequence is a number or [before, after].')
          : l10n.t('padding of an image is a number or [[top, bottom], [left, right]].'),
        'padding',
      );
    // A sequence is an image one cell wide.
    const [top, bottom, left, right] = sides;
    const height = input[0];
    const width = input.length === 3 ? input[1] : 1;
    const channels = input[input.length - 1];
    const padded = { height: top + height + bottom, width: left + width + right };
    return {
      output: input.length === 3 ? [padded.height, padded.width, channels] : [padded.height, channels],
      constants: { top, bottom, left, height, row: width * channels, channels, padded },
    };
  },

  time(_attributes, [input], axes, { constants: { top, bottom } }) {
    return timeFirst(input, axes, { axis: 0, steps: (length) => top + length + bottom });
  },

  /** y = 0, then each row of x in its place. The padding of a shorter sequence is 0, too. */
  forward({ batch, lengths, input, output, constants }) {
    const { top, left, height, row, channels, padded } = constants;
    output.data.fill(0, 0, batch * padded.height * padded.width * channels);
    for (let n = 0; n < batch; n++)
      for (let y = 0, rows = lengths ? lengths[n] : height; y < rows; y++) {
        const to = ((n * padded.height + top + y) * padded.width + left) * channels;
        for (let i = 0, from = (n * height + y) * row; i < row; i++)
          output.data[to + i] = input.data[from + i];
      }
  },

  /** dx = dy without its border. */
  backward({ kernels, batch, lengths, gradInput, gradOutput, constants }) {
    if (!gradInput) return;
    const { top, left, height, row, channels, padded } = constants;
    for (let n = 0; n < batch; n++)
      for (let y = 0, rows = lengths ? lengths[n] : height; y < rows; y++) {
        const from = ((n * padded.height + top + y) * padded.width + left) * channels;
        kernels.addScaled(row, 1, gradOutput.data, from, gradInput.data, (n * height + y) * row);
      }
  },

  samples: [
    { name: 'image', inputs: [[2, 3, 2]] },
    {
      name: 'image, each side',
      inputs: [[3, 2, 1]],
      attributes: {
        padding: [
          [0, 2],
          [1, 3],
        ],
      },
    },
    { name: 'sequence', inputs: [[4, 2]], attributes: { padding: [2, 0] } },
    { name: 'sequence, both ends', inputs: [[3, 2]], attributes: { padding: 1 } },
  ],
  errorSamples: [
    { name: 'a vector', inputs: [[4]], code: 'shape/rank' },
    {
      name: 'two axes of padding for a sequence',
      inputs: [[4, 2]],
      attributes: {
        padding: [
          [1, 1],
          [1, 1],
        ],
      },
      code: 'shape/padding',
    },
    {
      name: 'one axis of padding for an image',
      inputs: [[4, 2, 1]],
      attributes: { padding: [1, 1] },
      code: 'shape/padding',
    },
  ],
});

type Sides = readonly [top: number, bottom: number, left: number, right: number];

function sidesOf(padding: Margins, axes: number): Sides | undefined {
  if (typeof padding === 'number')
    return axes === 2 ? [padding, padding, padding, padding] : [padding, padding, 0, 0];
  const [first, second] = padding;
  if (typeof first === 'number' || typeof second === 'number')
    return axes === 1 ? [first as number, second as number, 0, 0] : undefined;
  return axes === 2 ? [...first, ...second] : undefined;
}

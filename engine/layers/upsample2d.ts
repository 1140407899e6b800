/** Upsample2d: enlarges images, without parameters. */
import * as l10n from '@vscode/l10n';
import type { FloatArray } from '../kernels/tensor.ts';
import { choice, size2d } from '../schema/attributes.ts';
import { choice as choiceOf } from '../schema/frameworks.ts';
import { always, bare } from '../schema/onCard.ts';
import { defineLayer, problem } from './define.ts';
import { sizes } from './frameworks/windows.ts';
import { demandRank } from './slidingWindow.ts';
import { timeFirst } from './time.ts';

/** Every row and column has an entry in a table, so the size of a side is limited. */
const maximumSide = 65_536;

/** Other frameworks use the same words. */
const interpolations = [
  ['nearest', 'nearest'],
  ['bilinear', 'bilinear'],
] as const;

export const upsample2d = defineLayer({
  type: 'upsample2d',
  category: 'convolution',
  linear: true,
  label: 'Upsample 2D',
  synonyms: ['resize', 'interpolate', 'nearest neighbour', 'unpool'],
  icon: 'zoom-in',
  doc: `Makes an image larger by whole factors, without parameters. With a conv2d after it, it avoids the checkerboard patterns of
convTranspose2d. \`[height, width, channels]\` becomes \`[height · scale, width · scale, channels]\`.

- \`nearest\`: every cell is repeated, y[p, q] = x[⌊p / scale⌋, ⌊q / scale⌋].
- \`bilinear\`: every cell is a mean of the four cells around (p + ½) / scale − ½, weighted by their distance. Corners are
  not aligned, as in Keras and in PyTorch with \`align_corners=False\`.

[PyTorch: Upsample](https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html)`,
  attributes: {
    scale: size2d({ min: 1, default: 2, onCard: always, doc: 'How many times higher and wider.' }),
    interpolation: choice(['nearest', 'bilinear'], {
      default: 'nearest',
      onCard: bare,
      doc: 'How the values of new cells are computed.',
    }),
  },
  frameworks: {
    pytorch: {
      name: 'Upsample',
      functional: 'interpolate',
      rank: 4,
      layout: 'channelsFirst',
      fixed: { align_corners: false },
      attributes: {
        scale: sizes('scale_factor'),
        interpolation: choiceOf('mode', interpolations, 'nearest'),
      },
    },
    keras: {
      name: 'UpSampling2D',
      rank: 4,
      attributes: {
        scale: sizes('size', 2),
        interpolation: choiceOf('interpolation', interpolations, 'nearest'),
      },
    },
  },
  forgetsOutput: true,

  infer({ scale, interpolation }, [input]) {
    const unfit = demandRank(input, 3);
    if (unfit) return unfit;
    const [height, width, channels] = input;
    const longest = Math.max(height * scale[0], width * scale[1]);
    if (longest > maximumSide)
      return problem(
        'shape/too-large',
        l10n.t(
          'its output would be {0} cells long; an image can have at most {1} on each side. Use a smaller scale.',
          longest,
          maximumSide,
        ),
        'scale',
      );
    const sources = interpolation === 'nearest' ? nearestSources : linearSources;
    return {
      output: [height * scale[0], width * scale[1], channels],
      constants: {
        input: { height, width, channels },
        rows: sources(height, scale[0]),
        columns: sources(width, scale[1]),
      },
      flops: interpolation === 'nearest' ? 0 : 8 * height * scale[0] * width * scale[1] * channels,
    };
  },

  time({ scale }, [input], axes) {
    return timeFirst(input, axes, { axis: 0, steps: (length) => scale[0] * length });
  },

  /** y[p, q] = Σ row weight · column weight · x. */
  forward({ batch, lengths, input, output, constants }) {
    const { channels } = constants.input;
    output.data.fill(0, 0, batch * constants.rows.length * constants.columns.length * channels);
    overShares(batch, lengths, constants, input.data, output.data, addToOutput);
  },

  /** Every input cell gets the part of each dy that it contributed to y. */
  backward({ batch, lengths, gradInput, gradOutput, constants }) {
    if (gradInput) overShares(batch, lengths, constants, gradInput.data, gradOutput.data, addToInput);
  },

  samples: [
    { name: 'nearest', inputs: [[2, 3, 2]] },
    { name: 'bilinear', inputs: [[3, 2, 2]], attributes: { interpolation: 'bilinear' } },
    {
      name: 'bilinear, factors of each axis',
      inputs: [[1, 3, 1]],
      attributes: { scale: [2, 3], interpolation: 'bilinear' },
    },
  ],
  errorSamples: [
    { name: 'a sequence', inputs: [[4, 2]], code: 'shape/rank' },
    {
      name: 'a side without end',
      inputs: [[1, 1, 1]],
      attributes: { scale: 1_000_000 },
      code: 'shape/too-large',
    },
  ],
});

/** The source of one row or column of the output: two input rows or columns, which may be the same, with their weights. */
interface Source {
  readonly first: number;
  readonly second: number;
  readonly secondShare: number;
}

const nearestSources = (size: number, scale: number): Source[] =>
  Array.from({ length: size * scale }, (_, i) => {
    const source = Math.floor(i / scale);
    return { first: source, second: source, secondShare: 0 };
  });

const linearSources = (size: number, scale: number): Source[] =>
  Array.from({ length: size * scale }, (_, i) => {
    const place = Math.max((i + 0.5) / scale - 0.5, 0);
    const first = Math.floor(place);
    return { first, second: Math.min(first + 1, size - 1), secondShare: place - first };
  });

interface Geometry {
  readonly input: { readonly height: number; readonly width: number; readonly channels: number };
  readonly rows: readonly Source[];
  readonly columns: readonly Source[];
}

/**
 * Visits each pair of an output cell and an input cell that it reads, with the weight and the first elements of both cells. A
 * sample with fewer rows than the tallest one ends at its last row.
 */
function overShares(
  batch: number,
  lengths: Int32Array | undefined,
  { input: { height, width, channels }, rows, columns }: Geometry,
  input: FloatArray,
  output: FloatArray,
  visit: typeof addToOutput,
): void {
  for (let n = 0; n < batch; n++) {
    const real = lengths ? lengths[n] : height;
    let o = n * rows.length * columns.length * channels;
    for (let p = 0; p < (rows.length / height) * real; p++)
      for (const column of columns) {
        for (let corner = 0; corner < 4; corner++) {
          const share =
            (corner < 2 ? 1 - rows[p].secondShare : rows[p].secondShare) *
            (corner % 2 === 0 ? 1 - column.secondShare : column.secondShare);
          if (share === 0) continue;
          const y = corner < 2 ? rows[p].first : Math.min(rows[p].second, real - 1);
          const x = corner % 2 === 0 ? column.first : column.second;
          visit(channels, share, input, ((n * height + y) * width + x) * channels, output, o);
        }
        o += channels;
      }
  }
}

function addToOutput(
  channels: number,
  share: number,
  input: FloatArray,
  i: number,
  output: FloatArray,
  o: number,
): void {
  for (let c = 0; c < channels; c++) output[o + c] += share * input[i + c];
}

function addToInput(
  channels: number,
  share: number,
  input: FloatArray,
  i: number,
  output: FloatArray,
  o: number,
): void {
  for (let c = 0; c < channels; c++) input[i + c] += share * output[o + c];
}

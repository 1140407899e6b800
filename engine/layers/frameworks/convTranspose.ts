/** Names of the transposed convolution in other frameworks. ONNX may give the size of the output instead of the padding. */
import { reachOf } from '../../kernels/window.ts';
import {
  as,
  type Conversion,
  type ForeignAttributes,
  given,
  inexpressible,
  type Site,
  whereGiven,
} from '../../schema/frameworks.ts';
import type { Padding2d, Pair } from '../attributes.ts';
import { convolutionKernel } from './layout.ts';
import { kernelShape, onnxPadding, onnxWindow, paddingOf, sizes, symmetricPadding } from './windows.ts';

const kernel = { axes: convolutionKernel(4) };

/** The kernel's [inputs, outputs / groups, …]. */
const filtersOfKernel: Conversion<number> = {
  read: (theirs, { tensors: { W: shape } }) =>
    shape ? shape[1] * Number(given(theirs, 'group', 1)) : inexpressible,
  write: () => ({}),
};

/** How many cells the windows cover beyond the given output, along each axis; negative if they cover fewer. */
function excess(theirs: ForeignAttributes, site: Site): number[] | undefined {
  const wanted = theirs.output_shape as readonly number[] | undefined;
  if (!wanted) return undefined;
  const { input, kernel, stride, dilation } = onnxWindow(theirs, site, 'W');
  const extra = theirs.output_padding as readonly number[] | undefined;
  return input.map(
    (size, i) =>
      stride[i] * (size - 1) +
      (extra?.[i] ?? 0) +
      reachOf(kernel[i], dilation[i]) -
      wanted.slice(-input.length)[i],
  );
}

const padding = onnxPadding('W');

const cutMargins: Conversion<Padding2d> = {
  read: (theirs, site) => {
    const totals = excess(theirs, site);
    if (!totals) return padding.read(theirs, site);
    const upper = theirs.auto_pad === 'SAME_UPPER';
    return paddingOf(
      totals.map((total): Pair => {
        const taken = Math.max(total, 0);
        const half = Math.floor(taken / 2);
        return upper ? [half, taken - half] : [taken - half, half];
      }),
    );
  },
  write: padding.write,
};

const extraSizes = sizes('output_padding', 0);

const outputPadding: Conversion<readonly [number, number]> = {
  read: (theirs, site) => {
    const extra = extraSizes.read(theirs, site);
    const missing = excess(theirs, site)?.map((total) => Math.max(-total, 0));
    return missing && Array.isArray(extra)
      ? missing.map((size, i) => size + Number(extra[i]))
      : (missing ?? extra);
  },
  write: extraSizes.write,
};

export const transposedConvolutionFrameworks = {
  pytorch: {
    name: 'ConvTranspose2d',
    functional: 'conv_transpose2d',
    layout: 'channelsFirst',
    inputFeatures: 'in_channels',
    attributes: {
      filters: 'out_channels',
      kernelSize: sizes('kernel_size'),
      stride: sizes('stride', 1),
      padding: symmetricPadding('padding', 'none'),
      outputPadding: sizes('output_padding', 0),
      dilation: sizes('dilation', 1),
      groups: as('groups', 1),
      useBias: as('bias', true),
    },
    parameters: { kernel: { name: 'weight', ...kernel }, bias: 'bias' },
  },
  onnx: {
    name: 'ConvTranspose',
    rank: 4,
    layout: 'channelsFirst',
    operands: ['X', 'W', 'B'],
    attributes: {
      filters: filtersOfKernel,
      kernelSize: kernelShape('kernel_shape', 'W'),
      stride: sizes('strides', 1),
      padding: cutMargins,
      outputPadding,
      dilation: sizes('dilations', 1),
      groups: as('group', 1),
      useBias: whereGiven('B'),
    },
    parameters: { kernel: { name: 'W', ...kernel }, bias: 'B' },
  },
} as const;

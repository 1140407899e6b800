/** Names of the convolutions in other frameworks. They differ only in the number of spatial axes. */
import { as, type Conversion, inexpressible, sizeOfAxis, whereGiven } from '../../schema/frameworks.ts';
import { channelsOf } from './conversions.ts';
import { convolutionKernel } from './layout.ts';
import { kernelShape, onnxPadding, sizes, symmetricPadding, wordPadding } from './windows.ts';

/** `axes` is 1 for sequences and 2 for images. */
export const convolutionFrameworks = (axes: 1 | 2) => {
  const rank = axes + 2;
  const kernel = { axes: convolutionKernel(rank) };
  return {
    pytorch: {
      name: `Conv${axes}d`,
      functional: `conv${axes}d`,
      layout: 'channelsFirst',
      inputFeatures: 'in_channels',
      attributes: {
        filters: 'out_channels',
        kernelSize: sizes('kernel_size'),
        stride: sizes('stride', 1),
        padding: symmetricPadding('padding', 'same'),
        dilation: sizes('dilation', 1),
        groups: as('groups', 1),
        useBias: as('bias', true),
      },
      parameters: { kernel: { name: 'weight', ...kernel }, bias: 'bias' },
    },
    keras: {
      name: `Conv${axes}D`,
      attributes: {
        filters: 'filters',
        kernelSize: sizes('kernel_size'),
        stride: sizes('strides', 1),
        padding: wordPadding('padding'),
        dilation: sizes('dilation_rate', 1),
        groups: as('groups', 1),
        useBias: as('use_bias', true),
      },
      parameters: { kernel: 'kernel', bias: 'bias' },
    },
    onnx: {
      name: 'Conv',
      rank,
      layout: 'channelsFirst',
      operands: ['X', 'W', 'B'],
      attributes: {
        filters: sizeOfAxis('W', 0, rank),
        kernelSize: kernelShape('kernel_shape', 'W'),
        stride: sizes('strides', 1),
        padding: onnxPadding('W'),
        dilation: sizes('dilations', 1),
        groups: as('group', 1),
        useBias: whereGiven('B'),
      },
      parameters: { kernel: { name: 'W', ...kernel }, bias: 'B' },
    },
  } as const;
};

/** Kernels of each channel. The other framework counts those of all channels and has as many groups as channels. */
const multiplier = (filters: string, groups: string): Conversion<number> => ({
  read: (theirs, site) => {
    const channels = channelsOf(site);
    return theirs[groups] === channels ? Number(theirs[filters]) / channels : inexpressible;
  },
  write: (ours, site) => ({ [filters]: ours * channelsOf(site), [groups]: channelsOf(site) }),
});

/** The same, where the count follows from the shape of the kernel [outputs, inputs, …]. */
const multiplierOfKernel = (kernel: string, groups: string): Conversion<number> => ({
  read: (theirs, site) => {
    const channels = channelsOf(site);
    const outputs = site.tensors[kernel]?.[0];
    return outputs !== undefined && theirs[groups] === channels ? outputs / channels : inexpressible;
  },
  write: (_ours, site) => ({ [groups]: channelsOf(site) }),
});

/** A depthwise convolution is a convolution with as many groups as channels. */
export const depthwiseFrameworks = () => {
  const { pytorch, onnx } = convolutionFrameworks(2);
  const { filters: _outputs, groups: _parts, ...torchWindow } = pytorch.attributes;
  const { filters: _count, groups: _group, ...onnxWindow } = onnx.attributes;
  return {
    pytorch: { ...pytorch, attributes: { ...torchWindow, multiplier: multiplier('out_channels', 'groups') } },
    onnx: { ...onnx, attributes: { ...onnxWindow, multiplier: multiplierOfKernel('W', 'group') } },
  };
};

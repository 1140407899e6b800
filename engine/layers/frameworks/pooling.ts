/** Names of the pooling layers in other frameworks. They differ in kind and in the number of spatial axes. */
import { as, type Conversion, flag, inexpressible, only } from '../../schema/frameworks.ts';
import {
  evenWindows,
  onnxPadding,
  poolStride,
  sizes,
  symmetricPadding,
  undilated,
  wordPadding,
} from './windows.ts';

/** PyTorch chooses the stride itself, as Netloom does if it is not set. */
const unset: Conversion<unknown> = {
  read: () => undefined,
  write: (ours) => (ours === undefined ? {} : inexpressible),
};

/** PyTorch's pooling to a given output size, if all of its windows are equal. */
const adaptive = (kind: 'Avg' | 'Max', axes: 1 | 2) => ({
  name: `Adaptive${kind}Pool${axes}d`,
  functional: `adaptive_${kind.toLowerCase()}_pool${axes}d`,
  layout: 'channelsFirst' as const,
  attributes: {
    poolSize: evenWindows('output_size'),
    stride: unset,
    padding: only('valid'),
    dilation: undilated,
    ceilMode: only(false),
  },
});

/** What both kinds have in common. `axes` is 1 for sequences and 2 for images. */
const poolFrameworks = (kind: 'Avg' | 'Max', word: 'Average' | 'Max', axes: 1 | 2) => ({
  pytorch: {
    name: `${kind}Pool${axes}d`,
    functional: `${kind.toLowerCase()}_pool${axes}d`,
    layout: 'channelsFirst' as const,
    attributes: {
      poolSize: sizes('kernel_size'),
      stride: poolStride('stride', 'window'),
      padding: symmetricPadding('padding', 'none'),
      ceilMode: as('ceil_mode', false),
    },
  },
  keras: {
    name: `${word}Pooling${axes}D`,
    attributes: {
      poolSize: sizes('pool_size', 2),
      stride: poolStride('strides', 'window'),
      padding: wordPadding('padding'),
      dilation: undilated,
      ceilMode: only(false),
    },
  },
  onnx: {
    name: `${word}Pool`,
    rank: axes + 2,
    layout: 'channelsFirst' as const,
    attributes: {
      poolSize: sizes('kernel_shape'),
      stride: poolStride('strides', 1),
      padding: onnxPadding(),
      dilation: sizes('dilations', 1),
      ceilMode: flag('ceil_mode', false),
    },
  },
});

export const maxPoolFrameworks = (axes: 1 | 2) => {
  const { pytorch, ...others } = poolFrameworks('Max', 'Max', axes);
  const dilation = sizes('dilation', 1);
  return {
    ...others,
    pytorch: [{ ...pytorch, attributes: { ...pytorch.attributes, dilation } }, adaptive('Max', axes)],
  };
};

/** Only Keras never counts padded cells. */
export const averagePoolFrameworks = (axes: 1 | 2) => {
  const { pytorch, keras, onnx } = poolFrameworks('Avg', 'Average', axes);
  const wide = adaptive('Avg', axes);
  return {
    pytorch: [
      {
        ...pytorch,
        attributes: {
          ...pytorch.attributes,
          dilation: undilated,
          countPadding: as('count_include_pad', true),
        },
      },
      { ...wide, attributes: { ...wide.attributes, countPadding: only(false) } },
    ],
    keras: { ...keras, attributes: { ...keras.attributes, countPadding: only(false) } },
    onnx: {
      ...onnx,
      attributes: { ...onnx.attributes, countPadding: flag('count_include_pad', false) },
    },
  };
};

/** Pooling over a whole sequence or image. `short` and `long` are the words for the kind in PyTorch and Keras. */
export const globalPoolFrameworks = (short: 'Avg' | 'Max', long: 'Average' | 'Max') => ({
  pytorch: [1, 2].map((axes) => ({
    name: `Adaptive${short}Pool${axes}d`,
    functional: `adaptive_${short.toLowerCase()}_pool${axes}d`,
    rank: axes + 2,
    layout: 'channelsFirst' as const,
    fixed: { output_size: 1 },
  })),
  keras: [1, 2].map((axes) => ({ name: `Global${long}Pooling${axes}D`, rank: axes + 2 })),
  onnx: { name: `Global${long}Pool`, layout: 'channelsFirst' as const },
});

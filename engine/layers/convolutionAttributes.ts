/** The attributes of convolution layers, each declared once: for sequences and images, and for depthwise and transposed ones. */
import { initializer } from '../initializers/registry.ts';
import { boolean, integer, size2d } from '../schema/attributes.ts';
import { always, amount, noBias } from '../schema/onCard.ts';
import { padding1d, padding2d } from './attributes.ts';

export const groups = integer({
  onCard: amount('groups'),
  min: 1,
  default: 1,
  doc: 'Channels are split into this many groups. Outputs of a group depend only on inputs of the same group.',
});

/** The parameters. `target` is what has a bias: "filter", or "channel of the output". */
export const weights = (target: string) => ({
  useBias: boolean({ default: true, onCard: noBias, doc: `Add a trained bias to every ${target}.` }),
  kernelInitializer: initializer('glorotUniform', 'How the weights start. Before ReLU, heUniform.'),
  biasInitializer: initializer('zeros', 'How the biases start.'),
});

/** The window that slides along a sequence. */
export const window1d = {
  kernelSize: integer({ min: 1, start: 3, onCard: always, doc: 'Steps in the window.' }),
  stride: integer({ min: 1, default: 1, doc: 'Steps from one window to the next.' }),
  padding: padding1d,
  dilation: integer({
    min: 1,
    default: 1,
    doc: 'Distance of neighbouring kernel steps. Above 1 the window has gaps and reaches further.',
  }),
};

/** The window that slides over an image. */
export const kernelSize2d = size2d({
  min: 1,
  start: 3,
  onCard: always,
  doc: 'Height and width of the window.',
});

/** How it slides. */
export const slide2d = {
  stride: size2d({ min: 1, default: 1, doc: 'Cells from one window to the next.' }),
  padding: padding2d,
  dilation: size2d({
    min: 1,
    default: 1,
    doc: 'Distance of neighbouring kernel cells. Above 1 the window has gaps and reaches further.',
  }),
};

/** Attributes of an ordinary convolution with this window. */
export const convolutionAttributes = <const W>(window: W) => ({
  filters: integer({
    min: 1,
    start: 16,
    onCard: amount('filters'),
    doc: 'Number of kernels, the channels of the output.',
  }),
  ...window,
  groups,
  ...weights('filter'),
});

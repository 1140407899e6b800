/**
 * Translates the reference files of Keras to the names and layouts of Keras: the files have short names, and images and kernels
 * with channels first.
 */
import { channelsLast, convolutionKernel } from '../layers/frameworks/layout.ts';
import type { Json } from '../schema/attributes.ts';
import type { ForeignAttributes } from '../schema/frameworks.ts';
import { place } from './layerCase.ts';
import type { OracleTensor } from './oracle.ts';

type Config = { readonly [name: string]: Json };

const names: { readonly [layer: string]: string } = {
  batch_norm: 'BatchNormalization',
  conv1d: 'Conv1D',
  conv2d: 'Conv2D',
  dense: 'Dense',
  gru: 'GRU',
  layer_norm: 'LayerNormalization',
  lstm: 'LSTM',
  rnn: 'SimpleRNN',
  simple_rnn: 'SimpleRNN',
};

const words: { readonly [kind: string]: string } = { avg: 'Average', max: 'Max' };

/** The class or function of Keras. `axes` is the number of axes of the input without batch and channels. */
export function kerasName(layer: string, { kind }: Config, axes: number): string {
  const [, global] = /^global_(avg|max)$/.exec(layer) ?? [];
  if (global) return `Global${words[global]}Pooling${axes}D`;
  if (/^pool[12]d$/.test(layer)) return `${words[`${kind}`] ?? `${kind}`}Pooling${axes}D`;
  return Object.hasOwn(names, layer) ? names[layer] : layer;
}

const attributeNames: { readonly [word: string]: string } = {
  axes: 'axis',
  dilation: 'dilation_rate',
  kernel: 'kernel_size',
  pool: 'pool_size',
};

/** The attributes of a layer by their names in Keras. Whether it has a bias, a scale or an offset follows from its tensors. */
export const kerasAttributes = (config: Config, weights: readonly string[]): ForeignAttributes => ({
  use_bias: weights.includes('bias'),
  scale: weights.includes('gamma'),
  center: weights.includes('beta'),
  ...Object.fromEntries(
    Object.entries(config).map(([word, value]) => [
      Object.hasOwn(attributeNames, word) ? attributeNames[word] : word,
      value,
    ]),
  ),
});

/** Layers over images, or over sequences that the files have as images of height 1. */
const overImages = /^(conv|pool|global)/;

/** The input or output of a layer in the layout of Keras. */
export function kerasTensor(layer: string, tensor: OracleTensor): OracleTensor {
  const { shape } = tensor;
  const image = overImages.test(layer) || (layer === 'batch_norm' && shape.length === 4);
  if (!image || shape.length < 3) return tensor;
  const seen = /1d$/.test(layer) ? [shape[0], shape[1], shape[shape.length - 1]] : shape;
  return turned(tensor, seen, channelsLast(seen.length));
}

/** The trained tensors of a layer in the layout of Keras, where two biases of a layer are rows of one tensor. */
export function kerasWeights(layer: string, stored: readonly OracleTensor[]): readonly OracleTensor[] {
  const offsets = stored.filter(({ name }) => /^bias_[ih]h$/.test(name));
  const others = stored.filter((tensor) => !offsets.includes(tensor));
  const [first] = offsets;
  return [
    ...others.map((tensor) => kerasWeight(layer, tensor)),
    ...(first
      ? [{ name: 'bias', shape: [offsets.length, ...first.shape], data: offsets.flatMap(({ data }) => data) }]
      : []),
  ];
}

/** One trained tensor of a layer in the layout of Keras: kernels of convolutions have their channels last. */
export const kerasWeight = (layer: string, tensor: OracleTensor): OracleTensor =>
  /^conv/.test(layer) && tensor.name === 'kernel'
    ? turned(tensor, tensor.shape, convolutionKernel(tensor.shape.length))
    : tensor;

function turned(tensor: OracleTensor, shape: readonly number[], axes: readonly number[]): OracleTensor {
  const { shape: moved, data } = place(tensor, { shape, axes });
  return { name: tensor.name, shape: moved, data: Array.from(data) };
}

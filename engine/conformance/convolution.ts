/** The oracle's convolution, transposed convolution, pooling and linear cases on our layers. */
import { channelsLast, convolutionKernel, denseKernel } from '../export/layout.ts';
import { type LayerCase, runnerOf } from './layerCase.ts';
import type { OracleCase } from './oracle.ts';

type Mapping = (oracleCase: OracleCase) => LayerCase | undefined;
type Config = OracleCase['config'];

const numbers = (value: Config[string]): number[] => value as number[];

/** The same number before and after, or a word such as "same". */
function paddingOf(config: Config): unknown {
  const { padding } = config;
  if (typeof padding === 'string') return padding;
  const sides = numbers(padding).map((size) => [size, size]);
  return sides.length === 1 ? sides[0] : sides;
}

/** A single number for sequences, a pair for images. */
const along = (value: Config[string]): unknown => (numbers(value).length === 1 ? numbers(value)[0] : value);

const convolution =
  (rank: number): Mapping =>
  ({ config, params }) => {
    const groups = Number(config.groups);
    const depthwise = rank === 4 && groups > 1 && groups === config.in_channels;
    const bias = params.find(({ name }) => name === 'bias');
    const own = depthwise
      ? { multiplier: Number(config.out_channels) / groups }
      : { filters: config.out_channels, groups };
    return {
      type: depthwise ? 'depthwiseConv2d' : rank === 4 ? 'conv2d' : 'conv1d',
      attributes: {
        ...own,
        kernelSize: along(config.kernel),
        stride: along(config.stride),
        dilation: along(config.dilation),
        padding: paddingOf(config),
        useBias: bias !== undefined,
      },
      inputs: [{ tensor: 'x', axes: channelsLast(rank) }],
      parameters: {
        kernel: { tensor: 'weight', axes: convolutionKernel(rank) },
        ...(bias ? { bias: { tensor: 'bias' } } : {}),
      },
      output: { axes: channelsLast(rank) },
    };
  };

/** A sequence is taken as an image of height 1. */
const transposed: Mapping = ({ config, inputs: [x], params, outputs: [y] }) => {
  const weight = params[0];
  const asImage = ([first, second, ...rest]: readonly number[]): number[] => [
    first,
    second,
    ...(rest.length === 1 ? [1, ...rest] : rest),
  ];
  const pair = (value: Config[string], missing: number): number[] =>
    numbers(value).length === 1 ? [missing, ...numbers(value)] : numbers(value);
  const hasBias = params.some(({ name }) => name === 'bias');
  return {
    type: 'convTranspose2d',
    attributes: {
      filters: config.out_channels,
      kernelSize: pair(config.kernel, 1),
      stride: pair(config.stride, 1),
      dilation: pair(config.dilation, 1),
      outputPadding: pair(config.output_padding, 0),
      padding: pair(config.padding, 0).map((size) => [size, size]),
      groups: config.groups,
      useBias: hasBias,
    },
    inputs: [{ tensor: x.name, shape: asImage(x.shape), axes: channelsLast(4) }],
    parameters: {
      kernel: { tensor: weight.name, shape: asImage(weight.shape), axes: convolutionKernel(4) },
      ...(hasBias ? { bias: { tensor: 'bias' } } : {}),
    },
    output: { shape: asImage(y.shape), axes: channelsLast(4) },
  };
};

const pooling =
  (type: string, rank: number): Mapping =>
  ({ config }) => ({
    type,
    attributes: {
      poolSize: along(config.kernel),
      stride: along(config.stride),
      padding: paddingOf(config),
      ceilMode: config.ceil_mode,
      ...(config.dilation === undefined ? {} : { dilation: along(config.dilation) }),
      ...(config.count_include_pad === undefined ? {} : { countPadding: config.count_include_pad }),
    },
    inputs: [{ tensor: 'x', axes: channelsLast(rank) }],
    output: { axes: channelsLast(rank) },
  });

const globalPooling =
  (type: string, rank: number): Mapping =>
  () => ({ type, inputs: [{ tensor: 'x', axes: channelsLast(rank) }], output: {} });

/** Windows of different sizes are what averagePool2d does not have; where all are equal, it serves. */
const adaptivePooling =
  (type: string, rank: number): Mapping =>
  ({ config, inputs: [x] }) => {
    const wanted = numbers(config.output_size);
    const sizes = x.shape.slice(2);
    if (sizes.some((size, i) => size % wanted[i] !== 0)) return undefined;
    const window = sizes.map((size, i) => size / wanted[i]);
    return {
      type,
      attributes: { poolSize: along(window) },
      inputs: [{ tensor: 'x', axes: channelsLast(rank) }],
      output: { axes: channelsLast(rank) },
    };
  };

const linear: Mapping = ({ config, params }) => {
  const hasBias = params.some(({ name }) => name === 'bias');
  return {
    type: 'dense',
    attributes: { units: config.out_features, useBias: hasBias },
    inputs: [{ tensor: 'x' }],
    parameters: {
      kernel: { tensor: 'weight', axes: denseKernel },
      ...(hasBias ? { bias: { tensor: 'bias' } } : {}),
    },
    output: {},
  };
};

export const runConvolutionCase = runnerOf({
  conv1d: convolution(3),
  conv2d: convolution(4),
  conv_transpose1d: transposed,
  conv_transpose2d: transposed,
  max_pool1d: pooling('maxPool1d', 3),
  max_pool2d: pooling('maxPool2d', 4),
  avg_pool1d: pooling('averagePool1d', 3),
  avg_pool2d: pooling('averagePool2d', 4),
  global_avg_pool1d: globalPooling('globalAveragePool', 3),
  global_avg_pool2d: globalPooling('globalAveragePool', 4),
  global_max_pool1d: globalPooling('globalMaxPool', 3),
  global_max_pool2d: globalPooling('globalMaxPool', 4),
  adaptive_avg_pool1d: adaptivePooling('averagePool1d', 3),
  adaptive_avg_pool2d: adaptivePooling('averagePool2d', 4),
  adaptive_max_pool1d: adaptivePooling('maxPool1d', 3),
  adaptive_max_pool2d: adaptivePooling('maxPool2d', 4),
  linear,
});

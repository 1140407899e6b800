/** ONNX's convolutions and poolings on our layers. */
import { channelsLast, convolutionKernel } from '../../export/layout.ts';
import { reachOf, windowAlong } from '../../kernels/window.ts';
import type { LayerCase } from '../layerCase.ts';
import type { OnnxMapping, OnnxNode } from './case.ts';

type Pair = readonly [number, number];

interface Windows {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  /** A word, or before and after along each axis. */
  readonly padding: 'valid' | 'same' | readonly Pair[];
}

function windowsOf(
  { attributes }: OnnxNode,
  sizes: readonly number[],
  kernelShape?: readonly number[],
): Windows {
  const each = (name: string): readonly number[] =>
    (attributes[name] as number[] | undefined) ?? sizes.map(() => 1);
  const kernel = (attributes.kernel_shape as number[] | undefined) ?? kernelShape ?? [];
  const stride = each('strides');
  const dilation = each('dilations');
  const pads = (attributes.pads as number[] | undefined) ?? sizes.flatMap(() => [0, 0]);
  const explicit = sizes.map((_, i): Pair => [pads[i], pads[i + sizes.length]]);
  // SAME_LOWER puts the odd cell before, which our "same" puts after.
  const lower = sizes.map((input, i): Pair => {
    const along = { input, kernel: kernel[i], stride: stride[i], dilation: dilation[i] };
    const { before, after } = windowAlong({ ...along, padding: 'same' });
    return [after, before];
  });
  const automatic: { readonly [mode: string]: Windows['padding'] } = {
    SAME_UPPER: 'same',
    SAME_LOWER: lower,
    VALID: 'valid',
  };
  return { kernel, stride, dilation, padding: automatic[String(attributes.auto_pad)] ?? explicit };
}

/** A single number for sequences, a pair for images. */
const along = <T>(values: readonly T[] | string): unknown =>
  typeof values === 'string' || values.length > 1 ? values : values[0];

/** Sequences and images; three axes are more than any layer takes. */
const spatialSizes = ({ inputs: [x] }: OnnxNode): readonly number[] | undefined =>
  x && (x.shape.length === 3 || x.shape.length === 4) ? x.shape.slice(2) : undefined;

const convolution: OnnxMapping = (node) => {
  const [x, weight, bias] = node.inputs;
  const sizes = spatialSizes(node);
  if (!x || !weight || !sizes) return undefined;
  const { kernel, stride, dilation, padding } = windowsOf(node, sizes, weight.shape.slice(2));
  const layout = { axes: channelsLast(x.shape.length) };
  return {
    type: sizes.length === 2 ? 'conv2d' : 'conv1d',
    attributes: {
      filters: weight.shape[0],
      kernelSize: along(kernel),
      stride: along(stride),
      dilation: along(dilation),
      padding: along(padding),
      groups: node.attributes.group ?? 1,
      useBias: bias !== undefined,
    },
    inputs: [{ tensor: x.name, ...layout }],
    parameters: {
      kernel: { tensor: weight.name, axes: convolutionKernel(x.shape.length) },
      ...(bias ? { bias: { tensor: bias.name } } : {}),
    },
    output: layout,
  };
};

/** What is taken off before and after, or added after where less than nothing would be taken off. */
function growthOf({ attributes }: OnnxNode, sizes: readonly number[], windows: Windows) {
  const { kernel, stride, dilation, padding } = windows;
  const extra = (attributes.output_padding as number[] | undefined) ?? sizes.map(() => 0);
  const wanted = attributes.output_shape as number[] | undefined;
  if (!wanted) return { padding, outputPadding: extra };
  const totals = sizes.map(
    (size, i) =>
      stride[i] * (size - 1) + extra[i] + reachOf(kernel[i], dilation[i]) - wanted.slice(-sizes.length)[i],
  );
  const upper = attributes.auto_pad === 'SAME_UPPER';
  const halves = totals.map((total) => Math.floor(Math.max(total, 0) / 2));
  return {
    padding: totals.map((total, i): Pair => {
      const taken = Math.max(total, 0);
      return upper ? [halves[i], taken - halves[i]] : [taken - halves[i], halves[i]];
    }),
    outputPadding: totals.map((total, i) => extra[i] + Math.max(-total, 0)),
  };
}

/** A sequence is taken as an image of height 1. */
const transposedConvolution: OnnxMapping = (node) => {
  const [x, weight, bias] = node.inputs;
  const sizes = spatialSizes(node);
  if (!x || !weight || !sizes) return undefined;
  const windows = windowsOf(node, sizes, weight.shape.slice(2));
  const { padding, outputPadding } = growthOf(node, sizes, windows);
  const sequence = sizes.length === 1;
  const pair = (values: readonly number[], missing: number): readonly number[] =>
    sequence ? [missing, ...values] : values;
  const asImage = ([first, second, ...rest]: readonly number[]): number[] =>
    sequence ? [first, second, 1, ...rest] : [first, second, ...rest];
  const group = Number(node.attributes.group ?? 1);
  const layout = { axes: channelsLast(4) };
  return {
    type: 'convTranspose2d',
    attributes: {
      filters: weight.shape[1] * group,
      kernelSize: pair(windows.kernel, 1),
      stride: pair(windows.stride, 1),
      dilation: pair(windows.dilation, 1),
      padding: typeof padding === 'string' || !sequence ? padding : [[0, 0], ...padding],
      outputPadding: pair(outputPadding, 0),
      groups: group,
      useBias: bias !== undefined,
    },
    inputs: [{ tensor: x.name, shape: asImage(x.shape), ...layout }],
    parameters: {
      kernel: { tensor: weight.name, shape: asImage(weight.shape), axes: convolutionKernel(4) },
      ...(bias ? { bias: { tensor: bias.name } } : {}),
    },
    output: { shape: asImage(node.outputs[0].shape), ...layout },
  };
};

const pooling =
  (images: string, sequences: string): OnnxMapping =>
  (node) => {
    const [x] = node.inputs;
    const sizes = spatialSizes(node);
    if (!x || !sizes) return undefined;
    const { kernel, stride, dilation, padding } = windowsOf(node, sizes);
    const layout = { axes: channelsLast(x.shape.length) };
    const { ceil_mode: ceilMode, count_include_pad: countPadding } = node.attributes;
    return {
      type: sizes.length === 2 ? images : sequences,
      attributes: {
        poolSize: along(kernel),
        stride: along(stride),
        dilation: along(dilation),
        padding: along(padding),
        ceilMode: ceilMode === 1,
        ...(countPadding === undefined ? {} : { countPadding: countPadding === 1 }),
      },
      inputs: [{ tensor: x.name, ...layout }],
      output: layout,
    };
  };

/** ONNX keeps the pooled axes with size 1. */
const globalPooling =
  (type: string): OnnxMapping =>
  ({ inputs: [x] }): LayerCase | undefined =>
    x && {
      type,
      inputs: [{ tensor: x.name, axes: channelsLast(x.shape.length) }],
      output: { shape: x.shape.slice(0, 2) },
    };

export const windowMappings: { readonly [op: string]: OnnxMapping } = {
  AveragePool: pooling('averagePool2d', 'averagePool1d'),
  Conv: convolution,
  ConvTranspose: transposedConvolution,
  GlobalAveragePool: globalPooling('globalAveragePool'),
  GlobalMaxPool: globalPooling('globalMaxPool'),
  MaxPool: pooling('maxPool2d', 'maxPool1d'),
};

/**
 * Single layers computed by Keras in float32: output, and the gradients of twice the output's sum, of inputs and
 * weights. Images lie channels first, sequences of convolutions as [batch, channels, 1, time].
 */
import { channelsLast, convolutionKernel } from '../export/layout.ts';
import type { Backend } from '../kernels/backend.ts';
import type { Json } from '../schema/attributes.ts';
import { type LayerCase, place, runLayerCase } from './layerCase.ts';
import type { Comparison, OracleTensor, Precision, Unsupported } from './oracle.ts';

export interface KerasCase {
  readonly name: string;
  readonly layer: string;
  readonly config: { readonly [name: string]: Json };
  readonly inputs: readonly OracleTensor[];
  readonly weights: readonly OracleTensor[];
  readonly outputs: readonly OracleTensor[];
  readonly output_grad_constant: number;
  readonly weight_grads: readonly OracleTensor[];
  readonly input_grads: readonly OracleTensor[];
}

type Mapping = (kerasCase: KerasCase) => LayerCase | undefined;

const along = (value: Json | undefined): unknown => {
  const sizes = value as readonly number[];
  return sizes.length === 1 ? sizes[0] : sizes;
};

const has = ({ weights }: KerasCase, weight: string): boolean => weights.some(({ name }) => name === weight);

/** `type` on tensors of `rank`, in which the height 1 of a sequence is left out. */
const convolution =
  (type: string, rank: 3 | 4): Mapping =>
  (kerasCase) => {
    const { config, inputs, outputs } = kerasCase;
    const seen = (shape: readonly number[]): number[] =>
      rank === 4 ? [...shape] : [shape[0], shape[1], shape[shape.length - 1]];
    const useBias = has(kerasCase, 'bias');
    return {
      type,
      attributes: {
        filters: config.filters,
        kernelSize: along(config.kernel),
        stride: along(config.strides),
        dilation: along(config.dilation),
        padding: config.padding,
        useBias,
      },
      inputs: [{ tensor: inputs[0].name, shape: seen(inputs[0].shape), axes: channelsLast(rank) }],
      parameters: {
        kernel: { tensor: 'kernel', axes: convolutionKernel(rank) },
        ...(useBias ? { bias: { tensor: 'bias' } } : {}),
      },
      output: { shape: seen(outputs[0].shape), axes: channelsLast(rank) },
    };
  };

const dense: Mapping = (kerasCase) => {
  const useBias = has(kerasCase, 'bias');
  return {
    type: 'dense',
    attributes: { units: kerasCase.config.units, useBias },
    inputs: [{ tensor: kerasCase.inputs[0].name }],
    parameters: { kernel: { tensor: 'kernel' }, ...(useBias ? { bias: { tensor: 'bias' } } : {}) },
    output: {},
  };
};

const scaling = (kerasCase: KerasCase): Pick<LayerCase, 'attributes' | 'parameters'> => ({
  attributes: {
    epsilon: kerasCase.config.epsilon,
    scale: has(kerasCase, 'gamma'),
    center: has(kerasCase, 'beta'),
  },
  parameters: Object.fromEntries(
    ['gamma', 'beta'].filter((name) => has(kerasCase, name)).map((name) => [name, { tensor: name }]),
  ),
});

const batchNorm: Mapping = (kerasCase) => {
  const [{ name, shape }] = kerasCase.inputs;
  const layout = shape.length > 2 ? { axes: channelsLast(shape.length) } : {};
  const running = (weight: string) => {
    const tensor = kerasCase.weights.find((candidate) => candidate.name === weight);
    return tensor ? place(tensor, {}).data : new Float64Array(0);
  };
  const { attributes, parameters } = scaling(kerasCase);
  return {
    type: 'batchNorm',
    attributes: { ...attributes, momentum: kerasCase.config.momentum },
    training: kerasCase.config.training === true,
    inputs: [{ tensor: name, ...layout }],
    ...(parameters ? { parameters } : {}),
    state: { runningMean: running('moving_mean'), runningVariance: running('moving_variance') },
    output: layout,
  };
};

/** The axes that are normalized are brought to the end, where layerNorm has them. */
const layerNorm: Mapping = (kerasCase) => {
  const [{ name, shape }] = kerasCase.inputs;
  const normalized = kerasCase.config.axes as readonly number[];
  const others = shape.map((_, axis) => axis).filter((axis) => !normalized.includes(axis));
  const { attributes, parameters } = scaling(kerasCase);
  const layout = { axes: [...others, ...normalized] };
  return {
    type: 'layerNorm',
    attributes: { ...attributes, axes: normalized.length },
    inputs: [{ tensor: name, ...layout }],
    ...(parameters ? { parameters } : {}),
    output: layout,
  };
};

const pooling: Mapping = ({ config, inputs: [{ name, shape }] }) => {
  const type = { avg: 'averagePool', max: 'maxPool' }[`${config.kind}`];
  if (!type) return undefined;
  const layout = { axes: channelsLast(shape.length) };
  return {
    type: `${type}${shape.length - 2}d`,
    attributes: {
      poolSize: along(config.pool),
      stride: along(config.strides),
      padding: config.padding,
      // Keras never counts padded cells.
      ...(config.kind === 'avg' ? { countPadding: false } : {}),
    },
    inputs: [{ tensor: name, ...layout }],
    output: layout,
  };
};

const globalPooling =
  (type: string): Mapping =>
  ({ inputs: [{ name, shape }], outputs: [output] }) => ({
    type,
    inputs: [{ tensor: name, axes: channelsLast(shape.length) }],
    output: { shape: output.shape.slice(0, 2) },
  });

const elementwise =
  (type: string): Mapping =>
  ({ inputs: [{ name }] }) => ({ type, inputs: [{ tensor: name }], output: {} });

/** Keras' gates lie as ours do. */
const recurrent =
  (type: string): Mapping =>
  (kerasCase) => {
    const { config } = kerasCase;
    const gated = type !== 'simpleRnn';
    if (gated && (config.activation !== 'tanh' || config.recurrent_activation !== 'sigmoid'))
      return undefined;
    const names = { kernel: 'kernel', recurrentKernel: 'recurrent_kernel' };
    const offsets: { readonly [ours: string]: string } = has(kerasCase, 'bias_hh')
      ? { bias: 'bias_ih', recurrentBias: 'bias_hh' }
      : has(kerasCase, 'bias')
        ? { bias: 'bias' }
        : {};
    return {
      type,
      attributes: {
        hiddenSize: config.units,
        returnSequences: config.return_sequences,
        useBias: Object.keys(offsets).length > 0,
        ...(gated ? {} : { activation: config.activation }),
        ...(type === 'gru' ? { resetAfter: config.reset_after } : {}),
      },
      inputs: [{ tensor: kerasCase.inputs[0].name }],
      parameters: Object.fromEntries(
        Object.entries({ ...names, ...offsets }).map(([ours, tensor]) => [ours, { tensor }]),
      ),
      output: {},
    };
  };

const mappings: { readonly [layer: string]: Mapping } = {
  batch_norm: batchNorm,
  conv1d: convolution('conv1d', 3),
  conv2d: convolution('conv2d', 4),
  dense,
  global_avg: globalPooling('globalAveragePool'),
  global_max: globalPooling('globalMaxPool'),
  gru: recurrent('gru'),
  layer_norm: layerNorm,
  lstm: recurrent('lstm'),
  pool1d: pooling,
  pool2d: pooling,
  relu: elementwise('relu'),
  rnn: recurrent('simpleRnn'),
  sigmoid: elementwise('sigmoid'),
  simple_rnn: recurrent('simpleRnn'),
  softmax: elementwise('softmax'),
  tanh: elementwise('tanh'),
};

export function runKerasCase(
  kerasCase: KerasCase,
  precision: Precision,
  backend?: Backend,
): readonly Comparison[] | Unsupported {
  const { name, layer, config, inputs, weights, outputs, weight_grads, input_grads } = kerasCase;
  const mapping = Object.hasOwn(mappings, layer) ? mappings[layer](kerasCase) : undefined;
  if (!mapping)
    return {
      unsupported: Object.hasOwn(mappings, layer)
        ? `${layer}: no layer has the configuration ${JSON.stringify(config)}`
        : `${layer}: no such layer`,
    };
  const gradient = ({ name, shape, data }: OracleTensor): OracleTensor => ({
    name,
    shape,
    data: data.map(() => kerasCase.output_grad_constant),
  });
  return runLayerCase(
    {
      id: name,
      op: layer,
      config,
      inputs,
      params: weights,
      outputs,
      output_grads: outputs.map(gradient),
      input_grads,
      param_grads: weight_grads,
    },
    mapping,
    precision,
    backend,
  );
}

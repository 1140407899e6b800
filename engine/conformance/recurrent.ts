/**
 * The oracle's recurrent networks: PyTorch's modules, of several layers and directions, and Keras' layers. A case becomes
 * a stack of our layers, each reading the one below; its tensors are compared as they lie in ours.
 */

import type { Backend } from '../kernels/backend.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import type { Tensor } from '../kernels/tensor.ts';
import { gateBias, gateKernel, gateOrder } from '../layers/frameworks/layout.ts';
import { layers } from '../layers/registry.ts';
import { StandaloneLayer } from '../layers/standalone.ts';
import { place } from './layerCase.ts';
import type { CaseRunner, Comparison, OracleCase, OracleTensor, Precision, Unsupported } from './oracle.ts';

/** One of our parameters: the sum of the case's tensors, each brought into our order. */
interface Parameter {
  readonly name: string;
  readonly tensors: readonly string[];
  readonly convert: (data: Float64Array) => Float64Array;
}

/** A tensor of the case in our layout: values alike, gradients of outputs collected where a step is held. */
type Sequence = (tensor: OracleTensor, collect: boolean) => Tensor;

interface Network {
  readonly type: 'simpleRnn' | 'lstm' | 'gru';
  readonly attributes: { readonly [name: string]: unknown };
  readonly hiddenSize: number;
  readonly directions: number;
  readonly lengths?: readonly number[];
  readonly input: Sequence;
  readonly output: Sequence;
  /** Parameters of each layer, from the input upwards. */
  readonly stack: readonly (readonly Parameter[])[];
}

const kinds = { rnn: 'simpleRnn', simple_rnn: 'simpleRnn', lstm: 'lstm', gru: 'gru' } as const;

export const runRecurrentCase: CaseRunner = (oracleCase, precision, backend) => {
  const [, keras, kind] = /^(keras_)?(simple_rnn|rnn|lstm|gru)(?:_tbptt)?$/.exec(oracleCase.op) ?? [];
  if (!kind) return { unsupported: `${oracleCase.op}: no such layer` };
  const type = kinds[kind as keyof typeof kinds];
  const network = keras ? kerasNetwork(oracleCase, type) : pytorchNetwork(oracleCase, type);
  return 'unsupported' in network ? network : runNetwork(oracleCase, network, precision, backend);
};

interface PytorchConfig {
  readonly hidden_size: number;
  readonly num_layers?: number;
  readonly bidirectional?: boolean;
  readonly batch_first?: boolean;
  readonly bias?: boolean;
  readonly nonlinearity?: string;
  readonly lengths?: readonly number[] | null;
  /** Of truncated back-propagation. */
  readonly segment?: number;
  /** Size of the state after a projection. */
  readonly proj_size?: number;
}

function pytorchNetwork(oracleCase: OracleCase, type: Network['type']): Network | Unsupported {
  const config = oracleCase.config as unknown as PytorchConfig;
  if (config.proj_size) return { unsupported: `${oracleCase.op} with projected states` };
  const { hidden_size: hiddenSize, num_layers: count = 1, bidirectional = false, bias = true } = config;
  const directions = bidirectional ? 2 : 1;
  const features = named(oracleCase.inputs, 'x').shape[2];
  const order = gateOrder[type].pytorch;
  const parameters = (layer: number, direction: number): Parameter[] => {
    const theirs = `l${layer}${direction === 0 ? '' : '_reverse'}`;
    const ours = (name: string): string =>
      direction === 0 ? name : `backward${name[0].toUpperCase()}${name.slice(1)}`;
    const inputs = layer === 0 ? features : directions * hiddenSize;
    const kernel = (name: string, tensor: string, width: number): Parameter => ({
      name: ours(name),
      tensors: [`${tensor}_${theirs}`],
      convert: (data) => gateKernel(data, width, order),
    });
    const offset = (name: string, ...tensors: string[]): Parameter => ({
      name: ours(name),
      tensors: tensors.map((tensor) => `${tensor}_${theirs}`),
      convert: (data) => gateBias(data, order),
    });
    const offsets =
      type === 'gru'
        ? [offset('bias', 'bias_ih'), offset('recurrentBias', 'bias_hh')]
        : [offset('bias', 'bias_ih', 'bias_hh')];
    return [
      kernel('kernel', 'weight_ih', inputs),
      kernel('recurrentKernel', 'weight_hh', hiddenSize),
      ...(bias ? offsets : []),
    ];
  };
  const sequence: Sequence = (tensor) =>
    place(tensor, config.batch_first === false ? { axes: [1, 0, 2] } : {});
  return {
    type,
    attributes: {
      bidirectional,
      useBias: bias,
      ...(config.nonlinearity ? { activation: config.nonlinearity } : {}),
      ...(config.segment ? { truncate: config.segment } : {}),
    },
    hiddenSize,
    directions,
    ...(config.lengths ? { lengths: config.lengths } : {}),
    input: sequence,
    output: sequence,
    stack: Array.from({ length: count }, (_, layer) =>
      Array.from({ length: directions }, (_, direction) => parameters(layer, direction)).flat(),
    ),
  };
}

interface KerasConfig {
  readonly units: number;
  readonly activation: string;
  readonly recurrent_activation: string;
  readonly mask: readonly (readonly number[])[] | null;
  readonly go_backwards: boolean;
  readonly reset_after?: boolean;
}

function kerasNetwork(oracleCase: OracleCase, type: Network['type']): Network | Unsupported {
  const config = oracleCase.config as unknown as KerasConfig;
  const { activation, mask, go_backwards: goBackwards, reset_after: resetAfter } = config;
  const fixed = type !== 'simpleRnn' && (activation !== 'tanh' || config.recurrent_activation !== 'sigmoid');
  if (fixed) return { unsupported: `${type} with activations other than tanh and sigmoid` };
  const same = (name: string, tensor: string): Parameter => ({
    name,
    tensors: [tensor],
    convert: (data) => data,
  });
  const half = (name: string, index: number): Parameter => ({
    name,
    tensors: ['bias'],
    convert: (data) => data.slice((index * data.length) / 2, ((index + 1) * data.length) / 2),
  });
  const taken = goBackwards ? mask?.map((row) => [...row].reverse()) : mask;
  return {
    type,
    attributes: {
      goBackwards,
      ...(type === 'simpleRnn' ? { activation } : {}),
      ...(type === 'gru' ? { resetAfter } : {}),
    },
    hiddenSize: config.units,
    directions: 1,
    ...(mask ? { lengths: mask.map((row) => row.filter((real) => real === 1).length) } : {}),
    input: (tensor) => packSteps(place(tensor, {}), mask ?? undefined, false),
    output: (tensor, collect) => packSteps(place(tensor, {}), taken ?? undefined, collect),
    stack: [
      [
        same('kernel', 'kernel'),
        same('recurrentKernel', 'recurrent_kernel'),
        ...(resetAfter ? [half('bias', 0), half('recurrentBias', 1)] : [same('bias', 'bias')]),
      ],
    ],
  };
}

/**
 * Moves the steps a mask leaves to the front. Keras repeats the last output over a masked step; with `collect`, what
 * stands at such repeats (their gradient) is added to the step that is repeated.
 */
function packSteps(
  { shape, data }: Tensor,
  mask: readonly (readonly number[])[] | undefined,
  collect: boolean,
): Tensor {
  if (!mask) return { shape, data };
  const [, time, width] = shape;
  const packed = new Float64Array(data.length);
  mask.forEach((row, sample) => {
    let step = -1;
    row.forEach((real, t) => {
      if (real) step++;
      if (step < 0 || !(real || collect)) return;
      for (let i = 0; i < width; i++)
        packed[(sample * time + step) * width + i] += data[(sample * time + t) * width + i];
    });
  });
  return { shape, data: packed };
}

function runNetwork(
  oracleCase: OracleCase,
  network: Network,
  precision: Precision,
  backend?: Backend,
): readonly Comparison[] {
  const stack = buildStack(oracleCase, network, precision, backend);
  stack.forEach((layer, index) => {
    if (index > 0) layer.pass.input.data.set(stack[index - 1].pass.output.data);
    layer.forward();
  });
  const top = stack[stack.length - 1].pass;
  top.gradOutput.data.set(network.output(named(oracleCase.output_grads, 'y'), true).data);
  for (const [index, { pass }] of [...stack.entries()].reverse()) {
    for (const { tensor, gradient } of finalStates(pass, oracleCase.output_grads))
      gradient.data.set(stateOf(tensor, index, network));
    stack[index].backward();
    if (index > 0) stack[index - 1].pass.gradOutput.data.set(pass.gradInputs[0]!.data);
  }
  return compareStack(oracleCase, network, stack);
}

/** The layers with the case's numbers filled in. */
function buildStack(
  { inputs, params }: OracleCase,
  network: Network,
  precision: Precision,
  { kernels, allocate }: Backend = referenceBackend,
): StandaloneLayer[] {
  const { type, attributes, hiddenSize, directions, lengths } = network;
  const input = network.input(named(inputs, 'x'), false);
  const [batch, time, features] = input.shape;
  const width = directions * hiddenSize;
  const initials = initialStates(inputs);
  return network.stack.map((parameters, index) => {
    const layer = new StandaloneLayer({
      definition: layers.get(type),
      attributes: { ...attributes, hiddenSize, returnSequences: true },
      inputs: [[time, index === 0 ? features : width], ...initials.map(() => [width])],
      batch,
      float: precision,
      kernels,
      allocate,
      ...(lengths ? { lengths } : {}),
    });
    const { pass } = layer;
    for (const { name, tensors, convert } of parameters) {
      const values = (pass.parameters as Tensors)[name].data;
      for (const tensor of tensors)
        for (const [i, value] of convert(numbers(named(params, tensor))).entries()) values[i] += value;
    }
    if (index === 0) pass.input.data.set(input.data);
    for (const [i, tensor] of initials.entries())
      pass.inputs[i + 1].data.set(stateOf(tensor, index, network));
    return layer;
  });
}

function compareStack(
  { inputs, outputs, input_grads, param_grads }: OracleCase,
  network: Network,
  stack: readonly StandaloneLayer[],
): readonly Comparison[] {
  const output = network.output(named(outputs, 'y'), false);
  const gradInput = network.input(named(input_grads, 'x'), false);
  return [
    { name: 'output', found: stack[stack.length - 1].pass.output.data, expected: output.data },
    { name: 'gradient of x', found: stack[0].pass.gradInput!.data, expected: gradInput.data },
    ...stack.flatMap(({ pass }, index) => [
      ...finalStates(pass, outputs).map(({ tensor, values }) => ({
        name: `${tensor.name} of layer ${index}`,
        found: values.data,
        expected: stateOf(tensor, index, network),
      })),
      ...initialStates(inputs).map(({ name }, i) => ({
        name: `gradient of ${name} of layer ${index}`,
        found: pass.gradInputs[i + 1]!.data,
        expected: stateOf(named(input_grads, name), index, network),
      })),
      ...network.stack[index].flatMap(({ name, tensors, convert }) =>
        tensors.map((tensor) => ({
          name: `gradient of ${tensor}`,
          found: (pass.gradParameters as Tensors)[name].data,
          expected: convert(numbers(named(param_grads, tensor))),
        })),
      ),
    ]),
  ];
}

/** In the order of our ports. */
const initialStates = (inputs: readonly OracleTensor[]): OracleTensor[] =>
  ['h0', 'c0'].flatMap((name) => inputs.filter((tensor) => tensor.name === name));

/** Our final states with the case's tensor of each, where it has one. */
function finalStates(
  pass: StandaloneLayer['pass'],
  tensors: readonly OracleTensor[],
): { readonly tensor: OracleTensor; readonly values: Tensor; readonly gradient: Tensor }[] {
  const values = pass.extraOutputs as Tensors;
  const gradients = pass.gradExtraOutputs as Tensors;
  const names: readonly (readonly [string, string])[] = [
    ['hidden', 'hn'],
    ['cell', 'cn'],
  ];
  return names.flatMap(([ours, theirs]) =>
    tensors
      .filter((tensor) => tensor.name === theirs && values[ours])
      .map((tensor) => ({ tensor, values: values[ours], gradient: gradients[ours] })),
  );
}

/** Of states [layers · directions, batch, hidden], one layer's with its directions side by side: [batch, directions · hidden]. */
function stateOf(tensor: OracleTensor, layer: number, { directions, hiddenSize }: Network): Float64Array {
  const data = numbers(tensor);
  const batch = tensor.shape[tensor.shape.length - 2];
  const state = new Float64Array(batch * directions * hiddenSize);
  for (let b = 0, n = 0; b < batch; b++)
    for (let direction = 0; direction < directions; direction++)
      for (let i = 0; i < hiddenSize; i++, n++)
        state[n] = data[((layer * directions + direction) * batch + b) * hiddenSize + i];
  return state;
}

type Tensors = { readonly [name: string]: Tensor };

const numbers = (tensor: OracleTensor): Float64Array => Float64Array.from(tensor.data, Number);

function named(tensors: readonly OracleTensor[], name: string): OracleTensor {
  const found = tensors.find((tensor) => tensor.name === name);
  if (!found) throw new Error(`the case has no tensor "${name}"`);
  return found;
}

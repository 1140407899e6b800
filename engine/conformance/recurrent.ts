/**
 * The oracle's recurrent networks: PyTorch's modules, of several layers and directions, and Keras' layers. A case becomes a stack
 * of layers, each of which reads the one below. Its tensors are compared in Netloom's layout.
 */

import type { Backend } from '../kernels/backend.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import type { Tensor } from '../kernels/tensor.ts';
import type { StandaloneLayer } from '../layers/standalone.ts';
import { mapValues } from '../schema/objects.ts';
import { kerasAttributes, kerasName } from './kerasWords.ts';
import { type LayerCase, place } from './layerCase.ts';
import { openLayer, type Tensors } from './layerUse.ts';
import { knowsOperator, layerCasesOf } from './operators.ts';
import {
  type CaseRunner,
  type Comparison,
  named,
  numbersOf,
  type OracleCase,
  type OracleTensor,
  type Precision,
  shaped,
} from './oracle.ts';

/** Converts a tensor of the case to Netloom's layout. With `collect`, it adds up the gradients of outputs of a repeated step. */
type Sequence = (tensor: OracleTensor, collect: boolean) => Tensor;

interface Network {
  readonly type: string;
  readonly attributes: { readonly [name: string]: unknown };
  readonly hiddenSize: number;
  readonly directions: number;
  readonly lengths?: readonly number[];
  readonly input: Sequence;
  readonly output: Sequence;
  /** Parameters of each layer, from the input upwards. */
  readonly stack: readonly NonNullable<LayerCase['parameters']>[];
}

export const runRecurrentCase: CaseRunner = (oracleCase, precision, backend) => {
  const [, keras, kind] = /^(keras_)?(\w+?)(?:_tbptt)?$/.exec(oracleCase.op) ?? [];
  const name = keras ? kerasName(kind, {}, 1) : kind;
  if (!name || !knowsOperator(keras ? 'keras' : 'pytorch', name))
    return { unsupported: `${oracleCase.op}: no such layer` };
  const network = keras ? kerasNetwork(oracleCase, name) : pytorchNetwork(oracleCase, name);
  return network
    ? runNetwork(oracleCase, network, precision, backend)
    : {
        unsupported: `${oracleCase.op}: no layer has the configuration ${JSON.stringify(oracleCase.config)}`,
      };
};

interface PytorchConfig {
  readonly hidden_size: number;
  readonly num_layers?: number;
  readonly bidirectional?: boolean;
  readonly batch_first?: boolean;
  readonly bias?: boolean;
  readonly lengths?: readonly number[] | null;
  /** Steps of truncated backpropagation. */
  readonly segment?: number;
}

/** A stack of layers, each with the tensors whose names contain its number. */
function pytorchNetwork({ config, inputs, params }: OracleCase, name: string): Network | undefined {
  const {
    hidden_size: hiddenSize,
    num_layers: count = 1,
    bidirectional = false,
    batch_first: batchFirst,
    lengths,
    segment,
  } = config as unknown as PytorchConfig;
  const directions = bidirectional ? 2 : 1;
  const sequence: Sequence = (tensor) => place(tensor, batchFirst === false ? { axes: [1, 0, 2] } : {});
  const [batch, time, features] = sequence(named(inputs, 'x'), false).shape;
  const stack = Array.from({ length: count }, (_, layer) => {
    const width = layer === 0 ? features : directions * hiddenSize;
    const own = params.map((tensor) => [tensor.name.replace(`_l${layer}`, '_l0'), tensor]);
    return layerCasesOf({
      framework: 'pytorch',
      name,
      attributes: { ...config, batch_first: true, num_layers: 1 },
      inputs: [shaped(batch, time, width)],
      tensors: Object.fromEntries(
        own.filter(([, tensor]) => (tensor as OracleTensor).name.includes(`_l${layer}`)),
      ),
      output: shaped(batch, time, directions * hiddenSize),
    })[0];
  });
  if (!stack[0]) return undefined;
  return {
    type: stack[0].type,
    attributes: { ...stack[0].attributes, ...(segment ? { truncate: segment } : {}) },
    hiddenSize,
    directions,
    ...(lengths ? { lengths } : {}),
    input: sequence,
    output: sequence,
    stack: stack.map(({ parameters = {} }) => parameters),
  };
}

interface KerasConfig {
  readonly units: number;
  readonly mask: readonly (readonly number[])[] | null;
  readonly go_backwards: boolean;
}

function kerasNetwork({ config, inputs, params }: OracleCase, name: string): Network | undefined {
  const { units, mask, go_backwards: goBackwards } = config as unknown as KerasConfig;
  const x = named(inputs, 'x');
  const [layerCase] = layerCasesOf({
    framework: 'keras',
    name,
    attributes: kerasAttributes(
      config,
      params.map((tensor) => tensor.name),
    ),
    inputs: [x],
    tensors: Object.fromEntries(params.map((tensor) => [tensor.name, tensor])),
    output: shaped(x.shape[0], units),
  });
  if (!layerCase) return undefined;
  const taken = goBackwards ? mask?.map((row) => [...row].reverse()) : mask;
  return {
    type: layerCase.type,
    attributes: layerCase.attributes ?? {},
    hiddenSize: units,
    directions: 1,
    ...(mask ? { lengths: mask.map((row) => row.filter((real) => real === 1).length) } : {}),
    input: (tensor) => packSteps(place(tensor, {}), mask ?? undefined, false),
    output: (tensor, collect) => packSteps(place(tensor, {}), taken ?? undefined, collect),
    stack: [layerCase.parameters ?? {}],
  };
}

/**
 * Moves the steps that a mask keeps to the front. At a masked step, Keras repeats the last output. With `collect`, the values at
 * these repetitions, which are gradients, are added to the step that is repeated.
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

/** The layers, with the inputs and parameters of the case. */
function buildStack(
  { inputs, params }: OracleCase,
  network: Network,
  precision: Precision,
  backend: Backend = referenceBackend,
): StandaloneLayer[] {
  const { type, attributes, hiddenSize, directions, lengths } = network;
  const input = network.input(named(inputs, 'x'), false);
  const [batch, time] = input.shape;
  const width = directions * hiddenSize;
  return network.stack.map((parameters, index) => {
    const below = index === 0 ? input : { shape: [batch, time, width], data: new Float64Array() };
    const states = initialStates(inputs).map((tensor) => ({
      shape: [batch, width],
      data: stateOf(tensor, index, network),
    }));
    return openLayer(
      {
        type,
        attributes: { ...attributes, hiddenSize, returnSequences: true },
        inputs: [below, ...states],
        parameters: mapValues(parameters, (sources) =>
          sources.map((source) => place(named(params, source.tensor), source).data),
        ),
        ...(lengths ? { lengths } : {}),
      },
      precision,
      backend,
    );
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
      ...Object.entries(network.stack[index]).flatMap(([name, sources]) =>
        sources.map((source) => ({
          name: `gradient of ${source.tensor}`,
          found: (pass.gradParameters as Tensors)[name].data,
          expected: place(named(param_grads, source.tensor), source).data,
        })),
      ),
    ]),
  ];
}

/** In the order of the layer's ports. */
const initialStates = (inputs: readonly OracleTensor[]): OracleTensor[] =>
  ['h0', 'c0'].flatMap((name) => inputs.filter((tensor) => tensor.name === name));

/** The final states of a layer with the tensor of the case for each, if it has one. */
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

/** The states of one layer, [batch, directions · hidden], from those of all, [layers · directions, batch, hidden]. */
function stateOf(tensor: OracleTensor, layer: number, { directions, hiddenSize }: Network): Float64Array {
  const data = numbersOf(tensor);
  const batch = tensor.shape[tensor.shape.length - 2];
  const state = new Float64Array(batch * directions * hiddenSize);
  for (let b = 0, n = 0; b < batch; b++)
    for (let direction = 0; direction < directions; direction++)
      for (let i = 0; i < hiddenSize; i++, n++)
        state[n] = data[((layer * directions + direction) * batch + b) * hiddenSize + i];
  return state;
}

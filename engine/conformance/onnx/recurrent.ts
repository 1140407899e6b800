/** ONNX's RNN, LSTM and GRU on our recurrent layers. */

import type { Tensor } from '../../kernels/tensor.ts';
import { gateBias, gateKernel, gateOrder } from '../../layers/frameworks/layout.ts';
import { place } from '../layerCase.ts';
import type { OracleTensor } from '../oracle.ts';
import { against, computeLayer, type NodeRunner, numbersOf, type PlacedNode } from './node.ts';

type Type = 'simpleRnn' | 'lstm' | 'gru';

const usual: { readonly [T in Type]: readonly string[] } = {
  simpleRnn: ['tanh'],
  lstm: ['sigmoid', 'tanh', 'tanh'],
  gru: ['sigmoid', 'tanh'],
};

/** The activation of a simple RNN; undefined where a layer has others, or other limits, than the node. */
function activationOf(type: Type, { attributes }: PlacedNode, directions: number): string | undefined {
  const given = attributes.activations as readonly string[] | undefined;
  const each = (given ?? []).map((name) => name.toLowerCase());
  const wanted = each.length === 0 ? usual[type] : each.slice(0, usual[type].length);
  const fixed = Array.from({ length: directions }, () => wanted).flat();
  if (each.length > 0 && each.join() !== fixed.join()) return undefined;
  if (attributes.clip !== undefined || (attributes.input_forget ?? 0) !== 0) return undefined;
  if (type === 'simpleRnn') return wanted[0] === 'tanh' || wanted[0] === 'relu' ? wanted[0] : undefined;
  return wanted.join() === usual[type].join() ? 'tanh' : undefined;
}

const part = (tensor: OracleTensor | undefined, index: number, parts: number): Float64Array => {
  const all = tensor ? numbersOf(tensor) : new Float64Array(0);
  return all.slice((index * all.length) / parts, ((index + 1) * all.length) / parts);
};

/** Our parameters of one direction. */
function parametersOf(
  type: Type,
  node: PlacedNode,
  direction: number,
  directions: number,
  sizes: { readonly features: number; readonly hidden: number },
): { [name: string]: Float64Array } {
  const [, weight, recurrent, bias] = node.inputs;
  const order = gateOrder[type].onnx;
  const halves = part(bias, direction, directions);
  const offsets = [halves.slice(0, halves.length / 2), halves.slice(halves.length / 2)];
  const [ofInput, ofState] = offsets.map((offset) => gateBias(offset, order));
  const apart = type === 'gru' && node.attributes.linear_before_reset === 1;
  const peepholes = type === 'lstm' ? node.inputs[7] : undefined;
  const parameters: { [name: string]: Float64Array } = {
    kernel: gateKernel(part(weight, direction, directions), sizes.features, order),
    recurrentKernel: gateKernel(part(recurrent, direction, directions), sizes.hidden, order),
  };
  if (bias) parameters.bias = apart ? ofInput : ofInput.map((value, i) => value + ofState[i]);
  if (bias && apart) parameters.recurrentBias = ofState;
  if (peepholes)
    parameters.peephole = gateBias(part(peepholes, direction, directions), gateOrder.peephole.onnx);
  return parameters;
}

const backwardName = (name: string): string => `backward${name[0].toUpperCase()}${name.slice(1)}`;

const recurrent =
  (type: Type): NodeRunner =>
  (node) => {
    const [x, , state, bias, lengths, hidden0, cell0] = node.inputs;
    if (!x || !state) return undefined;
    const { attributes, outputs } = node;
    const batchFirst = attributes.layout === 1;
    const direction = attributes.direction ?? 'forward';
    const directions = direction === 'bidirectional' ? 2 : 1;
    const activation = activationOf(type, node, directions);
    if (!activation) return undefined;
    const sequence = place(x, batchFirst ? {} : { axes: [1, 0, 2] });
    const [batch, time, features] = sequence.shape;
    const hidden = state.shape[2];
    const width = directions * hidden;
    const goBackwards = direction === 'reverse';
    const parameters = parametersOf(type, node, 0, directions, { features, hidden });
    if (directions === 2)
      for (const [name, values] of Object.entries(
        parametersOf(type, node, 1, directions, { features, hidden }),
      ))
        parameters[backwardName(name)] = values;
    const real = lengths ? Array.from(numbersOf(lengths)) : Array.from({ length: batch }, () => time);
    const given = type === 'lstm' ? [hidden0, cell0] : [hidden0];
    const initial = given.some((tensor) => tensor)
      ? given.map((tensor) => initialState(tensor, batchFirst, batch, width))
      : [];
    const { pass } = computeLayer(
      {
        type,
        attributes: {
          hiddenSize: hidden,
          returnSequences: true,
          useBias: bias !== undefined,
          bidirectional: directions === 2,
          goBackwards,
          ...(type === 'simpleRnn' ? { activation } : {}),
          ...(type === 'gru' ? { resetAfter: attributes.linear_before_reset === 1 } : {}),
          ...(type === 'lstm' ? { peepholes: node.inputs[7] !== undefined } : {}),
        },
        inputs: [sequence, ...initial],
        parameters,
        ...(lengths ? { lengths: real } : {}),
      },
      node,
    );
    const y = goBackwards ? inOrderOfTime(pass.output, real) : pass.output;
    const states: { readonly [name: string]: Tensor } = pass.extraOutputs;
    return [
      ...against(
        outputLike(y, [batch, time, directions, hidden], batchFirst ? [0, 1, 2, 3] : [1, 2, 0, 3]),
        outputs[0],
      ),
      ...[states.hidden, states.cell].flatMap((tensor, index) =>
        tensor
          ? against(
              outputLike(tensor, [batch, directions, hidden], batchFirst ? [0, 1, 2] : [1, 0, 2]),
              outputs[index + 1],
            )
          : [],
      ),
    ];
  };

/** [directions, batch, hidden], or batch first, with the directions side by side; zeros where none is given. */
function initialState(
  tensor: OracleTensor | undefined,
  batchFirst: boolean,
  batch: number,
  width: number,
): Tensor {
  if (!tensor) return { shape: [batch, width], data: new Float64Array(batch * width) };
  return { shape: [batch, width], data: place(tensor, batchFirst ? {} : { axes: [1, 0, 2] }).data };
}

/** Our values, seen in `shape`, in ONNX's order of axes. */
const outputLike = ({ data }: Tensor, shape: readonly number[], axes: readonly number[]): ArrayLike<number> =>
  place({ name: '', shape, data: Array.from(data) }, { axes }).data;

/** Going backwards, our outputs come in the order in which the steps are taken; ONNX's in the order of time. */
function inOrderOfTime({ shape, data }: Tensor, lengths: readonly number[]): Tensor {
  const [batch, time, width] = shape;
  const turned = data.slice();
  for (let b = 0; b < batch; b++)
    for (let t = 0; t < lengths[b]; t++)
      for (let i = 0; i < width; i++)
        turned[(b * time + lengths[b] - 1 - t) * width + i] = data[(b * time + t) * width + i];
  return { shape, data: turned };
}

export const recurrentRunners: { readonly [op: string]: NodeRunner } = {
  GRU: recurrent('gru'),
  LSTM: recurrent('lstm'),
  RNN: recurrent('simpleRnn'),
};

/** ONNX's RNN, LSTM and GRU on the recurrent layers. */

import type { FloatArray, Tensor } from '../../kernels/tensor.ts';
import { layers } from '../../layers/registry.ts';
import { counterpartsOf } from '../../schema/frameworks.ts';
import { mapValues } from '../../schema/objects.ts';
import { type Placement, place } from '../layerCase.ts';
import { layerCasesOf, operandsOf } from '../operators.ts';
import { numbersOf, type OracleTensor } from '../oracle.ts';
import { against, computeLayer, type NodeRunner } from './node.ts';

const recurrent =
  (op: string): NodeRunner =>
  (node) => {
    const [x, , state, , lengths, hidden0, cell0] = node.inputs;
    if (!x || !state) return undefined;
    const { outputs } = node;
    const { layout, ...attributes } = node.attributes;
    const batchFirst = layout === 1;
    const sequence = place(x, batchFirst ? {} : { axes: [1, 0, 2] });
    const [batch, time] = sequence.shape;
    const [layerCase] = layerCasesOf({
      framework: 'onnx',
      name: op,
      attributes: { hidden_size: state.shape[2], ...attributes },
      inputs: [{ ...x, shape: sequence.shape }],
      tensors: Object.fromEntries(operandsOf(op).map((name, index) => [name, node.inputs[index]])),
      output: x,
    });
    if (!layerCase) return undefined;
    const { type, parameters = {} } = layerCase;
    const hidden = state.shape[2];
    const directions = attributes.direction === 'bidirectional' ? 2 : 1;
    const width = directions * hidden;
    const goBackwards = attributes.direction === 'reverse';
    const values = ({ tensor: name, ...where }: Placement): FloatArray => {
      const tensor = node.inputs.find((one) => one?.name === name);
      return tensor ? place(tensor, where).data : new Float64Array(0);
    };
    const real = lengths ? Array.from(numbersOf(lengths)) : Array.from({ length: batch }, () => time);
    // All ports of the layer except the first take a state.
    const given = [hidden0, cell0].slice(0, (layers.get(type).inputs?.length ?? 1) - 1);
    const initial = given.some((tensor) => tensor)
      ? given.map((tensor) => initialState(tensor, batchFirst, batch, width))
      : [];
    const { pass } = computeLayer(
      {
        type,
        attributes: { ...layerCase.attributes, returnSequences: true },
        inputs: [sequence, ...initial],
        parameters: mapValues(parameters, (sources) => sources.map(values)),
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

/** From [directions, batch, hidden], or batch first, to [batch, directions · hidden]; zeros if there is none. */
function initialState(
  tensor: OracleTensor | undefined,
  batchFirst: boolean,
  batch: number,
  width: number,
): Tensor {
  if (!tensor) return { shape: [batch, width], data: new Float64Array(batch * width) };
  return { shape: [batch, width], data: place(tensor, batchFirst ? {} : { axes: [1, 0, 2] }).data };
}

/** Netloom's values, read in `shape`, in ONNX's order of axes. */
const outputLike = ({ data }: Tensor, shape: readonly number[], axes: readonly number[]): ArrayLike<number> =>
  place({ name: '', shape, data: Array.from(data) }, { axes }).data;

/** In the backward direction, Netloom's outputs are in the order of steps, ONNX's in the order of time. */
function inOrderOfTime({ shape, data }: Tensor, lengths: readonly number[]): Tensor {
  const [batch, time, width] = shape;
  const turned = data.slice();
  for (let b = 0; b < batch; b++)
    for (let t = 0; t < lengths[b]; t++)
      for (let i = 0; i < width; i++)
        turned[(b * time + lengths[b] - 1 - t) * width + i] = data[(b * time + t) * width + i];
  return { shape, data: turned };
}

export const recurrentRunners: { readonly [op: string]: NodeRunner } = Object.fromEntries(
  [...layers]
    .filter(({ category }) => category === 'recurrent')
    .flatMap(({ frameworks }) => counterpartsOf(frameworks, 'onnx'))
    .map(({ name }) => [name, recurrent(name)]),
);

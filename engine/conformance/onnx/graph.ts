/** Cases of several nodes: layers compute one node after the other, and the outputs of the graph are compared. */

import type { Backend } from '../../kernels/backend.ts';
import { type Shape, sizeOf } from '../../layers/define.ts';
import { inverseOrder } from '../../layers/frameworks/layout.ts';
import type { Json } from '../../schema/attributes.ts';
import { type LayerCase, layerOf, place } from '../layerCase.ts';
import {
  type Comparison,
  numbersOf,
  type OracleTensor,
  type Precision,
  type Unsupported,
} from '../oracle.ts';
import type { OnnxCase } from './case.ts';
import { onnxLayerCase } from './layers.ts';
import { against, opsetOf, type PlacedNode } from './node.ts';

type Evaluator = (node: PlacedNode) => OracleTensor | undefined;

export function runOnnxGraph(
  { opset, nodes, inputs, initializers, outputs }: OnnxCase,
  precision: Precision,
  backend: Backend,
): readonly Comparison[] | Unsupported {
  const values = new Map([...inputs, ...initializers].map((tensor) => [tensor.name, tensor]));
  for (const { op, attributes, inputs: names, outputs: results } of nodes) {
    const node = {
      op,
      attributes,
      opset: opsetOf(opset),
      inputs: names.map((name) => values.get(name)),
      outputs: [],
      precision,
      backend,
    };
    const result = evaluate(node);
    if (!result) return { unsupported: `${op}, as one of several nodes: no layer computes it` };
    values.set(results[0], { ...result, name: results[0] });
  }
  const missing = outputs.find(({ name }) => !values.has(name));
  if (missing) return { unsupported: `a further output of a node, ${missing.name}` };
  return outputs.flatMap((expected) => {
    const found = values.get(expected.name);
    return found ? against(numbersOf(found), expected) : [];
  });
}

function evaluate(node: PlacedNode): OracleTensor | undefined {
  if (Object.hasOwn(evaluators, node.op)) return evaluators[node.op](node);
  // Only the number of axes of an output is read, which is the largest of its inputs.
  const [x] = node.inputs
    .filter((input) => input !== undefined)
    .sort((one, other) => other.shape.length - one.shape.length);
  const layerCase = x && onnxLayerCase(node.op)({ ...node, outputs: [x] });
  return layerCase ? evaluateLayer(layerCase, x, node) : undefined;
}

function evaluateLayer(layerCase: LayerCase, x: OracleTensor, node: PlacedNode): OracleTensor {
  const given = node.inputs.filter((input) => input !== undefined);
  const layer = layerOf(layerCase, given, node.precision, node.backend);
  layer.forward(layerCase.training ?? false);
  const { output } = layer.pass;
  return { name: '', ...asGiven(output.shape, Array.from(output.data), layerCase.output, x.shape) };
}

/** Converts an output back to the order and number of axes of the case. */
function asGiven(
  shape: Shape,
  data: readonly number[],
  output: LayerCase['output'],
  input: Shape,
): Pick<OracleTensor, 'shape' | 'data'> {
  const { axes } = output;
  if (axes) {
    // Pooled axes stay with size 1.
    const [batch, ...sample] = shape;
    const whole = [batch, ...axes.slice(shape.length).map(() => 1), ...sample];
    const turned = place({ name: '', shape: whole, data }, { axes: inverseOrder(axes) });
    // A sequence that was computed as an image of height 1.
    const tall = turned.shape.length > input.length;
    return { shape: turned.shape.filter((_, axis) => !(tall && axis === 2)), data: Array.from(turned.data) };
  }
  // A whole tensor that was computed as one sample.
  const isSample = output.shape !== undefined && output.shape.length > input.length;
  return { shape: isSample ? shape.slice(1) : sizeOf(shape) === sizeOf(input) ? input : shape, data };
}

const tensor = (shape: Shape, data: ArrayLike<number>): OracleTensor => ({
  name: '',
  shape,
  data: Array.from(data),
});

const reshaped =
  (shapeOf: (node: PlacedNode, shape: Shape) => Shape | undefined): Evaluator =>
  (node) => {
    const [x] = node.inputs;
    const shape = x && shapeOf(node, x.shape);
    return shape ? { ...x, shape } : undefined;
  };

const numbers = (value: Json | undefined): readonly number[] | undefined =>
  Array.isArray(value) ? value.map(Number) : undefined;

/** 0 keeps an axis, −1 takes the rest. */
function reshape({ attributes, inputs: [, target] }: PlacedNode, shape: Shape): Shape | undefined {
  const wanted = target ? target.data.map(Number) : numbers(attributes.shape);
  if (!wanted) return undefined;
  const kept = wanted.map((size, axis) => (size === 0 ? shape[axis] : size));
  const rest = sizeOf(shape) / sizeOf(kept.filter((size) => size !== -1));
  return kept.map((size) => (size === -1 ? rest : size));
}

/** Operators that change only the shape or the sign, which no layer computes for every tensor. */
const evaluators: { readonly [op: string]: Evaluator } = {
  Flatten: reshaped(({ attributes: { axis = 1 } }, shape) => [
    sizeOf(shape.slice(0, Number(axis))),
    sizeOf(shape.slice(Number(axis))),
  ]),
  Neg: ({ inputs: [x] }) =>
    x &&
    tensor(
      x.shape,
      numbersOf(x).map((value) => -value),
    ),
  Reshape: reshaped(reshape),
};

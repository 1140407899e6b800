/** Operators that need several layers, or one layer several times. */
import type { Tensor } from '../../kernels/tensor.ts';
import { type Shape, sizeOf } from '../../layers/define.ts';
import { MaskedRandom } from '../draws.ts';
import { place } from '../layerCase.ts';
import { type Comparison, numbersOf, type OracleTensor } from '../oracle.ts';
import type { OnnxMapping } from './case.ts';
import { against, computeLayer, type NodeRunner } from './node.ts';

/** A·B for each pair of matrices. Leading axes that B does not have, or that have size 1, are repeated. */
const matMul: NodeRunner = (node) => {
  const [a, b] = node.inputs;
  if (!a || !b || a.shape.length < 2 || b.shape.length < 2) return undefined;
  const [rows, inner] = a.shape.slice(-2);
  const units = b.shape[b.shape.length - 1];
  const stack = node.outputs[0]?.shape.slice(0, -2) ?? [];
  const found = new Float64Array(sizeOf(stack) * rows * units);
  const [left, right] = [a, b].map((tensor) => ({
    data: numbersOf(tensor),
    places: repeated(tensor.shape.slice(0, -2), stack),
  }));
  for (let i = 0; i < sizeOf(stack); i++) {
    const at = left.places[i] * rows * inner;
    const from = right.places[i] * inner * units;
    const { output } = computeLayer(
      {
        type: 'dense',
        attributes: { units, useBias: false },
        inputs: [{ shape: [rows, inner], data: left.data.slice(at, at + rows * inner) }],
        parameters: { kernel: [right.data.slice(from, from + inner * units)] },
      },
      node,
    ).pass;
    found.set(output.data, i * rows * units);
  }
  return against(found, node.outputs[0]);
};

/** For each index of `whole`, the index into `shape`, whose missing axes and axes of size 1 are repeated. */
function repeated(shape: Shape, whole: Shape): number[] {
  const padded = [...whole.slice(shape.length).map(() => 1), ...shape];
  return Array.from({ length: sizeOf(whole) }, (_, index) => {
    let rest = index;
    let place = 0;
    let stride = 1;
    for (let axis = whole.length - 1; axis >= 0; axis--) {
      const at = rest % whole[axis];
      rest = Math.floor(rest / whole[axis]);
      if (padded[axis] > 1) place += at * stride;
      stride *= padded[axis];
    }
    return place;
  });
}

/** alpha · A·B by a dense layer, and + beta · C by an add layer. */
const gemm: NodeRunner = (node) => {
  const [a, b, c] = node.inputs;
  if (!a || !b) return undefined;
  const { alpha = 1, beta = 1, transA = 0, transB = 0 } = node.attributes;
  const turned = (tensor: OracleTensor, turn: unknown) => place(tensor, turn === 1 ? { axes: [1, 0] } : {});
  const kernel = turned(b, transB);
  const units = kernel.shape[1];
  const product = computeLayer(
    {
      type: 'dense',
      attributes: { units, useBias: false },
      inputs: [turned(a, transA)],
      parameters: { kernel: [kernel.data.map((value) => value * Number(alpha))] },
    },
    node,
  ).pass.output;
  if (!c) return against(product.data, node.outputs[0]);
  const values = numbersOf(c);
  const offset = repeated(c.shape, product.shape).map((at) => values[at] * Number(beta));
  const sum = computeLayer(
    { type: 'add', inputs: [product, { shape: product.shape, data: Float64Array.from(offset) }] },
    node,
  ).pass.output;
  return against(sum.data, node.outputs[0]);
};

/** SELU with the constants of the node: gamma · elu(x). */
const selu: NodeRunner = (node) => {
  const [x] = node.inputs;
  const { alpha, gamma } = node.attributes;
  if (!x || alpha === undefined || gamma === undefined) return undefined;
  const input = { shape: [1, ...x.shape], data: numbersOf(x) };
  const { output } = computeLayer({ type: 'elu', attributes: { alpha }, inputs: [input] }, node).pass;
  return against(
    output.data.map((value: number) => value * Number(gamma)),
    node.outputs[0],
  );
};

/** PReLU with a slope for each element, repeated to the size of x. */
const pRelu: NodeRunner = (node) => {
  const [x, slope] = node.inputs;
  if (!x || !slope) return undefined;
  const values = numbersOf(slope);
  // Until opset 6, a vector of slopes applied to channels, not to the last axis.
  const perChannel = node.opset < 7 && slope.shape.length === 1 && slope.shape[0] === x.shape[1];
  const shape = perChannel ? [...slope.shape, ...x.shape.slice(2).map(() => 1)] : slope.shape;
  const fits = shape.every((size, i) => size === 1 || size === x.shape[x.shape.length - shape.length + i]);
  if (!fits) return undefined;
  const each = repeated(shape, x.shape).map((at) => values[at]);
  const { output } = computeLayer(
    {
      type: 'pRelu',
      attributes: { perChannel: true },
      inputs: [{ shape: [1, each.length], data: numbersOf(x) }],
      parameters: { slope: [each] },
    },
    node,
  ).pass;
  return against(output.data, node.outputs[0]);
};

/** ONNX's random draws cannot be repeated. If it gives the mask, dropout with this mask must give its output. */
export const dropout: NodeRunner = (node) => {
  const [x, ratio, training] = node.inputs;
  const [y, mask] = node.outputs;
  if (!x) return undefined;
  const rate = Number(ratio?.data[0] ?? 0.5);
  const dropping = Number(training?.data[0] ?? 0) !== 0 && rate > 0;
  if (dropping && !mask) return undefined;
  const { output } = computeLayer(
    {
      type: 'dropout',
      attributes: { rate: dropping ? rate : 0 },
      inputs: [{ shape: [1, ...x.shape], data: numbersOf(x) }],
      training: dropping,
      ...(dropping && mask ? { random: new MaskedRandom(numbersOf(mask)) } : {}),
    },
    node,
  ).pass;
  // If nothing is dropped, the mask is 1 everywhere.
  const kept: Comparison[] = dropping
    ? []
    : against(
        output.data.map(() => 1),
        mask,
      );
  return [...against(output.data, y), ...kept];
};

/** The index of each largest value in ONNX's tensor, from the index that the layer keeps within a sample [..., channels]. */
export const maxPoolIndices =
  (mapping: OnnxMapping): NodeRunner =>
  (node) => {
    const [x] = node.inputs;
    const [y, indices] = node.outputs;
    if (!x || !y || !indices) return undefined;
    const layerCase = mapping({ ...node, outputs: [y] });
    if (!layerCase) return undefined;
    const { attributes = {}, type, inputs } = layerCase;
    const { pass } = computeLayer({ type, attributes, inputs: [place(x, inputs[0])] }, node);
    const { argmax } = pass.saved as { readonly [name: string]: Tensor };
    const [batch, channels, ...sizes] = x.shape;
    const cells = sizeOf(sizes);
    const each = argmax.data.length / batch;
    const columns = node.attributes.storage_order === 1;
    const found = Array.from(argmax.data, (kept, i) => {
      const sample = Math.floor(i / each);
      const cell = Math.floor(kept / channels);
      const [width] = sizes.slice(-1);
      const height = cells / width;
      const inPlane = columns ? (cell % width) * height + Math.floor(cell / width) : cell;
      return (sample * channels + (kept % channels)) * cells + inPlane;
    });
    const last = (tensor: OracleTensor) => place(tensor, layerCase.output).data;
    return [
      { name: y.name, found: pass.output.data, expected: last(y) },
      { name: indices.name, found, expected: last(indices) },
    ];
  };

/** Runners for configurations that no single layer has. */
export const composedRunners: { readonly [op: string]: NodeRunner } = {
  Gemm: gemm,
  MatMul: matMul,
  PRelu: pRelu,
  Selu: selu,
};

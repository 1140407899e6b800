/** ONNX's activations and matrix products on our layers. */
import { denseKernel } from '../../export/layout.ts';
import { sizeOf } from '../../layers/define.ts';
import type { LayerCase } from '../layerCase.ts';
import type { OnnxMapping, OnnxNode } from './case.ts';

/** The whole tensor as one sample of a layer with these attributes; undefined where the layer has no such setting. */
const onWhole =
  (
    type: string,
    attributesOf: (attributes: OnnxNode['attributes']) => LayerCase['attributes'] = () => ({}),
  ): OnnxMapping =>
  ({ attributes, inputs: [x] }) => {
    const ours = attributesOf(attributes);
    if (!x || !ours) return undefined;
    const shape = [1, ...x.shape];
    return { type, attributes: ours, inputs: [{ tensor: x.name, shape }], output: { shape } };
  };

/** ONNX counts axes from 0; with the whole tensor as one sample, ours are one more. Until opset 12 all axes from there on were one. */
const softmax =
  (type: string): OnnxMapping =>
  (node) => {
    const [x] = node.inputs;
    if (!x) return undefined;
    if (node.opset >= 13)
      return onWhole(type, ({ axis = -1 }) => ({ axis: Number(axis) < 0 ? Number(axis) : Number(axis) + 1 }))(
        node,
      );
    const given = Number(node.attributes.axis ?? 1);
    const axis = given < 0 ? given + x.shape.length : given;
    const view = { shape: [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))] };
    return { type, inputs: [{ tensor: x.name, ...view }], output: view };
  };

/** A slope for each channel, which is last, or one for all. */
const pRelu: OnnxMapping = ({ opset, inputs: [x, slope] }) => {
  if (!x || !slope || slope.shape.length > 1 || opset < 7) return undefined;
  const size = slope.data.length;
  if (size !== 1 && size !== x.shape[x.shape.length - 1]) return undefined;
  return {
    type: 'pRelu',
    attributes: { perChannel: size > 1 },
    inputs: [{ tensor: x.name }],
    parameters: { slope: { tensor: slope.name } },
    output: {},
  };
};

/** alpha · A·B + beta · C as a dense layer on A with scaled weights, where C is an offset of each column. */
const gemm: OnnxMapping = ({ attributes, inputs: [a, b, c] }) => {
  const { alpha = 1, beta = 1, transA = 0, transB = 0 } = attributes;
  if (!a || !b) return undefined;
  const units = b.shape[transB === 1 ? 0 : 1];
  if (c && c.data.length !== units && c.data.length !== 1) return undefined;
  return {
    type: 'dense',
    attributes: { units, useBias: c !== undefined },
    inputs: [{ tensor: a.name, ...(transA === 1 ? { axes: [1, 0] } : {}) }],
    parameters: {
      kernel: { tensor: b.name, factor: Number(alpha), ...(transB === 1 ? { axes: denseKernel } : {}) },
      ...(c ? { bias: { tensor: c.name, shape: [c.data.length], factor: Number(beta) } } : {}),
    },
    output: {},
  };
};

const matMul: OnnxMapping = (node) => (node.inputs[1]?.shape.length === 2 ? gemm(node) : undefined);

/** In inference dropout hands on its input; ONNX's own draws in training cannot be repeated. */
const dropout: OnnxMapping = ({ inputs: [x, ratio, training] }) => {
  if (!x) return undefined;
  const dropping = Number(training?.data[0] ?? 0) !== 0 && Number(ratio?.data[0] ?? 0.5) > 0;
  if (dropping) return undefined;
  const shape = [1, ...x.shape];
  return {
    type: 'dropout',
    attributes: { rate: 0 },
    training: false,
    inputs: [{ tensor: x.name, shape }],
    output: { shape },
  };
};

export const elementwiseMappings: { readonly [op: string]: OnnxMapping } = {
  Celu: onWhole('celu', ({ alpha = 1 }) => ({ alpha })),
  Dropout: dropout,
  Elu: onWhole('elu', ({ alpha = 1 }) => ({ alpha })),
  Gelu: onWhole('gelu', ({ approximate = 'none' }) => ({ approximation: approximate })),
  Gemm: gemm,
  HardSigmoid: onWhole('hardSigmoid', ({ alpha = 0.2, beta = 0.5 }) => ({ alpha, beta })),
  HardSwish: onWhole('hardSwish'),
  LeakyRelu: onWhole('leakyRelu', ({ alpha = 0.01 }) => ({ slope: alpha })),
  LogSoftmax: softmax('logSoftmax'),
  MatMul: matMul,
  Mish: onWhole('mish'),
  PRelu: pRelu,
  Relu: onWhole('relu'),
  Selu: onWhole('selu', ({ alpha, gamma }) => (alpha === undefined && gamma === undefined ? {} : undefined)),
  Sigmoid: onWhole('sigmoid'),
  Softmax: softmax('softmax'),
  Softplus: onWhole('softplus'),
  Softsign: onWhole('softsign'),
  Tanh: onWhole('tanh'),
  ThresholdedRelu: onWhole('thresholdedRelu', ({ alpha = 1 }) => ({ threshold: alpha })),
};

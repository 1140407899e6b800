/** ONNX operators, on the layers that declare them as counterparts. */
import { sizeOf } from '../../layers/define.ts';
import type { LayerCase } from '../layerCase.ts';
import { asImage, knowsOperator, layerCasesOf, type Operator, operandsOf, takesMany } from '../operators.ts';
import type { OnnxMapping, OnnxNode } from './case.ts';

/** Until opset 12, softmax treated the given axis and all after it as one. */
function asMatrix(layerCase: LayerCase, { opset, attributes, inputs: [x] }: OnnxNode): LayerCase {
  if (opset >= 13 || !x) return layerCase;
  const given = Number(attributes.axis ?? 1);
  const axis = given < 0 ? given + x.shape.length : given;
  const view = { shape: [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))] };
  return { ...layerCase, attributes: {}, inputs: [{ tensor: x.name, ...view }], output: view };
}

/** In training, the node also returns the running statistics. */
function withStatistics(layerCase: LayerCase, { attributes, outputs }: OnnxNode): LayerCase {
  const training = attributes.training_mode === 1;
  return {
    ...layerCase,
    training,
    ...(training && outputs.length === 3
      ? { stateAfter: { runningMean: outputs[1].name, runningVariance: outputs[2].name } }
      : {}),
  };
}

/** In inference, dropout returns its input. ONNX's random draws in training cannot be repeated. */
function inInference(layerCase: LayerCase, { inputs: [, ratio, training] }: OnnxNode): LayerCase | undefined {
  const dropping = Number(training?.data[0] ?? 0) !== 0 && Number(ratio?.data[0] ?? 0.5) > 0;
  return dropping ? undefined : { ...layerCase, training: false };
}

/** Changes that depend on the version of a node, its further outputs, or an input that is a setting. */
const changes: { readonly [op: string]: (layerCase: LayerCase, node: OnnxNode) => LayerCase | undefined } = {
  BatchNormalization: withStatistics,
  Dropout: inInference,
  LogSoftmax: asMatrix,
  Softmax: asMatrix,
};

const preparations: { readonly [op: string]: (operator: Operator) => Operator } = {
  ConvTranspose: (operator) => (operator.inputs[0].shape.length === 3 ? asImage(operator) : operator),
};

export const isLayerOperator = (op: string): boolean => knowsOperator('onnx', op);

/** The layer that computes the operator on these tensors; undefined for a configuration that no layer covers. */
export const onnxLayerCase =
  (op: string): OnnxMapping =>
  (node) => {
    const [x, ...others] = node.inputs;
    if (!x) return undefined;
    const operands = operandsOf(op).slice(1);
    const operator: Operator = {
      framework: 'onnx',
      name: op,
      attributes: node.attributes,
      inputs: takesMany('onnx', op) ? node.inputs.filter((input) => input !== undefined) : [x],
      tensors: Object.fromEntries(operands.map((name, index) => [name, others[index]])),
      output: node.outputs[0],
    };
    const prepared = Object.hasOwn(preparations, op) ? preparations[op](operator) : operator;
    const [layerCase] = layerCasesOf(prepared);
    return layerCase && Object.hasOwn(changes, op) ? changes[op](layerCase, node) : layerCase;
  };

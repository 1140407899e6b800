/** Node tests in the terms of the ONNX project: one operator with its inputs and outputs, without gradients. */
import type { Backend } from '../../kernels/backend.ts';
import type { Json } from '../../schema/attributes.ts';
import { type LayerCase, runLayerCase } from '../layerCase.ts';
import type { Comparison, OracleTensor, Precision, Unsupported } from '../oracle.ts';
import { opsetOf } from './node.ts';

export interface OnnxCase {
  readonly name: string;
  readonly opset?: { readonly [domain: string]: number };
  readonly nodes: readonly {
    readonly op: string;
    readonly attributes: { readonly [name: string]: Json };
    /** Names of tensors. The name of an omitted optional tensor is empty. */
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
  }[];
  readonly inputs: readonly OracleTensor[];
  readonly initializers: readonly OracleTensor[];
  readonly outputs: readonly OracleTensor[];
}

/** A node with its tensors, for the mappings. */
export interface OnnxNode {
  readonly attributes: OnnxCase['nodes'][number]['attributes'];
  /** Version of the operators. */
  readonly opset: number;
  /** By position; undefined if one is omitted. */
  readonly inputs: readonly (OracleTensor | undefined)[];
  readonly outputs: readonly OracleTensor[];
}

/** The layer that computes the node; undefined for a configuration that no layer covers. */
export type OnnxMapping = (node: OnnxNode) => LayerCase | undefined;

/** Runs a case of one node on a single layer, and compares its output. */
export function runOnnxCase(
  onnxCase: OnnxCase,
  mappingOf: (op: string) => OnnxMapping,
  precision: Precision,
  backend?: Backend,
): readonly Comparison[] | Unsupported {
  const [node] = onnxCase.nodes;
  const given = [...onnxCase.inputs, ...onnxCase.initializers];
  const mapping = mappingOf(node.op)({
    attributes: node.attributes,
    opset: opsetOf(onnxCase.opset),
    inputs: node.inputs.map((name) => given.find((tensor) => tensor.name === name)),
    outputs: onnxCase.outputs,
  });
  if (!mapping) return { unsupported: `no layer computes ${node.op} ${JSON.stringify(node.attributes)}` };
  const oracleCase = {
    id: onnxCase.name,
    op: node.op,
    config: node.attributes,
    inputs: given,
    params: [],
    outputs: onnxCase.outputs,
    output_grads: [],
    input_grads: [],
    param_grads: [],
  };
  return runLayerCase(oracleCase, mapping, precision, backend);
}

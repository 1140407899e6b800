/** Node tests in the terms of the ONNX project: one operator with its inputs and outputs, without gradients. */
import type { Json } from '../../schema/attributes.ts';
import type { LayerCase } from '../layerCase.ts';
import type { OracleTensor } from '../oracle.ts';

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

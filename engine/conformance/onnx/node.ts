/** The contract of runners for nodes that need more than one layer, and how they compute layers. */
import type { Backend } from '../../kernels/backend.ts';
import type { StandaloneLayer } from '../../layers/standalone.ts';
import type { Json } from '../../schema/attributes.ts';
import { type LayerUse, openLayer } from '../layerUse.ts';
import { type Comparison, numbersOf, type OracleTensor, type Precision } from '../oracle.ts';

/** A node with its tensors by position; undefined if one is omitted. */
export interface PlacedNode {
  readonly op: string;
  readonly attributes: { readonly [name: string]: Json };
  /** Version of the operators. */
  readonly opset: number;
  readonly inputs: readonly (OracleTensor | undefined)[];
  readonly outputs: readonly (OracleTensor | undefined)[];
  readonly precision: Precision;
  readonly backend: Backend;
}

/** Returns comparisons; undefined for a configuration that no layer covers. */
export type NodeRunner = (node: PlacedNode) => readonly Comparison[] | undefined;

/** A layer after its forward pass. Default: in inference. */
export function computeLayer(
  { training = false, ...use }: LayerUse & { readonly training?: boolean },
  { precision, backend }: Pick<PlacedNode, 'precision' | 'backend'>,
): StandaloneLayer {
  const layer = openLayer(use, precision, backend);
  layer.forward(training);
  return layer;
}

/** Values with the expected ones, if the case has them. */
export const against = (found: ArrayLike<number>, expected: OracleTensor | undefined): Comparison[] =>
  expected ? [{ name: expected.name, found, expected: numbersOf(expected) }] : [];

/** The latest version, unless the file states an earlier one. */
export const opsetOf = (opset: { readonly [domain: string]: number } | undefined): number =>
  opset?.['ai.onnx'] ?? opset?.[''] ?? Number.POSITIVE_INFINITY;

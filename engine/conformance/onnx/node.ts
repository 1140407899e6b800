/** The contract of runners for nodes that need more than one layer, and how they compute layers. */
import type { Backend } from '../../kernels/backend.ts';
import type { Random } from '../../kernels/random.ts';
import type { Tensor } from '../../kernels/tensor.ts';
import { layers } from '../../layers/registry.ts';
import { StandaloneLayer } from '../../layers/standalone.ts';
import type { Json } from '../../schema/attributes.ts';
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

export interface LayerUse {
  readonly type: string;
  readonly attributes?: { readonly [name: string]: unknown };
  /** With the batch axis. */
  readonly inputs: readonly Tensor[];
  readonly parameters?: { readonly [name: string]: ArrayLike<number> };
  readonly state?: { readonly [name: string]: ArrayLike<number> };
  readonly lengths?: readonly number[];
  /** Default: false. */
  readonly training?: boolean;
  /** Random numbers that the case prescribes. */
  readonly random?: Random;
}

/** A layer with these inputs and parameters, after its forward pass. */
export function computeLayer(
  use: LayerUse,
  { precision, backend }: Pick<PlacedNode, 'precision' | 'backend'>,
): StandaloneLayer {
  const { type, attributes, inputs, lengths, random } = use;
  const layer = new StandaloneLayer({
    definition: layers.get(type),
    ...(attributes ? { attributes } : {}),
    inputs: inputs.map(({ shape }) => shape.slice(1)),
    batch: inputs[0].shape[0],
    float: precision,
    kernels: backend.kernels,
    allocate: backend.allocate,
    ...(lengths ? { lengths } : {}),
  });
  const { pass } = layer;
  if (random) Object.assign(pass, { random });
  for (const [index, { data }] of inputs.entries()) pass.inputs[index].data.set(data);
  const parameters: { readonly [name: string]: Tensor } = pass.parameters;
  for (const [name, values] of Object.entries(use.parameters ?? {})) {
    // A single number is used for a whole parameter.
    if (values.length === 1) parameters[name].data.fill(values[0]);
    else parameters[name].data.set(values);
  }
  const state: { readonly [name: string]: Tensor } = pass.state;
  for (const [name, values] of Object.entries(use.state ?? {})) state[name].data.set(values);
  layer.forward(use.training ?? false);
  return layer;
}

/** Values with the expected ones, if the case has them. */
export const against = (found: ArrayLike<number>, expected: OracleTensor | undefined): Comparison[] =>
  expected ? [{ name: expected.name, found, expected: numbersOf(expected) }] : [];

/** The latest version, unless the file states an earlier one. */
export const opsetOf = (opset: { readonly [domain: string]: number } | undefined): number =>
  opset?.['ai.onnx'] ?? opset?.[''] ?? Number.POSITIVE_INFINITY;

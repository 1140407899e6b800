/** The loss contract: how far predictions are from targets, and the gradient that starts the backward pass. */
import type { IntTensor, Tensor } from '../../kernels/tensor.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import type { BufferSpec, Problem, Shape } from '../../layers/define.ts';
import type { AttributeTable, Values } from '../../spec/attributes.ts';
import type { Kind } from '../../spec/kind.ts';

/** What a target is for one sample. `int` targets are class indices below `classes`. */
export interface TargetSpec {
  readonly type: 'float' | 'int';
  readonly shape: Shape;
  readonly classes?: number;
}

export interface LossInferred {
  readonly target: TargetSpec;
  readonly saved?: { readonly [name: string]: BufferSpec<'float'> };
  readonly constants?: { readonly [name: string]: unknown };
}

export interface LossPass<A extends AttributeTable = AttributeTable> {
  readonly attributes: Values<A>;
  readonly batch: number;
  readonly kernels: Kernels;
  readonly prediction: Tensor;
  readonly target: Tensor | IntTensor;
  /** The gradient is added here; absent when only the value is wanted. */
  readonly gradPrediction: Tensor | undefined;
  readonly saved: { readonly [name: string]: Tensor };
  readonly constants: { readonly [name: string]: unknown };
  /** How many time steps of each sample count, [batch]; absent when all do. */
  readonly lengths?: Int32Array | undefined;
}

export interface LossDefinition<A extends AttributeTable = AttributeTable> extends Kind {
  readonly attributes: A;
  /** Metrics reported when the spec names none. */
  readonly metrics: readonly string[];
  /** `dataTarget` is what the dataset offers, for losses that take class indices or whole distributions. */
  infer(attributes: Values<A>, prediction: Shape, dataTarget: TargetSpec | undefined): LossInferred | { readonly problem: Problem };
  /** Mean loss over the batch; adds its gradient. */
  compute(pass: LossPass<A>): number;
}

export function defineLoss<const A extends AttributeTable>(definition: LossDefinition<A>): LossDefinition<A> {
  return definition;
}

/** The loss contract: how far predictions are from targets, and the gradient that starts the backward pass. */

import type { Kernels } from '../kernels/kernels.ts';
import type { IntTensor, Tensor } from '../kernels/tensor.ts';
import type { BufferSpec, Problem, Shape } from '../layers/define.ts';
import type { AttributeTable, Json, Kind, Values } from '../schema/attributes.ts';
import type { Counterpart, Frameworks } from '../schema/frameworks.ts';

/** The target of one sample. `int` targets are class indices below `classes`. */
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

type Part<I, K extends string> = I extends { readonly [P in K]: infer T } ? T : Record<never, never>;

export interface LossPass<A extends AttributeTable = AttributeTable, I = LossInferred> {
  readonly attributes: Values<A>;
  readonly batch: number;
  readonly kernels: Kernels;
  readonly prediction: Tensor;
  readonly target: Tensor | IntTensor;
  /** `scale` times the gradient is added here; absent if only the value is needed. */
  readonly gradPrediction: Tensor | undefined;
  /**
   * The loss's weight divided by the total of all batches of the update, so that the gradients of batches add up to that of the
   * mean.
   */
  readonly scale: number;
  readonly saved: { readonly [K in keyof Part<I, 'saved'>]: Tensor };
  readonly constants: Part<I, 'constants'>;
  /** The number of time steps of each sample that count, [batch]; absent if all do. */
  readonly lengths?: Int32Array | undefined;
}

/** The form of predictions that a loss expects. Metrics depend on it. */
export interface Reading {
  /** Raw scores before a softmax or sigmoid; logarithms of probabilities; probabilities; values; logarithms of values. */
  readonly predictions: 'scores' | 'logProbabilities' | 'probabilities' | 'values' | 'logValues';
  /** Above it an output means yes; absent for losses that do not judge each output separately. */
  readonly threshold?: number;
  /** The least and the largest target that the loss is made for, where targets are numbers; absent if they can be any. */
  readonly targets?: { readonly least: number; readonly most: number };
}

/** One configuration on which the generic tests run the loss. */
export interface LossSample {
  readonly name: string;
  /** Shape of one sample's prediction. */
  readonly prediction: Shape;
  /** The form of the targets: any numbers, 0 or 1, −1 or 1, class indices, or shares that add up to 1 along the last axis. */
  readonly targets: 'values' | 'bits' | 'signs' | 'classes' | 'shares';
  readonly attributes?: { readonly [name: string]: Json };
  /** Predictions are drawn from this range instead of all numbers. */
  readonly within?: readonly [low: number, high: number];
  readonly lengths?: readonly number[];
}

export interface LossDefinition<
  A extends AttributeTable = AttributeTable,
  I extends LossInferred = LossInferred,
> extends Kind {
  readonly attributes: A;
  /** What other frameworks call it and its attributes. */
  readonly frameworks?: Frameworks<Counterpart<A>>;
  readonly samples: readonly LossSample[];
  /** Metrics that are reported if the spec names none. */
  readonly metrics: readonly string[];
  /**
   * `dataTarget` is what the dataset offers, for losses that take class indices or whole distributions, and to refuse what does not
   * fit. Equal sizes fit: a target of shape [] is read as one of shape [1].
   */
  infer(
    attributes: Values<A>,
    prediction: Shape,
    dataTarget: TargetSpec | undefined,
  ): I | { readonly problem: Problem };
  reads(attributes: Values<A>): Reading;
  /** Twice the error costs four times as much, however large it is. */
  readonly squares?: true;
  /** Whether a row of the batch counts: it lies within its sample's length, and its target is not ignored. Rows are the cells of all axes but the last. */
  counts(pass: LossPass<A, I>, row: number): boolean;
  /**
   * Total weight of the elements that count in the batch. Totals of batches add up; the mean loss is the sum of `compute` divided
   * by the total.
   */
  total(pass: LossPass<A, I>): number;
  /** Sum of the loss over all elements that count in the batch; adds `scale` times its gradient. */
  compute(pass: LossPass<A, I>): number;
}

export function defineLoss<const A extends AttributeTable, I extends LossInferred>(
  definition: LossDefinition<A, I>,
): LossDefinition<A, I> {
  return definition;
}

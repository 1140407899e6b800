/** The metric contract: a figure people judge a network by, summed over batches so that a whole split counts evenly. */
import type { IntTensor, Tensor } from '../kernels/tensor.ts';
import type { Shape } from '../layers/define.ts';
import type { TargetSpec } from '../losses/define.ts';
import type { AttributeTable, Kind, Values } from '../schema/attributes.ts';

export interface MetricPass<A extends AttributeTable = AttributeTable> {
  readonly attributes: Values<A>;
  readonly batch: number;
  readonly prediction: Tensor;
  readonly target: Tensor | IntTensor;
  readonly lengths?: Int32Array | undefined;
}

export interface MetricDefinition<A extends AttributeTable = AttributeTable> extends Kind {
  readonly attributes: A;
  readonly higherIsBetter: boolean;
  /** How the figure is shown. */
  readonly unit: 'share' | 'number';
  fits(target: TargetSpec, prediction: Shape): boolean;
  /** How many running sums it needs; they start at zero. */
  sums(attributes: Values<A>, prediction: Shape): number;
  add(pass: MetricPass<A>, sums: Float64Array): void;
  /** Puts the sums of one stretch of batches into those of another. Absent: each is added to its counterpart. */
  merge?(from: Float64Array, into: Float64Array): void;
  value(sums: Float64Array, attributes: Values<A>): number;
}

export function defineMetric<const A extends AttributeTable>(
  definition: MetricDefinition<A>,
): MetricDefinition<A> {
  return definition;
}

export function mergeSums({ merge }: MetricDefinition, from: Float64Array, into: Float64Array): void {
  if (merge) merge(from, into);
  else for (let i = 0; i < into.length; i++) into[i] += from[i];
}

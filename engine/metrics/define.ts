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
  value(sums: Float64Array, attributes: Values<A>): number;
}

export function defineMetric<const A extends AttributeTable>(
  definition: MetricDefinition<A>,
): MetricDefinition<A> {
  return definition;
}

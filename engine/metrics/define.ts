/** The metric contract: a number that judges a network, summed over batches so that a whole split counts evenly. */
import type { IntTensor, Tensor } from '../kernels/tensor.ts';
import type { Shape } from '../layers/define.ts';
import type { Reading, TargetSpec } from '../losses/define.ts';
import type { AttributeTable, Kind, Values } from '../schema/attributes.ts';
import type { Counterpart, Frameworks } from '../schema/frameworks.ts';

export interface MetricPass<A extends AttributeTable = AttributeTable> {
  readonly attributes: Values<A>;
  /** Rows of the batch: the cells of all axes of the prediction but the last. */
  readonly rows: number;
  /** Whether a row counts for the loss: it lies within its sample's length and is not ignored. */
  counts(row: number): boolean;
  readonly prediction: Tensor;
  readonly target: Tensor | IntTensor;
  readonly reading: Reading;
}

/** The properties of a loss that metrics need. */
export interface Judged {
  readonly reading: Reading;
  /** Shape of one sample. */
  readonly prediction: Shape;
  /** Undefined before the data is known. */
  readonly target: TargetSpec | undefined;
}

export interface MetricDefinition<A extends AttributeTable = AttributeTable> extends Kind {
  readonly attributes: A;
  readonly higherIsBetter: boolean;
  /** What other frameworks call it and its attributes. */
  readonly frameworks?: Frameworks<Counterpart<A>>;
  /** How the value is shown. */
  readonly unit: 'share' | 'number';
  /** Its value is the share of predictions that are right, so that chance in it follows from their number. */
  readonly countsRight?: true;
  /**
   * The reason why it cannot be computed for such a loss ("it needs …"); undefined if it can, or if that depends on unknown data.
   */
  misfit(judged: Judged): string | undefined;
  /** Number of running sums, which start at zero. */
  sums(attributes: Values<A>, prediction: Shape): number;
  add(pass: MetricPass<A>, sums: Float64Array): void;
  /** Merges the sums of one sequence of batches into those of another. Default: each is added to its counterpart. */
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

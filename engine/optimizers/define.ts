/** The optimizer contract: one update of a contiguous range of parameters from their gradients. */
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import type { AttributeTable, Kind, Values } from '../schema/attributes.ts';
import type { Counterpart, Frameworks } from '../schema/frameworks.ts';

export interface OptimizerPass<A extends AttributeTable = AttributeTable> {
  readonly attributes: Values<A>;
  readonly kernels: Kernels;
  /** The number of the update, from 1. */
  readonly step: number;
  /** The learning rate after the schedule. */
  readonly learningRate: number;
  readonly count: number;
  readonly parameters: FloatArray;
  /** The gradients. A step may change them (weight decay); they are set to zero after it. */
  readonly gradients: FloatArray;
  /** One array of `count` numbers for each slot, zero before the first step; part of a checkpoint. */
  readonly slots: readonly FloatArray[];
}

export interface OptimizerDefinition<A extends AttributeTable = AttributeTable> extends Kind {
  /** Has an attribute "learningRate", which a schedule scales. */
  readonly attributes: A;
  /** What other frameworks call it and its attributes. */
  readonly frameworks?: Frameworks<Counterpart<A>>;
  /** Whether its steps are proportional to the gradients. Those of the others are about as large as the learning rate. */
  readonly followsGradient?: true;
  /** Whether its steps only become smaller, independent of the distance to the minimum. */
  readonly slowsDown?: true;
  /** Whether weight decay only shrinks the weights, and is not a penalty whose gradient it scales as that of the loss. */
  readonly decouplesDecay?: true;
  /** Names of the running values kept for every parameter. */
  slots(attributes: Values<A>): readonly string[];
  update(pass: OptimizerPass<A>): void;
}

export function defineOptimizer<const A extends AttributeTable>(
  definition: OptimizerDefinition<A>,
): OptimizerDefinition<A> {
  return definition;
}

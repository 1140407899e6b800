/** The schedule contract: the learning rate as a function of progress. */
import type { AttributeTable, Kind, Values } from '../schema/attributes.ts';

export interface Progress {
  /** Updates of the parameters before this one. Where batches are accumulated, several make one update. */
  readonly step: number;
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  /** The judged loss of every finished epoch (test loss where there is a test split, else train loss). */
  readonly epochLosses: readonly number[];
}

export interface ScheduleDefinition<A extends AttributeTable = AttributeTable> extends Kind {
  readonly attributes: A;
  /** Factor on the optimizer's learning rate. Pure, so that a resumed run continues exactly. */
  factor(progress: Progress, attributes: Values<A>): number;
}

export function defineSchedule<const A extends AttributeTable>(
  definition: ScheduleDefinition<A>,
): ScheduleDefinition<A> {
  return definition;
}

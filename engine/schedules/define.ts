/** The schedule contract: the learning rate as a function of progress. */
import type { AttributeTable, Kind, Values } from '../schema/attributes.ts';
import type { Counterpart, Frameworks } from '../schema/frameworks.ts';

export interface Progress {
  /** Updates of the parameters before this one. With accumulation, several batches make one update. */
  readonly step: number;
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  /** The loss of every complete epoch (test loss if there is a test split, otherwise training loss). */
  readonly epochLosses: readonly number[];
}

export interface ScheduleDefinition<A extends AttributeTable = AttributeTable> extends Kind {
  readonly attributes: A;
  /** What other frameworks call it and its attributes. */
  readonly frameworks?: Frameworks<Counterpart<A>>;
  /** Factor on the optimizer's learning rate. Pure, so that a resumed run continues exactly. */
  factor(progress: Progress, attributes: Values<A>): number;
}

export function defineSchedule<const A extends AttributeTable>(
  definition: ScheduleDefinition<A>,
): ScheduleDefinition<A> {
  return definition;
}

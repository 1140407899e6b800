/** The schedule contract: the learning rate as a function of progress. */
import type { AttributeTable, Kind, Values } from '../schema/attributes.ts';
import type { Counterpart, Frameworks } from '../schema/frameworks.ts';

export interface Progress {
  /** Updates of the parameters before this one. With accumulation, several batches make one update. */
  readonly step: number;
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  /** What the schedule remembers of the losses of complete epochs; undefined before the first, or if it remembers nothing. */
  readonly memory: ScheduleMemory | undefined;
}

/** Numbers by name. They say all that a schedule needs to know of the past, so that no update reads all epochs again. */
export type ScheduleMemory = { readonly [name: string]: number };

export interface ScheduleDefinition<A extends AttributeTable = AttributeTable> extends Kind {
  readonly attributes: A;
  /** What other frameworks call it and its attributes. */
  readonly frameworks?: Frameworks<Counterpart<A>>;
  /**
   * What it remembers after another epoch with this loss (test loss if there is a test split, otherwise training loss). `before`: what it
   * remembered until then. Pure, and undefined for schedules that do not depend on losses.
   */
  afterEpoch?(before: ScheduleMemory | undefined, loss: number, attributes: Values<A>): ScheduleMemory;
  /** Factor on the optimizer's learning rate. Pure: what the schedule remembers is in `progress`. */
  factor(progress: Progress, attributes: Values<A>): number;
}

export function defineSchedule<const A extends AttributeTable>(
  definition: ScheduleDefinition<A>,
): ScheduleDefinition<A> {
  return definition;
}

/** What a schedule remembers after epochs with these losses. */
export const memoryOf = (
  { afterEpoch }: ScheduleDefinition,
  losses: readonly number[],
  attributes: Values<AttributeTable>,
): ScheduleMemory | undefined =>
  losses.reduce<ScheduleMemory | undefined>(
    (before, loss) => afterEpoch?.(before, loss, attributes),
    undefined,
  );

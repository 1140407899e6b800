/**
 * The contract of an event: what one file of this folder says about one kind of report of a run. Its type, its check on each
 * link, its line in the log, and how much of it waits and is kept follow from that.
 */
import type { Fields, Table } from '../../schema/reader.ts';

/** How many events of a kind a view keeps of one run, and which go when there are more: every other one, or the older half. */
export interface Keeping {
  readonly most: number;
  readonly drop: 'everyOther' | 'older';
}

/** How events of type `E` are treated, where that is not the default. */
export interface Treatment<E> {
  /** Default: the newest, which makes the earlier ones void. */
  readonly keep?: Keeping;
  /** What waits for a slow reader when another event of this kind comes. Default: all of them. */
  together?(waiting: readonly E[], event: E): readonly E[];
  /** For an event whose line of JSON has another form than the event itself. */
  readonly line?: {
    write(event: E): object;
    /** From a parsed line, whatever is in it; the fields are checked afterwards. Throws `Malformed`. */
    read(given: unknown): unknown;
  };
}

export interface EventDefinition<F extends Table> extends Treatment<Fields<F>> {
  readonly fields: F;
}

/** The field `event`, which says of which kind an event is, comes with the name in the registry. */
export const defineEvent = <const F extends Table>(
  fields: F,
  treatment: Treatment<Fields<F>> = {},
): EventDefinition<F> => ({ fields, ...treatment });

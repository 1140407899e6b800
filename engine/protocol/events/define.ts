/**
 * The contract of an event: what a file of this folder declares about one kind of report. Its type, its check on each
 * link, its line in the log, and how many events wait and are kept follow from it.
 */
import type { Fields, Table } from '../../schema/reader.ts';

/**
 * How many events of a kind a view keeps of one run, and which are removed if there are more: every other one, or the older
 * half.
 */
export interface Keeping {
  readonly most: number;
  readonly drop: 'everyOther' | 'older';
}

/** How events of type `E` are treated, if not by default. */
export interface Treatment<E> {
  /** Default: the newest one, which replaces earlier ones. */
  readonly keep?: Keeping;
  /** The events that wait for a slow reader when another event of this kind arrives. Default: all of them. */
  together?(waiting: readonly E[], event: E): readonly E[];
  /** For an event whose line of JSON has another form than the event itself. */
  readonly line?: {
    write(event: E): object;
    /** Reads a parsed line of any content; the fields are checked afterwards. Throws `Malformed`. */
    read(given: unknown): unknown;
  };
}

export interface EventDefinition<F extends Table> extends Treatment<Fields<F>> {
  readonly fields: F;
}

/** The field `event`, which identifies the kind, comes from the name in the registry. */
export const defineEvent = <const F extends Table>(
  fields: F,
  treatment: Treatment<Fields<F>> = {},
): EventDefinition<F> => ({ fields, ...treatment });

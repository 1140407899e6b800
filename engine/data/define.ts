/** The dataset contract: where samples come from. A dataset is opened once a run and then fills batches. */
import type { FloatArray } from '../kernels/tensor.ts';
import type { Shape } from '../layers/define.ts';
import type { TargetSpec } from '../losses/define.ts';
import type { AttributeTable, Kind, Values } from '../schema/attributes.ts';

/** A mistake in data files that the person can mend: file, what was expected, what was found, what to do. */
export class DataError extends Error {
  constructor(
    /** E.g. "data/missing", "data/magic", "data/truncated", "data/labels". */
    readonly code: string,
    message: string,
    /** The dataset's attribute that names the file. */
    readonly attribute?: string,
  ) {
    super(message);
  }
}

export interface DataContext {
  /** Contents of a file named in the spec, relative to it; gunzipped when it is gzip. Throws DataError. */
  readFile(path: string, attribute: string): Promise<Uint8Array>;
  readonly seed: number;
}

export interface Field {
  readonly name: string;
  readonly shape: Shape;
  /** An input of whole numbers below this, for a table of that many rows, instead of reals. */
  readonly indicesBelow?: number;
}

export interface BatchBuffers {
  /** One an input field, [batch, …shape]. */
  readonly inputs: readonly FloatArray[];
  /** One a target field: class indices as whole numbers, or values. */
  readonly targets: readonly (FloatArray | Int32Array)[];
  /** Filled when the dataset's samples differ in length: real time steps of each sample. */
  readonly lengths?: Int32Array;
}

export interface Split {
  readonly size: number;
  /** Writes samples indices[0 … count) into the first `count` rows of the batch. Allocates nothing. */
  fill(indices: Int32Array, count: number, batch: BatchBuffers): void;
}

export interface Dataset {
  readonly inputs: readonly Field[];
  readonly targets: readonly (Field & TargetSpec)[];
  /** Samples differ in length; `BatchBuffers.lengths` is filled. */
  readonly ragged?: true;
  readonly classNames?: readonly string[];
  readonly train: Split;
  readonly test?: Split;
}

export interface DatasetDefinition<A extends AttributeTable = AttributeTable> extends Kind {
  readonly attributes: A;
  /** Throws DataError. */
  open(attributes: Values<A>, context: DataContext): Promise<Dataset>;
}

export function defineDataset<const A extends AttributeTable>(
  definition: DatasetDefinition<A>,
): DatasetDefinition<A> {
  return definition;
}

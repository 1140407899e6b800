/** The dataset contract: the source of samples. A dataset is opened once per run and then fills batches. */
import type { FloatArray } from '../kernels/tensor.ts';
import type { Shape } from '../layers/define.ts';
import type { TargetSpec } from '../losses/define.ts';
import type { AttributeTable, Json, Kind, Path, Values } from '../schema/attributes.ts';
import { type Fix, ProblemError } from '../schema/problem.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import type { Scaling } from './scaling.ts';

/** Place in the spec of a dataset's attribute. */
export const dataPlace = (attribute: string | undefined): Path => [
  'training',
  'data',
  ...(attribute === undefined ? [] : [attribute]),
];

/** A change of one attribute of a dataset that removes a mistake. */
export interface DataSetting {
  readonly attribute: string;
  /** The value; for a list one of its entries. */
  readonly value: Json;
  /** The entry that it replaces; without one, it is added to a list. */
  readonly replaces?: string;
}

/** A row of a data file, counted from 1. */
export interface DataRow {
  /** Its path, relative to the network. */
  readonly file: string;
  readonly number: number;
}

interface DataErrorDetails {
  readonly setting?: DataSetting | undefined;
  readonly row?: DataRow | undefined;
}

/** A mistake in data that the person can fix: file, what was expected, what was found, what to do. */
export class DataError<Edit = unknown> extends ProblemError<Edit> {
  constructor(
    code: ProblemCode,
    message: string,
    place: Path,
    readonly details: DataErrorDetails = {},
    fix?: Fix<Edit>,
  ) {
    super(code, message, place, fix);
  }
}

/** `attribute` is the one that is wrong, or that names the file with the mistake. */
export const dataError = (
  code: ProblemCode,
  message: string,
  attribute?: string,
  details?: DataErrorDetails,
): DataError => new DataError(code, message, dataPlace(attribute), details);

export interface DataContext {
  /**
   * Contents of a file named in the spec, relative to it, piece by piece; unpacked if it is gzip. Throws ProblemError,
   * for a damaged file perhaps only after some pieces.
   */
  readPieces(path: string, attribute: string): AsyncIterable<Uint8Array>;
  /** The same at once, for what fits into memory. */
  readFile(path: string, attribute: string): Promise<Uint8Array>;
  readonly seed: number;
  /** Where the files come from, as the spec says. */
  readonly source?: string;
  /** Bytes that the samples may take. */
  readonly memoryLimit: number;
  /** The `state` of the dataset that the weights were trained on: its scaling and classes are used instead of new ones. */
  readonly trained?: Json;
}

export interface Beginning {
  readonly bytes: Uint8Array;
  /** Whether the file ends here. */
  readonly isWhole: boolean;
}

/** The first bytes of a file named in the spec, unpacked if it is gzip. Throws ProblemError. */
export type ReadBeginning = (path: string, attribute: string) => Promise<Beginning>;

/** A doubt about the data that does not stop a run, but that people should see. */
export interface DataWarning {
  /** E.g. "data/header". */
  readonly code: string;
  readonly message: string;
  /** The dataset's attribute that settles the doubt. */
  readonly attribute?: string;
}

export interface Field {
  readonly name: string;
  readonly shape: Shape;
  /** An input of whole numbers below this, for a table of that many rows, instead of reals. */
  readonly indicesBelow?: number;
  /** For an input whose features are columns of a table: the value for "exclude" that removes each of them. */
  readonly columns?: readonly string[];
  /** For such an input: how the numbers of the table became values of samples, a pair for each column. */
  readonly scaling?: Scaling;
}

/** What an input layer must be like to read an input. */
export type InputField = Pick<Field, 'name' | 'shape'>;

export interface BatchBuffers {
  /** One for each input field, [batch, …shape]. */
  readonly inputs: readonly FloatArray[];
  /** One for each target field: class indices as whole numbers, or values. */
  readonly targets: readonly (FloatArray | Int32Array)[];
  /** Filled when the dataset's samples differ in length: real time steps of each sample. */
  readonly lengths?: Int32Array;
}

export interface Split {
  readonly size: number;
  /** The arrays that it reads samples from; absent if samples are generated on demand. */
  readonly holds?: readonly ArrayBufferView[];
  /** The row of the source that each sample was; absent if the samples are in its order. */
  readonly rows?: Int32Array;
  /** Writes samples indices[0 … count) into the first `count` rows of the batch. Allocates nothing. */
  fill(indices: Int32Array, count: number, batch: BatchBuffers): void;
  /** Writes their targets alone. Absent if that is no less work. */
  fillTargets?(indices: Int32Array, count: number, targets: BatchBuffers['targets']): void;
}

/** What a sample consists of. */
export interface DataFields {
  /** One in each kind of data; a text whose network has more is refused (graph/inputs.ts). Reference cases have several. */
  readonly inputs: readonly Field[];
  readonly targets: readonly (Field & TargetSpec)[];
  /** Samples differ in length; `BatchBuffers.lengths` is filled. */
  readonly ragged?: true;
  readonly classNames?: readonly string[];
  /** Samples of each class, where they are counted anyway. */
  readonly classSizes?: readonly number[];
}

/** What is known of samples before data are read: all of it for generated data, the input alone where the rest is in files. */
export type KnownFields =
  | DataFields
  | { readonly inputs: DataFields['inputs']; readonly targets?: undefined };

export interface Dataset extends DataFields {
  /**
   * What is needed to read other data in the same way: scaling, classes, vocabulary. Kept with the weights and passed
   * as `DataContext.trained`.
   */
  readonly state?: Json;
  readonly warnings?: readonly DataWarning[];
  readonly train: Split;
  readonly test?: Split;
}

/** A pattern of file names for an attribute. */
export interface FilePattern {
  readonly pattern: RegExp;
  readonly attribute: string;
}

export interface DatasetDefinition<A extends AttributeTable = AttributeTable> extends Kind {
  readonly attributes: A;
  /** The attribute for a file that is dropped into a network; the first matching pattern decides. */
  readonly files?: readonly FilePattern[];
  /** Samples may differ in length, so that no layer can read all steps side by side. */
  readonly mayBeRagged?: true;
  /** What samples consist of, as far as attributes alone decide it, so that a network is checked while it is written. */
  fields?(attributes: Values<A>): KnownFields;
  /** For other data: their input, as far as the beginnings of files show it. Undefined if more must be read. Throws ProblemError. */
  firstInput?(attributes: Values<A>, readBeginning: ReadBeginning): Promise<InputField | undefined>;
  /** Throws ProblemError. */
  open(attributes: Values<A>, context: DataContext): Promise<Dataset>;
}

export function defineDataset<const A extends AttributeTable>(
  definition: DatasetDefinition<A>,
): DatasetDefinition<A> {
  return definition;
}

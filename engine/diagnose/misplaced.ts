/** Whether the targets of samples belong to the samples before or after them, as after a column that slipped by a row. */
import type { Dataset, Split } from '../data/define.ts';
import { sizeOf } from '../layers/define.ts';
import { type Disagreement, lookAtNeighbours } from './neighbours.ts';

/** The most samples in a row that are examined, and the most numbers that these may have together. */
const mostSamples = 1000;
const mostNumbers = 2_000_000;

/** How far targets may have slipped. */
const slips = [-1, 1];

/**
 * Samples of a series resemble those before them, so that targets of neighbours fit, too. The squared differences between samples in a row must be
 * at least this share of those between any samples.
 */
const unordered = 0.8;

/** Classes that differ from those of similar samples less often than this share of the mistakes of guessing are in their place. */
const inPlace = 0.8;

/** How well classes agree with those of similar samples: as they are, and where each sample has the class of the one before or after it. */
export interface Misplaced {
  readonly own: Disagreement;
  readonly slipped: Disagreement;
  /** 1 if they fit the samples before them, −1 if they fit those after. */
  readonly by: number;
}

/**
 * Only for one input of quantities and one class for each sample. Undefined where there are too few samples, where their order means something,
 * or where similar samples have the same class as they are: `known` is what is known of that, if anything is.
 */
export function lookForSlips(dataset: Dataset, known?: Disagreement): Misplaced | undefined {
  const { inputs, targets, train } = dataset;
  const [input, target] = [inputs[0], targets[0]];
  if (inputs.length !== 1 || targets.length !== 1 || input.indicesBelow !== undefined) return undefined;
  if (target.type !== 'int' || sizeOf(target.shape) !== 1) return undefined;
  if (known && isInPlace(known)) return undefined;
  const features = sizeOf(input.shape);
  const { count, values, classes } = readInRow(dataset, train, features);
  if (!isUnordered(values, features, count)) return undefined;
  const compared = count - 2;
  const table = { values: values.subarray(features, (compared + 1) * features), features, count: compared };
  const agreement = (by: number) =>
    lookAtNeighbours(table, classes.subarray(1 + by, 1 + by + compared), true)?.disagreement;
  const own = agreement(0);
  if (!own || isInPlace(own)) return undefined;
  const moved = slips.flatMap((by) => {
    const slipped = agreement(by);
    return slipped ? [{ own, slipped, by }] : [];
  });
  return moved.toSorted((one, other) => one.slipped.all - other.slipped.all)[0];
}

const isInPlace = ({ all, guessing }: Disagreement): boolean => all < inPlace * guessing;

/** The samples of the first rows of the source, in their order. */
function readInRow({ ragged }: Dataset, split: Split, features: number) {
  const order = firstRows(split, Math.min(mostSamples, Math.floor(mostNumbers / Math.max(1, features))));
  const count = order.length;
  const values = new Float32Array(count * features);
  const classes = new Int32Array(count);
  const buffers = { inputs: [values], targets: [classes] };
  split.fill(order, count, ragged ? { ...buffers, lengths: new Int32Array(count) } : buffers);
  return { count, values, classes };
}

/** Rows that were dealt out to training and test by chance are put back in order. Most are then still beside the same ones. */
function firstRows({ size, rows }: Split, most: number): Int32Array {
  if (!rows) return Int32Array.from({ length: Math.min(size, most) }, (_, place) => place);
  const places: number[] = [];
  for (let place = 0; place < size; place++) if (rows[place] < most) places.push(place);
  return Int32Array.from(places.sort((one, other) => rows[one] - rows[other]));
}

/** Compares each sample with the next one, and with one far from it. */
function isUnordered(values: Float32Array, features: number, count: number): boolean {
  const half = Math.floor(count / 2);
  let [near, far] = [0, 0];
  for (let row = 0; row < half; row++)
    for (let i = row * features; i < (row + 1) * features; i++) {
      near += (values[i] - values[i + features]) ** 2;
      far += (values[i] - values[i + half * features]) ** 2;
    }
  return near > unordered * far;
}

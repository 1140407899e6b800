/** What the data shows: scales, classes, constants, copies. Of large data only a part is examined, the same in every run. */
import type { Dataset, Split } from '../data/define.ts';
import { sizeOf } from '../layers/define.ts';
import { constantsOf, type RevealingFeature, revealingFeatures, type Table } from './features.ts';
import { lookForSlips, type Misplaced } from './misplaced.ts';
import { moments, varianceOf } from './moments.ts';
import { nearCopiesIn } from './nearCopies.ts';
import { type Disagreement, lookAtNeighbours, type Neighbours } from './neighbours.ts';
import { featuresWithOutliers, type Outlying } from './outliers.ts';
import { sharedPassages } from './passages.ts';
import { type Renumbered, renumberedIn } from './renumbered.ts';
import { isShifted } from './shifted.ts';
import { type Displaced, mostDisplaced } from './testRange.ts';
import { neverChanges } from './trainTargets.ts';
import { type UnseenClass, unseenClasses } from './unseenClasses.ts';

/** The most samples that are examined, and the most numbers that these may have together. */
const mostSamples = 2000;
const mostNumbers = 4_000_000;

export interface FieldSummary {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whole numbers from 0, which an embedding could look up in a table. Whether one does depends on the network. */
  readonly isIndex: boolean;
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** Features of a table or of each time step, from 0, that never change; empty for images, whose borders often do not. */
  readonly constant: readonly number[];
  /** Whether all values are 0 or 1. */
  readonly isFlags: boolean;
  /** How many features there are. */
  readonly features: number;
  /** The value for "exclude" of each feature; undefined if the features are not columns. */
  readonly columns: readonly string[] | undefined;
  /** The feature of which most test values are far from all training values; undefined without test data, or for indices. */
  readonly displaced: Displaced | undefined;
  /** The feature that is most closely related to the target. */
  readonly revealing: RevealingFeature | undefined;
  /** The feature that has one value in all samples of one of two classes, and never in the other. */
  readonly marking: number | undefined;
  /** Features with a few values far from all others; none for images. */
  readonly outlying: readonly Outlying[];
  /** The feature that numbers the samples and follows the classes most closely. */
  readonly ordering: RevealingFeature | undefined;
  /** The column of a few codes that determines the class best. */
  readonly coded: RevealingFeature | undefined;
  /** The feature along which each class follows the other, where no other feature says half as much about them. */
  readonly dividing: RevealingFeature | undefined;
}

export interface TargetSummary {
  readonly name: string;
  readonly type: 'int' | 'float';
  /** Samples of each class, where targets are class indices. */
  readonly counts: readonly number[] | undefined;
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** The variance of each value of a target from sample to sample, averaged over the values. */
  readonly variance: number;
  /** Whether targets are labels that are 0 or 1, of which a sample can have several. */
  readonly severalTrue: boolean;
  /** Whether each time step's target is what the input has at the next time step. */
  readonly isNext: boolean;
  /** A few values far from all others. */
  readonly outlying: Outlying | undefined;
  /** Classes that occur in the test data only, and how many test targets were examined; undefined if not computed. */
  readonly unseen: { readonly classes: readonly UnseenClass[]; readonly examined: number } | undefined;
  /** Whether it has one value in all training samples. Not computed for classes, which are counted. */
  readonly neverChanges: boolean;
  /** Whether the values are a few whole numbers, as those of classes that are read as values. */
  readonly isWhole: boolean;
}

export interface DataSummary {
  /** How many samples were examined. */
  readonly samples: number;
  readonly inputs: readonly FieldSummary[];
  readonly targets: readonly TargetSummary[];
  /** Share of test samples that are training samples too; undefined without test data. */
  readonly leaked: number | undefined;
  /** Share of test samples with a passage that is also in the training text; undefined if not computed. */
  readonly passages: number | undefined;
  /** Share of test samples that are nearly training samples; undefined if not computed. */
  readonly nearCopies: number | undefined;
  /** Share of training samples that occur more than once, and of those whose copies have another target. */
  readonly repeated: number;
  readonly contradicting: number;
  /** How much the targets of such copies differ, relative to those of any samples: 1 if they have nothing in common. */
  readonly unexplained: number;
  /** How many copies there are of each of those samples, on average. */
  readonly copies: number;
  /** Whether several features have so many values that equal samples can only be copies. */
  readonly isDiverse: boolean;
  /** The squared error of predicting each target from the nearest samples, as a share of that of guessing; undefined if not computed. */
  readonly leftByNeighbours: number | undefined;
  /** How often classes differ from those of the nearest samples; undefined if not computed. */
  readonly disagreement: Disagreement | undefined;
  /** How well classes fit the samples before or after them; undefined where they fit their own. */
  readonly misplaced: Misplaced | undefined;
  /** How well the classes of the test data fit those of similar training samples in another order; undefined if not better. */
  readonly renumbered: Renumbered | undefined;
  readonly classNames: readonly string[] | undefined;
}

/** Examines the training data, and compares the test data with it. Reads at most `mostSamples` samples of each. */
export function lookAtData(dataset: Dataset): DataSummary {
  const train = read(dataset, dataset.train);
  const test = dataset.test && read(dataset, dataset.test);
  const inputs = dataset.inputs.map((field, index) => {
    const values = train.inputs[index];
    const isIndex = field.indicesBelow !== undefined;
    const features = field.shape.length <= 2 ? (field.shape.at(-1) ?? 1) : 0;
    return {
      name: field.name,
      shape: field.shape,
      isIndex,
      ...moments(values),
      constant: constantsOf(values, features),
      features,
      columns: field.columns,
      displaced:
        isIndex || !test
          ? undefined
          : mostDisplaced(partsOf(train, index), partsOf(test, index), field.shape),
      isFlags: !isIndex && values.every((value) => value === 0 || value === 1),
      outlying: isIndex
        ? []
        : featuresWithOutliers(values, features, field.shape.length === 1 ? field.scaling : undefined),
      ...(field.shape.length !== 1 || dataset.targets.length !== 1
        ? {
            revealing: undefined,
            marking: undefined,
            ordering: undefined,
            coded: undefined,
            dividing: undefined,
          }
        : revealingFeatures(
            { values, features, count: train.count },
            train.targets[0],
            dataset.targets[0].type === 'int',
            dataset.train.size,
          )),
    };
  });
  const targets = dataset.targets.map((field, index) => {
    const values = train.targets[index];
    const { classes } = field;
    const isNext = dataset.inputs.some(
      ({ shape }, place) => shape.length > 0 && isShifted(train.inputs[place], values, shape[0], train.count),
    );
    return {
      name: field.name,
      type: field.type,
      counts: field.type === 'int' && classes !== undefined ? countsOf(values, classes) : undefined,
      ...moments(values),
      variance: varianceOf(values, train.count),
      severalTrue: field.type === 'float' && haveSeveral(values, train.count),
      isWhole: isWhole(values),
      neverChanges: field.type === 'float' && neverChanges(dataset, index, values),
      unseen:
        test && field.type === 'int' && !isNext
          ? {
              classes: unseenClasses(dataset, index, values, test.targets[index]),
              examined: test.targets[index].length,
            }
          : undefined,
      isNext,
      outlying:
        field.type === 'float' && sizeOf(field.shape) === 1 ? featuresWithOutliers(values, 1)[0] : undefined,
    };
  });
  const neighbours = neighboursIn(dataset, train);
  const isText = targets.some(({ isNext }, index) => isNext && targets[index].type === 'int');
  return {
    samples: train.count,
    inputs,
    targets,
    leftByNeighbours: neighbours?.left,
    disagreement: neighbours?.disagreement,
    renumbered: test && renumberedIn(dataset, train, test),
    classNames: dataset.classNames,
    misplaced: lookForSlips(dataset, neighbours?.disagreement),
    // Windows of a text seldom begin at the same character, so their passages are compared instead.
    ...(isText ? noCopies : copiesIn(train, coarse(train.targets), test)),
    passages: isText && test ? passagesIn(dataset, train, test) : undefined,
    nearCopies:
      test && isTable(dataset) ? nearCopiesIn(tableOf(dataset, train), tableOf(dataset, test)) : undefined,
  };
}

interface Samples {
  readonly count: number;
  readonly inputs: readonly Float32Array[];
  readonly targets: readonly (Float32Array | Int32Array)[];
  /** The real time steps of each sample, where samples differ in length. */
  readonly lengths: Int32Array | undefined;
}

/** Samples at even distances, so that sorted data shows all classes. */
function read({ inputs, targets, ragged }: Dataset, split: Split): Samples {
  const numbers = inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 1);
  const count = Math.max(1, Math.min(split.size, mostSamples, Math.floor(mostNumbers / numbers)));
  const indices = Int32Array.from({ length: count }, (_, place) => Math.floor((place * split.size) / count));
  const lengths = ragged && new Int32Array(count);
  const buffers = {
    inputs: inputs.map(({ shape }) => new Float32Array(count * sizeOf(shape))),
    targets: targets.map(({ shape, type }) => {
      const size = count * sizeOf(shape);
      return type === 'int' ? new Int32Array(size) : new Float32Array(size);
    }),
    ...(lengths ? { lengths } : {}),
  };
  split.fill(indices, count, buffers);
  return { count, inputs: buffers.inputs, targets: buffers.targets, lengths };
}

const partsOf = ({ inputs, lengths }: Samples, index: number) => ({ values: inputs[index], lengths });

type Numbers = Float32Array | Int32Array;

function countsOf(values: Numbers, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const value of values) if (value >= 0 && value < classes) counts[value]++;
  return counts;
}

/** Whether all values are 0 or 1, and some sample has more than one 1. */
function haveSeveral(values: Numbers, count: number): boolean {
  const size = values.length / count;
  let several = false;
  for (let start = 0; start < values.length; start += size) {
    let sum = 0;
    for (let i = start; i < start + size; i++) {
      if (values[i] !== 0 && values[i] !== 1) return false;
      sum += values[i];
    }
    several ||= sum > 1;
  }
  return several;
}

/** The most distinct whole numbers that can be classes which are read as values. */
const mostClasses = 20;

function isWhole(values: Numbers): boolean {
  const seen = new Set<number>();
  for (const value of values) {
    if (!Number.isInteger(value)) return false;
    if (seen.add(value).size > mostClasses) return false;
  }
  return true;
}

/** One list of quantities for each sample. */
const isTable = ({ inputs }: Dataset): boolean =>
  inputs.length === 1 && inputs[0].shape.length === 1 && inputs[0].indicesBelow === undefined;

const tableOf = ({ inputs }: Dataset, { count, inputs: [values] }: Samples): Table => ({
  values,
  features: inputs[0].shape[0],
  count,
});

/** Only for tables with one target. */
function neighboursIn(dataset: Dataset, train: Samples): Neighbours | undefined {
  const { inputs, targets } = dataset;
  if (inputs.length !== 1 || targets.length !== 1 || inputs[0].shape.length !== 1) return undefined;
  return lookAtNeighbours(tableOf(dataset, train), train.targets[0], targets[0].type === 'int');
}

/** Only for texts as one input of indices. */
const passagesIn = ({ inputs }: Dataset, train: Samples, test: Samples): number | undefined =>
  inputs.length === 1 && inputs[0].shape.length === 1 && inputs[0].indicesBelow !== undefined
    ? sharedPassages(train.inputs[0], test.inputs[0], inputs[0].shape[0])
    : undefined;

const noCopies = {
  leaked: undefined,
  repeated: 0,
  contradicting: 0,
  unexplained: 0,
  copies: 0,
  isDiverse: false,
};

/** Rounds targets that are values to a hundredth of their standard deviation, so that copies with rounding errors are equal. */
const coarse = (targets: readonly Numbers[]): readonly Numbers[] =>
  targets.map((values) => {
    const { std } = moments(values);
    return values instanceof Int32Array || std === 0
      ? values
      : Int32Array.from(values, (value) => Math.round(value / (0.01 * std)));
  });

function copiesIn(train: Samples, targets: readonly Numbers[], test: Samples | undefined) {
  const seen = new Map<string, { readonly target: string; readonly rows: number[]; differs: boolean }>();
  const keys = Array.from({ length: train.count }, (_, row) => keyOf(train.inputs, train.count, row));
  keys.forEach((key, row) => {
    const target = keyOf(targets, train.count, row);
    const known = seen.get(key);
    if (known) {
      known.rows.push(row);
      known.differs ||= known.target !== target;
    } else seen.set(key, { target, rows: [row], differs: false });
  });
  const copies = keys.map((key) => seen.get(key)).filter((one) => one !== undefined && one.rows.length > 1);
  const groups = [...seen.values()].map(({ rows }) => rows).filter(({ length }) => length > 1);
  const inBoth = test
    ? Array.from({ length: test.count }, (_, row) => keyOf(test.inputs, test.count, row)).filter((key) =>
        seen.has(key),
      ).length / test.count
    : undefined;
  return {
    leaked: inBoth,
    repeated: copies.length / train.count,
    contradicting: copies.filter((one) => one?.differs).length / train.count,
    unexplained: Math.max(0, ...train.targets.map((values) => unexplainedIn(values, train.count, groups))),
    copies: copies.length / Math.max(1, groups.length),
    isDiverse: isDiverse(
      train,
      [...seen.values()].map(({ rows }) => rows[0]),
    ),
  };
}

/** From this share on, most values of a feature are those of a single sample. */
const mostlySingle = 0.5;

/**
 * Whether each of at least two features tells most samples apart, as measured numbers do: samples that are equal in all features are
 * then copies. `rows`: one of each group of equal samples.
 */
function isDiverse({ inputs, count }: Samples, rows: readonly number[]): boolean {
  let diverse = 0;
  for (const values of inputs) {
    const size = values.length / count;
    for (let feature = 0; feature < size && diverse < 2; feature++) {
      const distinct = new Set<number>();
      for (const row of rows) distinct.add(values[row * size + feature]);
      if (distinct.size > mostlySingle * rows.length) diverse++;
    }
  }
  return diverse >= 2;
}

/** How far the targets in groups of copies differ, relative to those of all samples. */
function unexplainedIn(values: Numbers, count: number, groups: readonly (readonly number[])[]): number {
  const all = differenceIn(
    values,
    count,
    Array.from({ length: count }, (_, row) => row),
  );
  const copies = groups.reduce((sum, { length }) => sum + length, 0);
  const within = groups.reduce((sum, rows) => sum + rows.length * differenceIn(values, count, rows), 0);
  return all > 0 && copies > 0 ? within / copies / all : 0;
}

/** The mean difference between two of these rows: the number of classes that differ, or the sum of squared differences. */
function differenceIn(values: Numbers, count: number, rows: readonly number[]): number {
  const size = values.length / count;
  const isClass = values instanceof Int32Array;
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const column = Array.from(rows, (row) => values[row * size + i]);
    if (isClass) {
      const alike = [...countBy(column).values()].reduce((pairs, one) => pairs + one * (one - 1), 0);
      sum += 1 - alike / (rows.length * (rows.length - 1));
    } else {
      const mean = column.reduce((total, value) => total + value, 0) / rows.length;
      sum += (2 * column.reduce((total, value) => total + (value - mean) ** 2, 0)) / (rows.length - 1);
    }
  }
  return sum;
}

function countBy(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** A hash of all bits of a sample's fields. Different samples have the same hash so rarely that it does not matter here. */
function keyOf(fields: readonly Numbers[], count: number, row: number): string {
  let [a, b] = [0x811c9dc5, 0x1b873593];
  for (const values of fields) {
    const size = values.length / count;
    const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
    for (let i = row * size; i < (row + 1) * size; i++) {
      a = Math.imul(a ^ bits[i], 0x01000193);
      b = Math.imul(b, 31) + bits[i];
      b ^= b >>> 15;
    }
  }
  return `${a} ${b | 0}`;
}

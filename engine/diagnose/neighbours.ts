/** How well samples with similar inputs predict the target. A network that fits the data should do at least as well. */
import type { Table } from './features.ts';

type Numbers = Float32Array | Int32Array;

/** Limits of the work: samples that are compared, and those that are predicted. */
const mostRows = 1000;
const mostPredicted = 400;
/** The same for samples of the test data, which show whole classes. */
const mostOfTest = { rows: 500, predicted: 200 };

/** With more features than this, no sample is near another one. Then only the features that are related to the target are compared. */
const mostFeatures = 20;

/** A prediction is the mean of this many samples. */
const near = 15;

/**
 * How often the class of a sample is not the most frequent one of its neighbours: where they agree most (the half of the samples whose neighbours
 * are of one class most often), where they agree least, and anywhere. `guessing`: how often it is not the most frequent class of all. `samples`: how many were
 * predicted.
 */
export interface Disagreement {
  readonly samples: number;
  readonly sure: number;
  readonly unsure: number;
  readonly all: number;
  readonly guessing: number;
}

export interface Neighbours {
  /**
   * The squared error of predicting each target by the mean of the nearest other samples, relative to that of predicting the mean of all.
   * For classes, the shares of the classes are predicted. About 1 if the inputs do not determine the target, near 0 if they do.
   */
  readonly left: number;
  /** Only for classes. */
  readonly disagreement: Disagreement | undefined;
}

/** Undefined for tables that are too small. */
export function lookAtNeighbours(
  { values, features, count }: Table,
  targets: Numbers,
  isClass: boolean,
): Neighbours | undefined {
  if (targets.length !== count || count < 6 * near) return undefined;
  const rows = everyNth(count, mostRows);
  const answers = isClass ? marksOf(targets, rows) : [Float64Array.from(rows, (row) => targets[row])];
  const columnOf = (feature: number) => {
    const column = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) column[i] = values[rows[i] * features + feature];
    return standardized(column);
  };
  const inputs = mostRelated(features, columnOf, answers.map(standardized)).map(columnOf);
  let [left, all] = [0, 0];
  for (const answer of answers) all += squaresAbout(answer, meanOf(answer));
  const predicted = everyNth(rows.length, mostPredicted);
  const votes: Vote[] = [];
  for (const one of predicted) {
    const nearest = nearestTo(one, inputs, rows.length);
    const shares = answers.map(
      (answer) => nearest.reduce((sum, other) => sum + answer[other], 0) / nearest.length,
    );
    answers.forEach((answer, place) => {
      left += (answer[one] - shares[place]) ** 2;
    });
    const most = Math.max(...shares);
    votes.push({ share: most, isOther: answers[shares.indexOf(most)][one] === 0 });
  }
  if (!(all > 0)) return undefined;
  return {
    left: left / predicted.length / (all / rows.length),
    disagreement: isClass ? disagreementOf(votes, answers, rows.length) : undefined,
  };
}

/** The share of the class that most neighbours of a sample belong to, and whether the sample belongs to another one. */
interface Vote {
  readonly share: number;
  readonly isOther: boolean;
}

function disagreementOf(votes: readonly Vote[], marks: readonly Float64Array[], rows: number): Disagreement {
  const ordered = votes.toSorted((one, other) => other.share - one.share);
  const othersIn = (some: readonly Vote[]) => some.filter(({ isOther }) => isOther).length / some.length;
  const half = Math.floor(ordered.length / 2);
  const frequent = Math.max(...marks.map((mark) => mark.reduce((sum, one) => sum + one, 0)));
  return {
    samples: votes.length,
    sure: othersIn(ordered.slice(0, half)),
    unsure: othersIn(ordered.slice(half)),
    all: othersIn(ordered),
    guessing: 1 - frequent / rows,
  };
}

/**
 * The class that most of the nearest training samples have, for some of the test samples: their rows, and a class for each. Undefined for tables
 * that are too small.
 */
export function classesOfNearest(
  train: Table,
  classes: ArrayLike<number>,
  test: Table,
): { readonly rows: readonly number[]; readonly classes: readonly number[] } | undefined {
  if (train.count < 6 * near || test.count < near) return undefined;
  const rows = everyNth(train.count, mostOfTest.rows);
  const predicted = everyNth(test.count, mostOfTest.predicted);
  const { features } = train;
  const columnOf = (feature: number) => {
    const column = new Float64Array(rows.length + predicted.length);
    for (let i = 0; i < rows.length; i++) column[i] = train.values[rows[i] * features + feature];
    const own = column.subarray(0, rows.length);
    const mean = meanOf(own);
    const deviation = Math.sqrt(squaresAbout(own, mean) / own.length) || 1;
    for (let i = 0; i < predicted.length; i++)
      column[rows.length + i] = test.values[predicted[i] * features + feature];
    for (let i = 0; i < column.length; i++) column[i] = (column[i] - mean) / deviation;
    return column;
  };
  const marks = marksOf(classes, rows);
  const inputs = mostRelated(
    features,
    (feature) => columnOf(feature).subarray(0, rows.length),
    marks.map(standardized),
  ).map(columnOf);
  const kinds = [...new Set(rows.map((row) => classes[row]))];
  return {
    rows: predicted,
    classes: predicted.map((_, place) => {
      const nearest = nearestTo(rows.length + place, inputs, rows.length);
      const votes = marks.map((mark) => nearest.reduce((sum, other) => sum + mark[other], 0));
      return kinds[votes.indexOf(Math.max(...votes))];
    }),
  };
}

const everyNth = (count: number, most: number): number[] =>
  Array.from({ length: Math.min(count, most) }, (_, place) =>
    Math.floor((place * count) / Math.min(count, most)),
  );

/** For each class, 1 where a sample belongs to it. */
const marksOf = (targets: ArrayLike<number>, rows: readonly number[]): Float64Array[] =>
  [...new Set(rows.map((row) => targets[row]))].map((kind) =>
    Float64Array.from(rows, (row) => (targets[row] === kind ? 1 : 0)),
  );

// Plain loops: images have hundreds of columns, and a function that is called for each number takes ten times as long.

function squaresAbout(values: Float64Array, mean: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean) ** 2;
  return sum;
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

function standardized(column: Float64Array): Float64Array {
  const mean = meanOf(column);
  const deviation = Math.sqrt(squaresAbout(column, mean) / column.length) || 1;
  const result = new Float64Array(column.length);
  for (let i = 0; i < column.length; i++) result[i] = (column[i] - mean) / deviation;
  return result;
}

function sumOfProducts(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i] * other[i];
  return sum;
}

/** A correlation of unrelated numbers is rarely this many times its standard error. */
const certain = 3;

/**
 * The features to compare: all, if there are few. Otherwise those that are most closely correlated with an answer, and only those that
 * certainly are, if there are any: in many directions of no account, no sample is near another one.
 */
function mostRelated(
  features: number,
  columnOf: (feature: number) => Float64Array,
  answers: readonly Float64Array[],
): readonly number[] {
  const all = Array.from({ length: features }, (_, feature) => feature);
  if (features <= mostFeatures) return all;
  const related = all.map((feature) => {
    const column = columnOf(feature);
    return Math.max(...answers.map((answer) => Math.abs(sumOfProducts(column, answer))));
  });
  // Sums of n products of standardized numbers: their deviation is the root of n.
  const least = certain * Math.sqrt(answers[0].length);
  const ordered = all.toSorted((one, other) => related[other] - related[one]).slice(0, mostFeatures);
  const certainly = ordered.filter((feature) => related[feature] > least);
  return certainly.length > 0 ? certainly : ordered;
}

function nearestTo(one: number, inputs: readonly Float64Array[], count: number): readonly number[] {
  const distances = new Float64Array(count);
  for (const column of inputs) {
    const own = column[one];
    for (let other = 0; other < count; other++) distances[other] += (own - column[other]) ** 2;
  }
  // A sample is not its own neighbour.
  if (one < count) distances[one] = Number.POSITIVE_INFINITY;
  const limit = smallest(distances, near);
  const nearest: number[] = [];
  for (let other = 0; nearest.length < near && other < count; other++)
    if (distances[other] <= limit && other !== one) nearest.push(other);
  return nearest;
}

/** The nth of the values in ascending order, for a small n. It takes a tenth of the time of sorting them all. */
function smallest(values: Float64Array, nth: number): number {
  const least = new Float64Array(nth).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!(value < least[nth - 1])) continue;
    let place = nth - 1;
    for (; place > 0 && least[place - 1] > value; place--) least[place] = least[place - 1];
    least[place] = value;
  }
  return least[nth - 1];
}

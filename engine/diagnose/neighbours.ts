/** How well samples with similar inputs predict the target. A network that fits the data should do at least as well. */
import type { Table } from './features.ts';

type Numbers = Float32Array | Int32Array;

/** Limits of the work: samples that are compared, and those that are predicted. */
const mostRows = 1000;
const mostPredicted = 200;

/** With more features than this, no sample is near another one. Then only the features that are related to the target are compared. */
const mostFeatures = 20;

/** A prediction is the mean of this many samples. */
const near = 15;

/**
 * The squared error of predicting each target by the mean of the nearest other samples, relative to that of predicting the mean of all.
 * For classes, the shares of the classes are predicted. About 1 if the inputs do not determine the target, near 0 if they do. Undefined
 * for tables that are too small.
 */
export function shareLeftByNeighbours(
  { values, features, count }: Table,
  targets: Numbers,
  isClass: boolean,
): number | undefined {
  if (targets.length !== count || count < 6 * near) return undefined;
  const rows = everyNth(count, mostRows);
  const answers = isClass ? marksOf(targets, rows) : [Float64Array.from(rows, (row) => targets[row])];
  const columnOf = (feature: number) =>
    standardized(Float64Array.from(rows, (row) => values[row * features + feature]));
  const inputs = mostRelated(features, columnOf, answers.map(standardized)).map(columnOf);
  let [left, all] = [0, 0];
  for (const answer of answers)
    all += squaresAbout(answer, answer.reduce((sum, one) => sum + one, 0) / rows.length);
  const predicted = everyNth(rows.length, mostPredicted);
  for (const one of predicted) {
    const nearest = nearestTo(one, inputs, rows.length);
    for (const answer of answers) {
      const mean = nearest.reduce((sum, other) => sum + answer[other], 0) / nearest.length;
      left += (answer[one] - mean) ** 2;
    }
  }
  return all > 0 ? left / predicted.length / (all / rows.length) : undefined;
}

const everyNth = (count: number, most: number): number[] =>
  Array.from({ length: Math.min(count, most) }, (_, place) =>
    Math.floor((place * count) / Math.min(count, most)),
  );

/** For each class, 1 where a sample belongs to it. */
const marksOf = (targets: Numbers, rows: readonly number[]): Float64Array[] =>
  [...new Set(rows.map((row) => targets[row]))].map((kind) =>
    Float64Array.from(rows, (row) => (targets[row] === kind ? 1 : 0)),
  );

const squaresAbout = (values: Float64Array, mean: number): number =>
  values.reduce((sum, value) => sum + (value - mean) ** 2, 0);

function standardized(column: Float64Array): Float64Array {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const deviation = Math.sqrt(squaresAbout(column, mean) / column.length) || 1;
  return column.map((value) => (value - mean) / deviation);
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
    const products = answers.map((answer) =>
      column.reduce((sum, value, row) => sum + value * answer[row], 0),
    );
    return Math.max(...products.map(Math.abs));
  });
  // Sums of n products of standardized numbers: their deviation is the root of n.
  const least = certain * Math.sqrt(answers[0].length);
  const ordered = all.toSorted((one, other) => related[other] - related[one]).slice(0, mostFeatures);
  const certainly = ordered.filter((feature) => related[feature] > least);
  return certainly.length > 0 ? certainly : ordered;
}

function nearestTo(one: number, inputs: readonly Float64Array[], count: number): readonly number[] {
  const distances = new Float64Array(count);
  for (let other = 0; other < count; other++) {
    let sum = 0;
    for (const column of inputs) sum += (column[one] - column[other]) ** 2;
    distances[other] = sum;
  }
  // A sample is not its own neighbour.
  distances[one] = Number.POSITIVE_INFINITY;
  const limit = distances.toSorted()[near - 1];
  return Array.from(distances.keys())
    .filter((other) => distances[other] <= limit)
    .slice(0, near);
}

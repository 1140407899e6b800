/** How well samples with similar inputs predict the target. A network that fits the data should do at least as well. */
import type { Table } from './features.ts';

type Numbers = Float32Array | Int32Array;

/** Limits of the work: samples that are compared, and those that are predicted. */
const mostRows = 1000;
const mostPredicted = 200;

/** With more features than this, no sample is near another one. */
const mostFeatures = 20;

/** A prediction is the mean of this many samples. */
const near = 15;

/**
 * The squared error of predicting each target by the mean of the nearest other samples, relative to that of predicting the mean of all.
 * For classes, the shares of the classes are predicted. About 1 if the inputs do not determine the target, near 0 if they do. Undefined
 * for tables that are too small or have too many features.
 */
export function shareLeftByNeighbours(
  { values, features, count }: Table,
  targets: Numbers,
  isClass: boolean,
): number | undefined {
  if (targets.length !== count || features > mostFeatures || count < 6 * near) return undefined;
  const rows = everyNth(count, mostRows);
  const inputs = standardized(values, features, rows);
  const answers = isClass ? marksOf(targets, rows) : [Float64Array.from(rows, (row) => targets[row])];
  let [left, all] = [0, 0];
  for (const answer of answers)
    all += squaresAbout(answer, answer.reduce((sum, one) => sum + one, 0) / rows.length);
  const predicted = everyNth(rows.length, mostPredicted);
  for (const one of predicted) {
    const nearest = nearestTo(one, inputs, features);
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

function standardized(values: Float32Array, features: number, rows: readonly number[]): Float64Array {
  const scaled = new Float64Array(rows.length * features);
  for (let feature = 0; feature < features; feature++) {
    const column = Float64Array.from(rows, (row) => values[row * features + feature]);
    const mean = column.reduce((sum, value) => sum + value, 0) / rows.length;
    const deviation = Math.sqrt(squaresAbout(column, mean) / rows.length) || 1;
    column.forEach((value, place) => {
      scaled[place * features + feature] = (value - mean) / deviation;
    });
  }
  return scaled;
}

function nearestTo(one: number, inputs: Float64Array, features: number): readonly number[] {
  const count = inputs.length / features;
  const distances = new Float64Array(count);
  for (let other = 0; other < count; other++) {
    let sum = 0;
    for (let i = 0; i < features; i++)
      sum += (inputs[one * features + i] - inputs[other * features + i]) ** 2;
    distances[other] = sum;
  }
  // A sample is not its own neighbour.
  distances[one] = Number.POSITIVE_INFINITY;
  const limit = distances.toSorted()[near - 1];
  return Array.from(distances.keys())
    .filter((other) => distances[other] <= limit)
    .slice(0, near);
}

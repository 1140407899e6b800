/** Features in which a few values are so far from all others that they decide the scale: codes for missing values, typing errors. */

export interface Outlying {
  /** Counted from 0. */
  readonly feature: number;
  /** Share of the values that are far out. */
  readonly share: number;
  /** The value that is farthest from the others. */
  readonly farthest: number;
  /** Below and above which one of ten values lies. */
  readonly low: number;
  readonly high: number;
  /** The distance between these two, relative to the standard deviation of all values; 2.56 for a normal distribution. */
  readonly width: number;
}

/** Values that quantiles are computed from at most, and at least. */
const mostSorted = 5000;
const fewest = 50;
/**
 * Distances from the middle eight tenths, relative to their width: nothing lies between `near` and `far`, and something beyond. A
 * distribution with a long tail has values in between.
 */
const near = 3;
const far = 10;
/** Values that are far out are few, or they are not far out but another group. */
const mostShare = 0.1;

/** `values`: rows of features, one after another. */
export function featuresWithOutliers(
  values: Float32Array | Int32Array,
  features: number,
): readonly Outlying[] {
  if (features === 0 || values.length < fewest * features) return [];
  return Array.from({ length: features }, (_, feature) => outliersOf(values, features, feature)).filter(
    (found) => found !== undefined,
  );
}

function outliersOf(
  values: Float32Array | Int32Array,
  features: number,
  feature: number,
): Outlying | undefined {
  const rows = Math.floor(values.length / features);
  const at = (row: number) => values[row * features + feature];
  const sorted = Math.min(rows, mostSorted);
  const sample = Float64Array.from({ length: sorted }, (_, place) =>
    at(Math.floor((place * rows) / sorted)),
  ).sort();
  const [low, high] = [sample[Math.floor(0.1 * sorted)], sample[Math.floor(0.9 * (sorted - 1))]];
  const width = high - low;
  if (!(width > 0)) return undefined;
  let [count, between, sum, squares, farthest, distance] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const value = at(row);
    const away = Math.max(low - value, value - high) / width;
    if (away > far) count++;
    else if (away > near) between++;
    if (away > distance) [farthest, distance] = [value, away];
    sum += value - low;
    squares += (value - low) ** 2;
  }
  if (count === 0 || between > 0 || count > mostShare * rows) return undefined;
  const std = Math.sqrt(squares / rows - (sum / rows) ** 2);
  return { feature, share: count / rows, farthest, low, high, width: width / std };
}

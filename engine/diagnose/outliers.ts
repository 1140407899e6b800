/** Features in which a few values are so far from all others that they decide the scale: codes for missing values, typing errors. */

export interface Outlying {
  /** Counted from 0. */
  readonly feature: number;
  /** Share of the values that are far out. */
  readonly share: number;
  /** The value that is farthest from the others. */
  readonly farthest: number;
  /** One value in ten is below `low`, and one in ten is above `high`. */
  readonly low: number;
  readonly high: number;
  /** The distance between these two, relative to the standard deviation of all values; 2.56 for a normal distribution. */
  readonly width: number;
}

/** Quantiles are computed from at most, and from at least, this many values. */
const mostSorted = 5000;
const fewest = 50;
/**
 * Distances from the middle eight tenths of the values, relative to their width. Nothing is between `near` and `far`, and something is
 * beyond `far`. A distribution with a long tail has values in between.
 */
const near = 3;
const far = 10;
/** At most this share of the values can be outliers; more of them are a group of their own. */
const mostShare = 0.1;

/** The features that have outliers. `values`: [samples, features]. None if there are too few samples to judge. */
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

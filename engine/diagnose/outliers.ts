/** Features in which a few values are so far from all others that they decide the scale: codes for missing values, typing errors. */
import type { Scaling } from '../data/scaling.ts';

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
  /**
   * The outlying values, if only few are different, so that they may be codes, and if no other feature has them. None if they have more
   * digits than were kept: a code must be written as it is in the file.
   */
  readonly codes: readonly number[];
}

/** Quantiles are computed from at most, and from at least, this many values. */
const mostSorted = 5000;
const fewest = 50;
/**
 * Distances from the middle eight tenths of the values, relative to their width. Nothing is between `near` and `apart`, and something is
 * beyond `far`. A distribution with a long tail has values in between.
 */
const near = 3;
const apart = 6;
const far = 10;
/** At most this share of the values can be outliers; more of them are a group of their own, */
const mostShare = 0.1;
/** unless all of them are one value at an end that looks like a code. */
const mostOfCode = 0.5;

/** Codes of missing values, or single mistakes: at most this many different values. */
const mostCodes = 3;
/** Digits that a float32 keeps through scaling. */
const digits = 6;

/**
 * The features that have outliers. `values`: [samples, features]. None if there are too few samples to judge. `scaling`: how the numbers of
 * the file became these values; the results are numbers of the file.
 */
export function featuresWithOutliers(
  values: Float32Array | Int32Array,
  features: number,
  scaling?: Scaling,
): readonly Outlying[] {
  if (features === 0 || values.length < fewest * features) return [];
  const columns = Array.from({ length: features }, (_, feature) =>
    Float64Array.from({ length: Math.floor(values.length / features) }, (_, row) => {
      const value = values[row * features + feature];
      return scaling ? value / scaling.factor[feature] + scaling.offset[feature] : value;
    }),
  );
  const found = columns.map(outliersOf).filter((one) => one !== undefined);
  return found.map((one) => ({
    ...one,
    // The code of one column may be a value in another one.
    codes: one.codes.filter((code) =>
      columns.every(
        (column, feature) =>
          found.some((other) => other.feature === feature && other.codes.includes(code)) ||
          !column.some((value) => isNear(value, code)),
      ),
    ),
  }));
}

const precision = 10 ** -digits;

/** A number as it was in the file, before scaling and float32 changed its last digits. `size`: of the other numbers in its column. */
const rounded = (value: number, size: number): number =>
  Math.abs(value) < precision * size ? 0 : Number(value.toPrecision(digits));

/** Whether a value is a code as it is written in the file: of whole numbers that float32 has, not another one. */
const isSame = (value: number, code: number): boolean =>
  isNear(value, code) && (Math.abs(code) > 2 ** 24 || Math.abs(value - code) < 1);

const isNear = (value: number, code: number): boolean => Math.abs(value - code) <= precision * Math.abs(code);

/** Nines, such as 999 and −99.9. A zero may be an amount, and 502 one of two groups. */
const nines = /^-?9{2,}(\.9+)?$/;

/** Sorted values without the one at an end that many of them have, if it looks like a code: nines, or less than zero among amounts. */
function withoutCode(sorted: Float64Array): Float64Array {
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  const start = sorted.findIndex((value) => value !== first);
  const end = sorted.findLastIndex((value) => value !== last) + 1;
  const middle = sorted[Math.floor((start + end) / 2)];
  const isCode = (value: number, count: number) => {
    if (count <= mostShare * sorted.length || count > mostOfCode * sorted.length) return false;
    const code = rounded(value, Math.abs(middle));
    return nines.test(String(code)) || (code < 0 && sorted[start] >= 0);
  };
  if (isCode(first, start)) return sorted.subarray(start);
  if (isCode(last, sorted.length - end)) return sorted.subarray(0, end);
  return sorted;
}

function outliersOf(column: Float64Array, feature: number): Outlying | undefined {
  const rows = column.length;
  const sorted = Math.min(rows, mostSorted);
  const sample = Float64Array.from(
    { length: sorted },
    (_, place) => column[Math.floor((place * rows) / sorted)],
  ).sort();
  const others = withoutCode(sample);
  const kept = others.length;
  const [low, high] = [others[Math.floor(0.1 * kept)], others[Math.floor(0.9 * (kept - 1))]];
  const width = high - low;
  if (!(width > 0)) return undefined;
  const different = new Set<number>();
  let areShort = true;
  let [count, between, sum, squares, farthest, distance] = [0, 0, 0, 0, 0, 0];
  for (const value of column) {
    const away = Math.max(low - value, value - high) / width;
    if (away > apart) {
      count++;
      const code = rounded(value, Math.max(Math.abs(low), Math.abs(high)));
      different.add(code);
      areShort &&= code === 0 || isSame(value, code);
    } else if (away > near) between++;
    if (away > distance) [farthest, distance] = [value, away];
    sum += value - low;
    squares += (value - low) ** 2;
  }
  const isCode = kept < sorted && different.size === 1;
  if (!(distance > far) || between > 0 || count > (isCode ? mostOfCode : mostShare) * rows) return undefined;
  const std = Math.sqrt(squares / rows - (sum / rows) ** 2);
  return {
    feature,
    share: count / rows,
    farthest,
    low,
    high,
    width: width / std,
    codes: areShort && different.size <= mostCodes ? [...different] : [],
  };
}

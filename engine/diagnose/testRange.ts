/** Whether test inputs are where no training input is, as when only one of the two tables was scaled. */

/** A feature, counted from 0, and the share of its test values that are outside of the range of its training values. */
export interface Displaced {
  /** Undefined where all values of the field are taken together, as for images and sequences. */
  readonly feature: number | undefined;
  readonly share: number;
  readonly train: readonly [min: number, max: number];
  readonly test: readonly [min: number, max: number];
  /** The values are the means of whole samples. */
  readonly isMean?: true;
}

/**
 * Values this far outside are still counted as inside, as a part of the range. The values of a table vary about the same mean; a series that grows
 * continues beyond its range.
 */
const margin = { table: 0.1, other: 0.5 };

/**
 * The feature with the largest share of such values; undefined if no feature varies. `shape`: that of one sample. Images and sequences can lie
 * elsewhere within the same range, as negatives do. Then their means are outside.
 */
export function mostDisplaced(
  train: Float32Array,
  test: Float32Array,
  shape: readonly number[],
): Displaced | undefined {
  const values = displacedIn(train, test, shape);
  if (shape.length < 2) return values;
  const size = shape.reduce((product, length) => product * length, 1);
  const means = displacedIn(meansOf(train, size), meansOf(test, size), []);
  return means && means.share > (values?.share ?? 0) ? { ...means, isMean: true } : values;
}

const meansOf = (values: Float32Array, size: number): Float32Array =>
  Float32Array.from({ length: values.length / size }, (_, sample) => {
    let sum = 0;
    for (let i = sample * size; i < (sample + 1) * size; i++) sum += values[i];
    return sum / size;
  });

function displacedIn(
  train: Float32Array,
  test: Float32Array,
  shape: readonly number[],
): Displaced | undefined {
  const isTable = shape.length === 1;
  const features = isTable ? shape[0] : 1;
  let most: Displaced | undefined;
  for (let feature = 0; feature < features; feature++) {
    const [known, own] = [rangeOf(train, feature, features), rangeOf(test, feature, features)];
    const extra = (isTable ? margin.table : margin.other) * (known[1] - known[0]);
    if (!(extra > 0)) continue;
    let outside = 0;
    for (let i = feature; i < test.length; i += features)
      if (test[i] < known[0] - extra || test[i] > known[1] + extra) outside++;
    const share = (outside * features) / test.length;
    if (!most || share > most.share)
      most = { feature: isTable ? feature : undefined, share, train: known, test: own };
  }
  return most;
}

function rangeOf(values: Float32Array, first: number, distance: number): readonly [number, number] {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = first; i < values.length; i += distance) {
    min = Math.min(min, values[i]);
    max = Math.max(max, values[i]);
  }
  return [min, max];
}

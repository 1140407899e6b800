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
  train: Samples,
  test: Samples,
  shape: readonly number[],
): Displaced | undefined {
  const [known, own] = [train, test].map((samples) => samplesIn(samples, shape));
  const values = displacedIn(joined(known), joined(own), shape);
  if (shape.length < 2) return values;
  const means = displacedIn(meansOf(known), meansOf(own), []);
  return means && means.share > (values?.share ?? 0) ? { ...means, isMean: true } : values;
}

/** The values of one field; with the real time steps of each sample, where samples differ in length. */
interface Samples {
  readonly values: Float32Array;
  readonly lengths?: Int32Array | undefined;
}

/** The values of each sample, without padding. */
function samplesIn({ values, lengths }: Samples, shape: readonly number[]): readonly Float32Array[] {
  const size = shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: values.length / size }, (_, sample) => {
    const real = lengths ? (size / shape[0]) * lengths[sample] : size;
    return values.subarray(sample * size, sample * size + real);
  });
}

function joined(samples: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(samples.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const values of samples) {
    all.set(values, place);
    place += values.length;
  }
  return all;
}

const meansOf = (samples: readonly Float32Array[]): Float32Array =>
  Float32Array.from(samples, (values) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[i];
    return sum / Math.max(1, values.length);
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

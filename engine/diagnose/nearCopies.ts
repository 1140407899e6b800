/** Test samples that differ from a training sample by next to nothing: copies that were measured again, rounded, or changed a little. */
import type { Table } from './features.ts';

/** With fewer measured features, samples are close by chance; with more features, the search takes long. */
const features = { fewestMeasured: 3, most: 100 };

/** The most values of a feature that are codes. A feature with more is measured. */
const mostCodes = 20;

/** The most test samples that are compared. */
const mostCompared = 200;

/** A copy is nearer than this part of the distance to the tenth nearest sample. */
const [near, others] = [0.03, 10];

/** The share of test samples with such a copy. Exact copies do not count: samples of a few values are equal by chance. Undefined where it is not computed. */
export function nearCopiesIn(train: Table, test: Table): number | undefined {
  const { features: width, count } = train;
  if (width > features.most || count <= others || measuredIn(train) < features.fewestMeasured)
    return undefined;
  const scales = Float64Array.from({ length: width }, (_, feature) => scaleOf(train, feature));
  const compared = Math.min(mostCompared, test.count);
  const distances = new Float64Array(count);
  let copies = 0;
  for (let place = 0; place < compared; place++) {
    const row = Math.floor((place * test.count) / compared) * width;
    for (let other = 0; other < count; other++) {
      let sum = 0;
      for (let i = 0; i < width; i++)
        sum += ((test.values[row + i] - train.values[other * width + i]) * scales[i]) ** 2;
      distances[other] = sum;
    }
    distances.sort();
    const [nearest, usual] = [Math.sqrt(distances[0]), Math.sqrt(distances[others - 1])];
    if (nearest > 0 && nearest < near * usual) copies++;
  }
  return copies / compared;
}

function measuredIn({ values, features: width, count }: Table): number {
  let measured = 0;
  for (let feature = 0; feature < width; feature++) {
    const distinct = new Set<number>();
    for (let i = feature; i < count * width && distinct.size <= mostCodes; i += width)
      distinct.add(values[i]);
    if (distinct.size > mostCodes) measured++;
  }
  return measured;
}

/** One over the standard deviation of a feature; 0 for one that never changes. */
function scaleOf({ values, features: width, count }: Table, feature: number): number {
  let [sum, squares] = [0, 0];
  for (let i = feature; i < count * width; i += width) {
    sum += values[i];
    squares += values[i] ** 2;
  }
  const variance = squares / count - (sum / count) ** 2;
  // Below the precision of the numbers, nothing changes.
  return variance > (1e-12 * squares) / count ? 1 / Math.sqrt(variance) : 0;
}

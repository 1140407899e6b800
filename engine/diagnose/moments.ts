/** How the values of a field of the data are distributed. */

type Numbers = Float32Array | Int32Array;

/** Mean, standard deviation and range. */
export function moments(values: Numbers) {
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  // Plain loops: in code that is not compiled yet, an iterator takes ten times as long.
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const mean = sum / Math.max(1, values.length);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  return { mean, std: Math.sqrt(squares / Math.max(1, values.length)), min, max };
}

/** Each of a sample's values about its own mean: for images, about the mean image. */
export function varianceOf(values: Numbers, count: number): number {
  const size = values.length / count;
  const means = new Float64Array(size);
  for (let i = 0; i < values.length; i++) means[i % size] += values[i] / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - means[i % size]) ** 2;
  return squares / Math.max(1, values.length);
}

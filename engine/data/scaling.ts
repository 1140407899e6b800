/** Scaling of columns to a common range, by figures of the training part. */

export type Normalization = 'none' | 'standardize' | 'minmax';

/** x becomes (x − offset) · factor, a pair for each column. */
export interface Scaling {
  readonly offset: Float64Array;
  readonly factor: Float64Array;
}

/** Figures of the given rows of [rows, columns]. A column that never changes keeps its scale. */
export function fitScaling(
  values: ArrayLike<number>,
  columns: number,
  rows: Int32Array,
  how: Normalization,
): Scaling {
  const offset = new Float64Array(columns);
  const factor = new Float64Array(columns).fill(1);
  if (how === 'none') return { offset, factor };
  for (let column = 0; column < columns; column++) {
    const [middle, spread] =
      how === 'standardize'
        ? meanAndDeviation(values, columns, column, rows)
        : minAndRange(values, columns, column, rows);
    offset[column] = middle;
    if (spread > 0) factor[column] = 1 / spread;
  }
  return { offset, factor };
}

export function scaleInPlace(values: Float32Array, columns: number, { offset, factor }: Scaling): void {
  for (let i = 0; i < values.length; i++) {
    const column = i % columns;
    values[i] = (values[i] - offset[column]) * factor[column];
  }
}

function meanAndDeviation(
  values: ArrayLike<number>,
  columns: number,
  column: number,
  rows: Int32Array,
): [number, number] {
  let sum = 0;
  for (const row of rows) sum += values[row * columns + column];
  const mean = sum / rows.length;
  let squares = 0;
  for (const row of rows) squares += (values[row * columns + column] - mean) ** 2;
  return [mean, Math.sqrt(squares / rows.length)];
}

function minAndRange(
  values: ArrayLike<number>,
  columns: number,
  column: number,
  rows: Int32Array,
): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    low = Math.min(low, values[row * columns + column]);
    high = Math.max(high, values[row * columns + column]);
  }
  return [low, high - low];
}

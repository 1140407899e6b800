/** Scaling of columns to a common range, by statistics of the training part. Computed in float64: values become float32 only when scaled. */
import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import { fitsFloat32 } from './numerals.ts';

export type Normalization = 'none' | 'standardize' | 'minmax';

/** x becomes (x − offset) · factor, a pair for each column. */
export interface Scaling {
  readonly offset: readonly number[];
  readonly factor: readonly number[];
}

/** One column that keeps its values. */
export const asItIs: Scaling = { offset: [0], factor: [1] };

/** Statistics of the given rows of [rows, columns]. A column that never changes keeps its scale. */
export function fitScaling(
  values: ArrayLike<number>,
  columns: number,
  rows: Int32Array,
  how: Normalization,
): Scaling {
  const offset = new Array<number>(columns).fill(0);
  const factor = new Array<number>(columns).fill(1);
  if (how === 'none') return { offset, factor };
  const measure = how === 'standardize' ? meanAndDeviation : minAndRange;
  for (let column = 0; column < columns; column++) {
    const [middle, spread] = measure(values, columns, column, rows);
    offset[column] = middle;
    if (spread > 0 && Number.isFinite(1 / spread)) factor[column] = 1 / spread;
  }
  return { offset, factor };
}

/** The scaling that weights were trained with; undefined if none was kept for this many columns. */
export function trainedScaling(kept: Json | undefined, columns: number): Scaling | undefined {
  const numbers = (list: Json | undefined): list is number[] =>
    Array.isArray(list) && list.length === columns && list.every((value) => typeof value === 'number');
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return undefined;
  const { offset, factor } = kept;
  return numbers(offset) && numbers(factor) ? { offset, factor } : undefined;
}

export const keptScaling = ({ offset, factor }: Scaling): Json => ({
  offset: [...offset],
  factor: [...factor],
});

/** Values [rows, columns] scaled, as float32. `refuse` throws for a value that float32 cannot hold then. */
export function scaled(
  values: Float64Array,
  columns: number,
  { offset, factor }: Scaling,
  refuse: (row: number, column: number, problem: string) => Error,
): Float32Array {
  const result = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const column = i % columns;
    const value = (values[i] - offset[column]) * factor[column];
    if (!fitsFloat32(value))
      throw refuse(
        (i - column) / columns,
        column,
        l10n.t(
          'scaled with the statistics of the training data, {0} exceeds the largest float32 number. Remove the row, or set "normalize" to "none".',
          values[i],
        ),
      );
    result[i] = value;
  }
  return result;
}

/** One column of values to predict, scaled. */
export const scaledTargets = (
  values: ArrayLike<number>,
  { offset: [offset], factor: [factor] }: Scaling,
): Float32Array => Float32Array.from(values, (value) => (value - offset) * factor);

/**
 * Relative to the first value, so that large values that differ little keep their digits, and equal values deviate by exactly 0.
 */
function meanAndDeviation(
  values: ArrayLike<number>,
  columns: number,
  column: number,
  rows: Int32Array,
): [number, number] {
  const first = values[rows[0] * columns + column];
  let sum = 0;
  for (const row of rows) sum += values[row * columns + column] - first;
  const mean = sum / rows.length;
  let squares = 0;
  for (const row of rows) squares += (values[row * columns + column] - first - mean) ** 2;
  return [first + mean, Math.sqrt(squares / rows.length)];
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

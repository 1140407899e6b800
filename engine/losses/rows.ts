/** Rows: the cells of the leading axes of a sample, each with a value or a vector to compare. The first axis is time. */
import { type Shape, sizeOf } from '../layers/define.ts';

export interface Rows {
  readonly perSample: number;
  /** Rows in one time step; without leading axes a sample is one step. */
  readonly perStep: number;
}

export function rowsOf(axes: Shape): Rows {
  const perSample = sizeOf(axes);
  return { perSample, perStep: axes.length === 0 ? 1 : perSample / axes[0] };
}

/** Whether row `row` of the batch lies within its sample's length. */
export function isReal(lengths: Int32Array | undefined, row: number, { perSample, perStep }: Rows): boolean {
  if (!lengths) return true;
  const sample = Math.floor(row / perSample);
  return (row - sample * perSample) / perStep < lengths[sample];
}

/** How many rows of a batch lie within their sample's length. */
export function realRows(lengths: Int32Array | undefined, batch: number, rows: Rows): number {
  if (!lengths) return batch * rows.perSample;
  let count = 0;
  for (let row = 0; row < batch * rows.perSample; row++) if (isReal(lengths, row, rows)) count++;
  return count;
}

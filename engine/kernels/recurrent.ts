/**
 * Kernels of recurrent layers: moving rows, and the fused arithmetic of one time step.
 *
 * Tables are ordered by step, and each step is a contiguous block of `rows` samples. A table of states has one more block than
 * there are steps: at `stateRow` the state before the step, `rows` further the state after it. `row` is where the step's block
 * begins in every other table, except for the gradients of pre-activations, where it begins at `gradRow`. Rows count whole rows
 * of a table, not elements.
 */
// biome-ignore-all format: a signature lists one group of operands a line.
import type { FloatArray } from './tensor.ts';

export interface RecurrentKernels {
  /** y[r, :] = x[index[r], :], or 0 where the index is negative. */
  gatherRows(
    rows: number, width: number, index: Int32Array, indexOffset: number,
    x: FloatArray, xOffset: number, xStride: number,
    y: FloatArray, yOffset: number, yStride: number,
  ): void;
  /** y[index[r], :] = x[r, :], or += with `accumulate`; rows with a negative index are skipped. Indices may repeat. */
  scatterRows(
    rows: number, width: number, index: Int32Array, indexOffset: number,
    x: FloatArray, xOffset: number, xStride: number,
    y: FloatArray, yOffset: number, yStride: number,
    accumulate: boolean,
  ): void;

  /** h = f(z): tanh, or relu. z is `gates` [·, units]. */
  rnnCell(rows: number, units: number, row: number, stateRow: number, relu: boolean, gates: FloatArray, hidden: FloatArray): void;
  /** dz = dh · f′, written into `gradGates`. */
  rnnCellBackward(
    rows: number, units: number, stateRow: number, gradRow: number, relu: boolean,
    hidden: FloatArray, gradHidden: FloatArray, gradGates: FloatArray,
  ): void;

  /**
   * Turns the pre-activations in `gates` [·, 4 · units], blocks i f a o, into gate values; then c = f · c₋₁ + i · a,
   * `cellActivation` = tanh(c) and h = o · tanh(c). `peephole` [3, units] adds p_i · c₋₁, p_f · c₋₁ and p_o · c.
   */
  lstmCell(
    rows: number, units: number, row: number, stateRow: number,
    gates: FloatArray, cellActivation: FloatArray, cell: FloatArray, hidden: FloatArray, peephole: FloatArray | undefined,
  ): void;
  /** Writes `gradGates`, before the activations. `gradCell` [rows, units] turns from dc into dc₋₁ in place. */
  lstmCellBackward(
    rows: number, units: number, row: number, stateRow: number, gradRow: number,
    gates: FloatArray, cellActivation: FloatArray, cell: FloatArray, peephole: FloatArray | undefined,
    gradHidden: FloatArray, gradCell: FloatArray, gradGates: FloatArray,
  ): void;

  /**
   * GRU with the reset after the product. `gates` [·, 3 · units], blocks z r c, contains the input's part of the pre-activations
   * and becomes gate values; `recurrent` [rows, 3 · units] contains the part of h₋₁, whose last block is kept in
   * `recurrentCandidate`: c = tanh(x_c + r · h_c), h = z · h₋₁ + (1 − z) · c.
   */
  gruCell(
    rows: number, units: number, row: number, stateRow: number,
    gates: FloatArray, recurrent: FloatArray, recurrentCandidate: FloatArray, hidden: FloatArray,
  ): void;
  /** Writes `gradGates` (the part of x) and `gradRecurrent` (the part of h₋₁). With `carry`, adds z · dh to the state before. */
  gruCellBackward(
    rows: number, units: number, row: number, stateRow: number, gradRow: number, carry: boolean,
    gates: FloatArray, recurrentCandidate: FloatArray, hidden: FloatArray,
    gradHidden: FloatArray, gradGates: FloatArray, gradRecurrent: FloatArray,
  ): void;

  /** GRU with the reset before the product, first half: z and r of `gates` become gate values, `resetHidden` = r · `source`. */
  gruResetCell(
    rows: number, units: number, row: number, stateRow: number,
    gates: FloatArray, source: FloatArray, resetHidden: FloatArray,
  ): void;
  /** Second half: c = tanh, h = z · h₋₁ + (1 − z) · c. */
  gruCandidateCell(rows: number, units: number, row: number, stateRow: number, gates: FloatArray, hidden: FloatArray): void;
  /** Backward of the second half: z and c of `gradGates`. With `carry`, adds z · dh to the state before. */
  gruCandidateCellBackward(
    rows: number, units: number, row: number, stateRow: number, gradRow: number, carry: boolean,
    gates: FloatArray, hidden: FloatArray, gradHidden: FloatArray, gradGates: FloatArray,
  ): void;
  /** Backward of the first half from `gradReset` [rows, units]: r of `gradGates`. With `carry`, adds r · gradReset to `gradSource`. */
  gruResetCellBackward(
    rows: number, units: number, row: number, stateRow: number, gradRow: number, carry: boolean,
    gates: FloatArray, source: FloatArray, gradReset: FloatArray, gradSource: FloatArray, gradGates: FloatArray,
  ): void;
}

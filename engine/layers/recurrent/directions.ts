/**
 * Outputs of a recurrent layer, and how those of two directions are joined. Concatenation needs no work: each direction writes
 * its half.
 */
import type { Tensor } from '../../kernels/tensor.ts';
import type { RecurrentBackwardPass, RecurrentPass } from './shape.ts';
import { copyRows } from './steps.ts';

/** Where the directions write their outputs, side by side. */
export const sidesOf = ({ saved, output }: RecurrentPass): Tensor => saved.sides ?? output;

export const gradSidesOf = ({ scratch, gradOutput }: RecurrentBackwardPass): Tensor =>
  scratch.gradSides ?? gradOutput;

/** Writes the state of every step, or of the last one, into this direction's half of the output. Padded steps give 0. */
export function writeOutput(pass: RecurrentPass, direction: number, row: number, stateRow: number): void {
  const { kernels, batch, lengths, attributes, saved, constants } = pass;
  const { hiddenSize, returnSequences } = attributes;
  const { directions, time } = constants;
  const width = directions * hiddenSize;
  const sides = sidesOf(pass).data;
  const hidden = saved.hiddenStates.data;
  const half = direction * hiddenSize;
  if (!returnSequences) {
    copyRows(
      batch,
      hiddenSize,
      hidden,
      (stateRow + time * batch) * hiddenSize,
      hiddenSize,
      sides,
      half,
      width,
    );
    return;
  }
  if (lengths && direction === 0) sides.fill(0, 0, batch * time * width);
  kernels.scatterRows(
    time * batch,
    hiddenSize,
    saved.outputRows.data,
    row,
    hidden,
    (stateRow + batch) * hiddenSize,
    hiddenSize,
    sides,
    half,
    width,
    false,
  );
}

const rowCount = ({ batch, attributes, constants }: RecurrentPass): number =>
  batch * (attributes.returnSequences ? constants.time : 1);

/** y = f + b, f · b or (f + b) / 2, with f and b the halves of each row of `sides`. */
export function mergeSides(pass: RecurrentPass): void {
  const { saved, output, attributes } = pass;
  if (!saved.sides) return;
  const { hiddenSize, mergeMode } = attributes;
  const sides = saved.sides.data;
  const y = output.data;
  const scale = mergeMode === 'average' ? 0.5 : 1;
  const rows = rowCount(pass);
  for (let row = 0, n = 0; row < rows; row++) {
    const forward = row * 2 * hiddenSize;
    const backward = forward + hiddenSize;
    for (let i = 0; i < hiddenSize; i++, n++)
      y[n] =
        mergeMode === 'multiply'
          ? sides[forward + i] * sides[backward + i]
          : scale * (sides[forward + i] + sides[backward + i]);
  }
}

/** df = dy, dy · b or dy / 2; db likewise. */
export function splitGradient(pass: RecurrentBackwardPass): void {
  const { saved, scratch, gradOutput, attributes } = pass;
  if (!saved.sides || !scratch.gradSides) return;
  const { hiddenSize, mergeMode } = attributes;
  const sides = saved.sides.data;
  const gradient = scratch.gradSides.data;
  const dy = gradOutput.data;
  const multiplies = mergeMode === 'multiply';
  const scale = mergeMode === 'average' ? 0.5 : 1;
  const rows = rowCount(pass);
  for (let row = 0, n = 0; row < rows; row++) {
    const forward = row * 2 * hiddenSize;
    const backward = forward + hiddenSize;
    for (let i = 0; i < hiddenSize; i++, n++) {
      gradient[forward + i] = dy[n] * (multiplies ? sides[backward + i] : scale);
      gradient[backward + i] = dy[n] * (multiplies ? sides[forward + i] : scale);
    }
  }
}

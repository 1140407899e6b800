/** The states that a recurrent layer carries from step to step: their sources, their destinations, and their gradients. */
import type { Tensor } from '../../kernels/tensor.ts';
import { gradSidesOf } from './directions.ts';
import type { RecurrentBackwardPass, RecurrentPass } from './shape.ts';
import { addRows, applyMask, copyRows } from './steps.ts';

/** Fills the states before the first step. */
export function beginStates(pass: RecurrentPass, direction: number, stateRow: number): void {
  const { inputs, saved, state } = pass;
  beginState(pass, direction, stateRow, saved.hiddenStates, inputs[1], state.hiddenState);
  if (saved.cellStates) beginState(pass, direction, stateRow, saved.cellStates, inputs[2], state.cellState);
}

/** Writes the states after the last step to the outputs. */
export function endStates(pass: RecurrentPass, direction: number, stateRow: number): void {
  const { extraOutputs, saved, state } = pass;
  endState(pass, direction, stateRow, saved.hiddenStates, extraOutputs.hidden, state.hiddenState);
  if (saved.cellStates && extraOutputs.cell)
    endState(pass, direction, stateRow, saved.cellStates, extraOutputs.cell, state.cellState);
}

/** The state before the first step: an input, the final state of the last batch, or zeros. */
function beginState(
  { kernels, batch, attributes, constants }: RecurrentPass,
  direction: number,
  stateRow: number,
  states: Tensor,
  initial: Tensor | undefined,
  carried: Tensor | undefined,
): void {
  const { hiddenSize } = attributes;
  const { directions } = constants;
  const at = stateRow * hiddenSize;
  if (initial)
    copyRows(
      batch,
      hiddenSize,
      initial.data,
      direction * hiddenSize,
      directions * hiddenSize,
      states.data,
      at,
      hiddenSize,
    );
  else if (carried) copyRows(batch, hiddenSize, carried.data, 0, hiddenSize, states.data, at, hiddenSize);
  else kernels.clearRows(batch, hiddenSize, states.data, stateRow);
}

/** Writes the state after the last step to an extra output, and keeps it for the next batch. */
function endState(
  { batch, attributes, constants }: RecurrentPass,
  direction: number,
  stateRow: number,
  states: Tensor,
  final: Tensor,
  carried: Tensor | undefined,
): void {
  const { hiddenSize } = attributes;
  const { directions, time } = constants;
  const at = (stateRow + time * batch) * hiddenSize;
  copyRows(
    batch,
    hiddenSize,
    states.data,
    at,
    hiddenSize,
    final.data,
    direction * hiddenSize,
    directions * hiddenSize,
  );
  if (carried) copyRows(batch, hiddenSize, states.data, at, hiddenSize, carried.data, 0, hiddenSize);
}

/** A sample that has ended keeps its state: overwrites what the cell computed from padding. */
export function holdFinished(
  { batch, attributes, saved }: RecurrentPass,
  lengths: Int32Array,
  step: number,
  stateRow: number,
): void {
  const { hiddenSize } = attributes;
  for (let b = 0; b < batch; b++) {
    if (step < lengths[b]) continue;
    const before = (stateRow + b) * hiddenSize;
    const after = before + batch * hiddenSize;
    saved.hiddenStates.data.copyWithin(after, before, before + hiddenSize);
    saved.cellStates?.data.copyWithin(after, before, before + hiddenSize);
  }
}

/** gradHidden = the external gradient of each state: from its output, and from the final state. */
export function beginGradients(
  pass: RecurrentBackwardPass,
  direction: number,
  row: number,
  stateRow: number,
): void {
  const { kernels, batch, lengths, attributes, saved, scratch, gradExtraOutputs, constants } = pass;
  const { hiddenSize, returnSequences } = attributes;
  const { directions, time } = constants;
  const width = directions * hiddenSize;
  const half = direction * hiddenSize;
  const gradHidden = saved.gradHidden.data;
  const gradSides = gradSidesOf(pass).data;
  const first = stateRow * hiddenSize;
  const block = batch * hiddenSize;
  if (returnSequences) kernels.clearRows(batch, hiddenSize, gradHidden, stateRow);
  else if (lengths) kernels.clearRows((time + 1) * batch, hiddenSize, gradHidden, stateRow);
  else kernels.clearRows(batch, hiddenSize, gradHidden, stateRow + time * batch);
  if (returnSequences)
    kernels.gatherRows(
      time * batch,
      hiddenSize,
      saved.outputRows.data,
      row,
      gradSides,
      half,
      width,
      gradHidden,
      first + block,
      hiddenSize,
    );
  for (let b = 0; b < batch; b++) {
    const last = (stateRow + (lengths ? lengths[b] : time) * batch + b) * hiddenSize;
    addRows(
      1,
      hiddenSize,
      gradExtraOutputs.hidden.data,
      b * width + half,
      width,
      gradHidden,
      last,
      hiddenSize,
    );
    if (!returnSequences)
      addRows(1, hiddenSize, gradSides, b * width + half, width, gradHidden, last, hiddenSize);
  }
  if (scratch.gradCell) kernels.clearRows(batch, hiddenSize, scratch.gradCell.data, 0);
  scratch.gradDroppedHidden?.data.fill(0, first, first + time * block);
}

/** Where all samples end together and only the last output is used, the gradient of the other states begins with 0. */
export function beginGradient(
  { kernels, batch, lengths, attributes, saved }: RecurrentBackwardPass,
  stateRow: number,
): void {
  if (!attributes.returnSequences && !lengths)
    kernels.clearRows(batch, attributes.hiddenSize, saved.gradHidden.data, stateRow);
}

/** The final cell state's gradient enters each sample where it ends, after `taken` steps. */
export function addFinalCellGradient(
  { batch, lengths, attributes, scratch, gradExtraOutputs, constants }: RecurrentBackwardPass,
  direction: number,
  taken: number,
): void {
  if (!scratch.gradCell || !gradExtraOutputs.cell) return;
  const { hiddenSize } = attributes;
  const { directions, time } = constants;
  const width = directions * hiddenSize;
  for (let b = 0; b < batch; b++)
    if ((lengths ? lengths[b] : time) === taken)
      addRows(
        1,
        hiddenSize,
        gradExtraOutputs.cell.data,
        b * width + direction * hiddenSize,
        width,
        scratch.gradCell.data,
        b * hiddenSize,
        hiddenSize,
      );
}

/** The gradient that remains before the first step belongs to the initial states, if another layer gave them. */
export function endGradients(
  { batch, attributes, saved, scratch, gradInputs, constants }: RecurrentBackwardPass,
  direction: number,
  stateRow: number,
): void {
  const { hiddenSize } = attributes;
  const width = constants.directions * hiddenSize;
  const half = direction * hiddenSize;
  const gradInitial = gradInputs[1];
  const gradInitialCell = gradInputs[2];
  if (gradInitial)
    addRows(
      batch,
      hiddenSize,
      saved.gradHidden.data,
      stateRow * hiddenSize,
      hiddenSize,
      gradInitial.data,
      half,
      width,
    );
  if (gradInitialCell && scratch.gradCell)
    addRows(batch, hiddenSize, scratch.gradCell.data, 0, hiddenSize, gradInitialCell.data, half, width);
}

/** Writes the state at `stateRow`, with dropout, to where the gates read it. Only in training with recurrent dropout. */
export function dropHidden(pass: RecurrentPass, direction: number, stateRow: number): void {
  const { training, attributes, saved } = pass;
  if (!training || !saved.recurrentMask || !saved.droppedHidden) return;
  const { hiddenSize } = attributes;
  applyMask(
    pass,
    direction,
    saved.recurrentMask.data,
    hiddenSize,
    1,
    saved.hiddenStates.data,
    saved.droppedHidden.data,
    stateRow * hiddenSize,
    false,
  );
}

/** Adds the gradient of what the gates read, with the same dropout, to the gradient of the state at `stateRow`. */
export function undropGradient(pass: RecurrentBackwardPass, direction: number, stateRow: number): void {
  const { training, attributes, saved, scratch } = pass;
  if (!training || !saved.recurrentMask || !scratch.gradDroppedHidden) return;
  const { hiddenSize } = attributes;
  applyMask(
    pass,
    direction,
    saved.recurrentMask.data,
    hiddenSize,
    1,
    scratch.gradDroppedHidden.data,
    saved.gradHidden.data,
    stateRow * hiddenSize,
    true,
  );
}

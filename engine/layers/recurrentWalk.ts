/**
 * The walk along time that all recurrent layers share. Forward: put the input into the order of steps, project all steps
 * by one matrix product, then let the cell take step after step. Backward: the cell takes the steps back, then one matrix
 * product over all steps gives each parameter's gradient (back-propagation through time; Werbos, 1990).
 */
import type { Tensor } from '../kernels/tensor.ts';
import { ofDirection, type RecurrentBackwardPass, type RecurrentPass } from './recurrent.ts';
import { gradSidesOf, mergeSides, sidesOf, splitGradient } from './recurrentMerge.ts';
import { addRows, applyMask, copyRows, drawMasks, mapRows } from './recurrentSteps.ts';

/** One step of a layer. `row` and `stateRow` are where the step's blocks begin: see `kernels/recurrent.ts`. */
export interface Cell<P extends RecurrentPass, B extends RecurrentBackwardPass> {
  /** From the state at `stateRow`, and x's share of the pre-activations at `row`, to the state one block further. */
  forward(pass: P, direction: number, row: number, stateRow: number): void;
  /** From dLoss/dh one block after `stateRow`: writes `gradGates`; with `carry`, adds dLoss/dh₋₁ at `stateRow`. */
  backward(pass: B, direction: number, row: number, stateRow: number, carry: boolean): void;
  /** Adds the gradients of all parameters but kernel and bias, over all steps, once `gradGates` is complete. */
  addGradients(pass: B, direction: number, row: number, stateRow: number): void;
}

export function walkForward<P extends RecurrentPass>(pass: P, cell: Cell<P, never>): void {
  const { batch, lengths, training, constants } = pass;
  const { directions, time } = constants;
  mapRows(pass);
  if (training) drawMasks(pass);
  for (let direction = 0; direction < directions; direction++) {
    const row = direction * time * batch;
    const stateRow = direction * (time + 1) * batch;
    projectInput(pass, direction, row);
    beginState(pass, direction, stateRow, pass.saved.hiddenStates, pass.inputs[1], pass.state.hiddenState);
    if (pass.saved.cellStates)
      beginState(pass, direction, stateRow, pass.saved.cellStates, pass.inputs[2], pass.state.cellState);
    for (let step = 0; step < time; step++) {
      dropHidden(pass, direction, stateRow + step * batch);
      cell.forward(pass, direction, row + step * batch, stateRow + step * batch);
      if (lengths) holdFinished(pass, lengths, step, stateRow + step * batch);
    }
    endState(pass, direction, stateRow, pass.saved.hiddenStates, pass.extraOutputs.hidden, pass.state.hiddenState);
    if (pass.saved.cellStates && pass.extraOutputs.cell)
      endState(pass, direction, stateRow, pass.saved.cellStates, pass.extraOutputs.cell, pass.state.cellState);
    writeOutput(pass, direction, row, stateRow);
  }
  mergeSides(pass);
}

export function walkBackward<B extends RecurrentBackwardPass>(pass: B, cell: Cell<never, B>): void {
  const { batch, attributes, constants } = pass;
  const { directions, time } = constants;
  const { truncate } = attributes;
  splitGradient(pass);
  for (let direction = 0; direction < directions; direction++) {
    const row = direction * time * batch;
    const stateRow = direction * (time + 1) * batch;
    beginGradients(pass, direction, row, stateRow);
    for (let step = time - 1; step >= 0; step--) {
      const carry = truncate === 0 || step === 0 || step % truncate !== 0;
      addFinalCellGradient(pass, direction, step + 1);
      cell.backward(pass, direction, row + step * batch, stateRow + step * batch, carry);
      if (carry) undropGradient(pass, direction, stateRow + step * batch);
      else pass.scratch.gradCell?.data.fill(0, 0, batch * attributes.hiddenSize);
    }
    addFinalCellGradient(pass, direction, 0);
    endGradients(pass, direction, stateRow);
    addProjectionGradients(pass, direction, row);
    cell.addGradients(pass, direction, row, stateRow);
    addInputGradient(pass, direction, row);
  }
}

/** gates[T·B, G] = steps[T·B, F] · kernel[F, G] + bias[G], for all steps at once. */
function projectInput(pass: RecurrentPass, direction: number, row: number): void {
  const { kernels, batch, training, input, saved, constants } = pass;
  const { time, features, columns } = constants;
  const rows = time * batch;
  const steps = saved.steps.data;
  kernels.gatherRows(
    rows,
    features,
    saved.inputRows.data,
    row,
    input.data,
    0,
    features,
    steps,
    row * features,
    features,
  );
  if (training && saved.inputMask)
    applyMask(pass, direction, saved.inputMask.data, features, time, steps, steps, row * features, false);
  const kernel = ofDirection(pass.parameters, 'kernel', direction)!;
  const bias = ofDirection(pass.parameters, 'bias', direction);
  kernels.gemm(
    false,
    false,
    rows,
    columns,
    features,
    steps,
    row * features,
    features,
    kernel.data,
    0,
    columns,
    saved.gates.data,
    row * columns,
    columns,
    false,
  );
  if (bias) kernels.addBias(rows, columns, bias.data, saved.gates.data, row * columns);
}

/** The state before the first step: an input, what the last batch left, or zeros. */
function beginState(
  { batch, attributes, constants }: RecurrentPass,
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
  else states.data.fill(0, at, at + batch * hiddenSize);
}

/** The state after the last step leaves as an extra output, and is kept for the next batch. */
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

/** A sample that has ended keeps its state: whatever the cell made of its padding is overwritten. */
function holdFinished(
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

/** Every step's state, or the last one, into this direction's half of the output; padded steps give 0. */
function writeOutput(pass: RecurrentPass, direction: number, row: number, stateRow: number): void {
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

/** gradHidden = the gradient each state gets from outside: from its output, and from the final state. */
function beginGradients(pass: RecurrentBackwardPass, direction: number, row: number, stateRow: number): void {
  const { kernels, batch, lengths, attributes, saved, scratch, gradExtraOutputs, constants } = pass;
  const { hiddenSize, returnSequences } = attributes;
  const { directions, time } = constants;
  const width = directions * hiddenSize;
  const half = direction * hiddenSize;
  const gradHidden = saved.gradHidden.data;
  const gradSides = gradSidesOf(pass).data;
  const first = stateRow * hiddenSize;
  const block = batch * hiddenSize;
  gradHidden.fill(0, first, first + (returnSequences ? 1 : time + 1) * block);
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
  scratch.gradCell?.data.fill(0, 0, block);
  scratch.gradDroppedHidden?.data.fill(0, first, first + time * block);
}

/** The final cell state's gradient enters each sample where it ends, after `taken` steps. */
function addFinalCellGradient(
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

/** What remains before the first step belongs to the initial states, if they came from another layer. */
function endGradients(
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

/** dKernel[F, G] += stepsᵀ · gradGates, dBias[G] += Σ gradGates, over all steps at once. */
function addProjectionGradients(pass: RecurrentBackwardPass, direction: number, row: number): void {
  const { kernels, batch, saved, scratch, gradParameters, constants } = pass;
  const { time, features, columns } = constants;
  const rows = time * batch;
  const gradKernel = ofDirection(gradParameters, 'kernel', direction)!;
  const gradBias = ofDirection(gradParameters, 'bias', direction);
  kernels.gemm(
    true,
    false,
    features,
    columns,
    rows,
    saved.steps.data,
    row * features,
    features,
    scratch.gradGates.data,
    row * columns,
    columns,
    gradKernel.data,
    0,
    columns,
    true,
  );
  if (gradBias) kernels.addColumnSums(rows, columns, scratch.gradGates.data, row * columns, gradBias.data);
}

/** dx = gradGates · kernelᵀ, added where each step was read. */
function addInputGradient(pass: RecurrentBackwardPass, direction: number, row: number): void {
  const { kernels, batch, training, parameters, saved, scratch, gradInput, constants } = pass;
  if (!gradInput) return;
  const { time, features, columns } = constants;
  const rows = time * batch;
  const gradSteps = scratch.gradSteps.data;
  const kernel = ofDirection(parameters, 'kernel', direction)!;
  kernels.gemm(
    false,
    true,
    rows,
    features,
    columns,
    scratch.gradGates.data,
    row * columns,
    columns,
    kernel.data,
    0,
    columns,
    gradSteps,
    0,
    features,
    false,
  );
  if (training && saved.inputMask)
    applyMask(pass, direction, saved.inputMask.data, features, time, gradSteps, gradSteps, 0, false);
  kernels.scatterRows(
    rows,
    features,
    saved.inputRows.data,
    row,
    gradSteps,
    0,
    features,
    gradInput.data,
    0,
    features,
    true,
  );
}

function dropHidden(pass: RecurrentPass, direction: number, stateRow: number): void {
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

function undropGradient(pass: RecurrentBackwardPass, direction: number, stateRow: number): void {
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

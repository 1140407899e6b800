/**
 * The walk along time that all recurrent layers share. Forward: projects the input of each step by a matrix product, then lets the
 * cell take the step. Backward: the cell takes the steps of a stretch in reverse, then one matrix product over the stretch adds to the
 * gradient of each parameter (backpropagation through time; Werbos, 1990).
 */
import { mergeSides, splitGradient, writeOutput } from './directions.ts';
import {
  addInputGradient,
  addProjectionGradients,
  packInputKernel,
  packRecurrentKernel,
  projectInput,
} from './products.ts';
import { longestStretch, type RecurrentBackwardPass, type RecurrentPass } from './shape.ts';
import {
  addFinalCellGradient,
  beginGradient,
  beginGradients,
  beginStates,
  dropHidden,
  endGradients,
  endStates,
  holdFinished,
  undropGradient,
} from './states.ts';
import { drawMasks, mapRows } from './steps.ts';

/** One step of a layer. The blocks of the step begin at `row` and `stateRow`; see `kernels/recurrent.ts`. */
export interface Cell<P extends RecurrentPass, B extends RecurrentBackwardPass> {
  /** From the state at `stateRow`, and the input's part of the pre-activations at `row`, to the state one block further. */
  forward(pass: P, direction: number, row: number, stateRow: number): void;
  /**
   * From dLoss/dh one block after `stateRow`: writes `gradGates` at `gradRow`; with `carry`, adds dLoss/dh₋₁ at `stateRow`.
   */
  backward(pass: B, direction: number, row: number, stateRow: number, gradRow: number, carry: boolean): void;
  /**
   * Adds the gradients of all parameters except kernel and bias, over the stretch of `rows` rows whose `gradGates` are complete:
   * these begin at row 0 of `gradGates`, in other tables at `row` and `stateRow`.
   */
  addGradients(pass: B, direction: number, row: number, stateRow: number, rows: number): void;
}

/**
 * Steps of a stretch: with a few hundred units, so few that their gates are still in the second-level cache when the next product reads
 * them. With more units, half as many rows as units, because each stretch reads and writes the gradient of the whole recurrent kernel.
 */
function stretchOf(batch: number, units: number): number {
  const rows = Math.max(longestStretch, units / 2);
  return Math.max(1, Math.min(longestStretch, Math.floor(rows / batch)));
}

/** Whether all steps work row by row, by kernels alone. */
const usesKernelsAlone = ({ lengths, attributes }: RecurrentPass): boolean =>
  !lengths && attributes.truncate === 0 && attributes.inputDropout === 0 && attributes.recurrentDropout === 0;

/** Takes steps. Threads do not wait for each other between them if kernels alone compute them. */
function take(pass: RecurrentPass, steps: () => void): void {
  const { kernels, batch, attributes, constants } = pass;
  const work = batch * constants.columns * (constants.features + attributes.hiddenSize);
  if (usesKernelsAlone(pass)) kernels.together(work, steps);
  else steps();
}

/** The forward pass of a recurrent layer: each direction takes its steps from the first to the last. */
export function walkForward<P extends RecurrentPass>(pass: P, cell: Cell<P, never>): void {
  const { batch, lengths, training, constants } = pass;
  const { directions, time } = constants;
  mapRows(pass);
  if (training) drawMasks(pass);
  for (let direction = 0; direction < directions; direction++) {
    const row = direction * time * batch;
    const stateRow = direction * (time + 1) * batch;
    packRecurrentKernel(pass, direction, false);
    packInputKernel(pass, direction);
    beginStates(pass, direction, stateRow);
    take(pass, () => {
      for (let step = 0; step < time; step++) {
        projectInput(pass, direction, row + step * batch);
        dropHidden(pass, direction, stateRow + step * batch);
        cell.forward(pass, direction, row + step * batch, stateRow + step * batch);
        if (lengths) holdFinished(pass, lengths, step, stateRow + step * batch);
      }
    });
    endStates(pass, direction, stateRow);
    writeOutput(pass, direction, row, stateRow);
  }
  mergeSides(pass);
}

/** The backward pass. With the attribute `truncate`, no gradient passes from one part of that many steps to the one before it. */
export function walkBackward<B extends RecurrentBackwardPass>(pass: B, cell: Cell<never, B>): void {
  const { batch, attributes, constants } = pass;
  const { directions, time } = constants;
  const { truncate } = attributes;
  const stretch = stretchOf(batch, attributes.hiddenSize);
  splitGradient(pass);
  for (let direction = 0; direction < directions; direction++) {
    const row = direction * time * batch;
    const stateRow = direction * (time + 1) * batch;
    packRecurrentKernel(pass, direction, true);
    beginGradients(pass, direction, row, stateRow);
    for (let first = Math.floor((time - 1) / stretch) * stretch; first >= 0; first -= stretch) {
      const end = Math.min(first + stretch, time);
      take(pass, () => {
        for (let step = end - 1; step >= first; step--) {
          const carry = truncate === 0 || step === 0 || step % truncate !== 0;
          addFinalCellGradient(pass, direction, step + 1);
          beginGradient(pass, stateRow + step * batch);
          cell.backward(
            pass,
            direction,
            row + step * batch,
            stateRow + step * batch,
            (step - first) * batch,
            carry,
          );
          if (carry) undropGradient(pass, direction, stateRow + step * batch);
          else pass.scratch.gradCell?.data.fill(0, 0, batch * attributes.hiddenSize);
        }
      });
      const rows = (end - first) * batch;
      addProjectionGradients(pass, direction, row + first * batch, rows);
      cell.addGradients(pass, direction, row + first * batch, stateRow + first * batch, rows);
      addInputGradient(pass, direction, row + first * batch, end - first);
    }
    addFinalCellGradient(pass, direction, 0);
    endGradients(pass, direction, stateRow);
  }
}

/**
 * The matrix products of recurrent layers: one for the input of each step with the kernel W[F, G], and one for its state with
 * the recurrent kernel R[H, G], for cells that treat all their gates alike. `shape.ts` has the layout of the buffers.
 */
// biome-ignore-all format: a call lists one operand a line.
import type { Tensor } from '../../kernels/tensor.ts';
import { ofDirection, type RecurrentBackwardPass, type RecurrentPass } from './shape.ts';
import { applyMask } from './steps.ts';

/** The hidden states as the gates see them: dropout hides some of them in training. */
export const gateSource = ({ training, saved }: RecurrentPass): Tensor =>
  (training ? saved.droppedHidden : undefined) ?? saved.hiddenStates;

/** The buffer in which the gradient of `gateSource` accumulates. */
export const gradGateSource = ({ training, saved, scratch }: RecurrentBackwardPass): Tensor =>
  (training ? scratch.gradDroppedHidden : undefined) ?? saved.gradHidden;

/** Packs R, or Rᵀ, once for the products of all steps. */
export function packRecurrentKernel(pass: RecurrentPass, direction: number, transposed: boolean): void {
  const { kernels, parameters, scratch, attributes, constants } = pass;
  const { hiddenSize } = attributes;
  const { columns } = constants;
  const weights = ofDirection(parameters, 'recurrentKernel', direction)!;
  const [k, n] = transposed ? [columns, hiddenSize] : [hiddenSize, columns];
  kernels.pack(k, n, weights.data, 0, columns, scratch.packedKernel.data, { transposeB: transposed });
}

/** gates[B, G] += h₋₁[B, H] · R[H, G], with R packed. */
export function addRecurrentProduct(pass: RecurrentPass, row: number, stateRow: number): void {
  const { kernels, batch, saved, scratch, attributes, constants } = pass;
  const { hiddenSize } = attributes;
  const { columns } = constants;
  kernels.gemmPacked(
    batch, columns, hiddenSize,
    gateSource(pass).data, stateRow * hiddenSize, hiddenSize, scratch.packedKernel.data,
    saved.gates.data, row * columns, columns,
    { accumulate: true },
  );
}

/** dh₋₁[B, H] += gradGates[B, G] · R[H, G]ᵀ, with Rᵀ packed. */
export function addStateGradient(pass: RecurrentBackwardPass, gradRow: number, stateRow: number): void {
  const { kernels, batch, scratch, attributes, constants } = pass;
  const { hiddenSize } = attributes;
  const { columns } = constants;
  kernels.gemmPacked(
    batch, hiddenSize, columns,
    scratch.gradGates.data, gradRow * columns, columns, scratch.packedKernel.data,
    gradGateSource(pass).data, stateRow * hiddenSize, hiddenSize,
    { accumulate: true },
  );
}

/** dR[H, G] += h₋₁ᵀ[H, rows] · gradGates[rows, G]. */
export function addRecurrentGradient(
  pass: RecurrentBackwardPass, direction: number, stateRow: number, rows: number,
): void {
  const { kernels, scratch, gradParameters, attributes, constants } = pass;
  const { hiddenSize } = attributes;
  const { columns } = constants;
  const gradWeights = ofDirection(gradParameters, 'recurrentKernel', direction)!;
  kernels.gemm(
    hiddenSize, columns, rows,
    gateSource(pass).data, stateRow * hiddenSize, hiddenSize,
    scratch.gradGates.data, 0, columns,
    gradWeights.data, 0, columns,
    { transposeA: true, accumulate: true },
  );
}

/** Packs the kernel once for the products of all steps. */
export function packInputKernel(pass: RecurrentPass, direction: number): void {
  const { kernels, parameters, scratch, constants } = pass;
  const { features, columns } = constants;
  const kernel = ofDirection(parameters, 'kernel', direction)!;
  kernels.pack(features, columns, kernel.data, 0, columns, scratch.packedInputKernel.data);
}

/** gates[B, G] = x[B, F] · kernel[F, G] + bias[G] of one step, with the kernel packed. Keeps x in the order of steps. */
export function projectInput(pass: RecurrentPass, direction: number, row: number): void {
  const { kernels, batch, training, input, saved, scratch, constants } = pass;
  const { features, columns } = constants;
  const x = saved.steps.data;
  kernels.gatherRows(
    batch, features, saved.inputRows.data, row,
    input.data, 0, features,
    x, row * features, features,
  );
  if (training && saved.inputMask)
    applyMask(pass, direction, saved.inputMask.data, features, 1, x, x, row * features, false);
  const bias = ofDirection(pass.parameters, 'bias', direction);
  kernels.gemmPacked(
    batch, columns, features,
    x, row * features, features, scratch.packedInputKernel.data,
    saved.gates.data, row * columns, columns,
    { bias: bias?.data },
  );
}

/** dKernel[F, G] += stepsᵀ · gradGates, dBias[G] += Σ gradGates, over the `rows` rows of a stretch. */
export function addProjectionGradients(pass: RecurrentBackwardPass, direction: number, row: number, rows: number): void {
  const { kernels, saved, scratch, gradParameters, constants } = pass;
  const { features, columns } = constants;
  const gradKernel = ofDirection(gradParameters, 'kernel', direction)!;
  const gradBias = ofDirection(gradParameters, 'bias', direction);
  kernels.gemm(
    features, columns, rows,
    saved.steps.data, row * features, features,
    scratch.gradGates.data, 0, columns,
    gradKernel.data, 0, columns,
    { transposeA: true, accumulate: true },
  );
  if (gradBias) kernels.addColumnSums(rows, columns, scratch.gradGates.data, 0, gradBias.data);
}

/** dx = gradGates · kernelᵀ over a stretch of `steps` steps, added to the rows that the steps read. */
export function addInputGradient(pass: RecurrentBackwardPass, direction: number, row: number, steps: number): void {
  const { kernels, batch, training, parameters, saved, scratch, gradInput, constants } = pass;
  if (!gradInput) return;
  const { features, columns } = constants;
  const rows = steps * batch;
  const gradSteps = scratch.gradSteps.data;
  const kernel = ofDirection(parameters, 'kernel', direction)!;
  kernels.gemm(
    rows, features, columns,
    scratch.gradGates.data, 0, columns,
    kernel.data, 0, columns,
    gradSteps, 0, features,
    { transposeB: true },
  );
  if (training && saved.inputMask)
    applyMask(pass, direction, saved.inputMask.data, features, steps, gradSteps, gradSteps, 0, false);
  kernels.scatterRows(
    rows, features, saved.inputRows.data, row,
    gradSteps, 0, features,
    gradInput.data, 0, features, true,
  );
}

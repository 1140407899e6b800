/**
 * The matrix products of a recurrent step: with the recurrent kernel R[H, G], or with some of its columns where a cell
 * treats its gates differently. Tables lie as `recurrent.ts` says; rows count from their beginning.
 */
import type { Tensor } from '../kernels/tensor.ts';
import { ofDirection, type RecurrentBackwardPass, type RecurrentPass } from './recurrent.ts';

/** The hidden states as the gates see them: some are hidden by dropout while training. */
export const gateSource = ({ training, saved }: RecurrentPass): Tensor =>
  (training ? saved.droppedHidden : undefined) ?? saved.hiddenStates;

/** Where the gradient of `gateSource` is collected. */
export const gradGateSource = ({ training, saved, scratch }: RecurrentBackwardPass): Tensor =>
  (training ? scratch.gradDroppedHidden : undefined) ?? saved.gradHidden;

/** target[B, first … first + count) (+)= source[B, H] · R[H, first … first + count). */
export function recurrentProduct(
  { kernels, batch, parameters, attributes, constants }: RecurrentPass,
  direction: number,
  source: Tensor,
  sourceRow: number,
  target: Tensor,
  targetRow: number,
  first: number,
  count: number,
  accumulate: boolean,
): void {
  const { hiddenSize } = attributes;
  const { columns } = constants;
  const weights = ofDirection(parameters, 'recurrentKernel', direction)!;
  kernels.gemm(
    false,
    false,
    batch,
    count,
    hiddenSize,
    source.data,
    sourceRow * hiddenSize,
    hiddenSize,
    weights.data,
    first,
    columns,
    target.data,
    targetRow * columns + first,
    columns,
    accumulate,
  );
}

/** gradSource[B, H] (+)= gradient[B, first … first + count) · R[H, first … first + count)ᵀ. */
export function recurrentProductBackward(
  { kernels, batch, parameters, attributes, constants }: RecurrentBackwardPass,
  direction: number,
  gradient: Tensor,
  gradientRow: number,
  gradSource: Tensor,
  gradSourceRow: number,
  first: number,
  count: number,
  accumulate: boolean,
): void {
  const { hiddenSize } = attributes;
  const { columns } = constants;
  const weights = ofDirection(parameters, 'recurrentKernel', direction)!;
  kernels.gemm(
    false,
    true,
    batch,
    hiddenSize,
    count,
    gradient.data,
    gradientRow * columns + first,
    columns,
    weights.data,
    first,
    columns,
    gradSource.data,
    gradSourceRow * hiddenSize,
    hiddenSize,
    accumulate,
  );
}

/** dR[H, first … first + count) += sourceᵀ[H, T·B] · gradient[T·B, first … first + count), over all steps at once. */
export function addRecurrentGradient(
  { kernels, batch, gradParameters, attributes, constants }: RecurrentBackwardPass,
  direction: number,
  source: Tensor,
  sourceRow: number,
  gradient: Tensor,
  gradientRow: number,
  first: number,
  count: number,
): void {
  const { hiddenSize } = attributes;
  const { time, columns } = constants;
  const gradWeights = ofDirection(gradParameters, 'recurrentKernel', direction)!;
  kernels.gemm(
    true,
    false,
    hiddenSize,
    count,
    time * batch,
    source.data,
    sourceRow * hiddenSize,
    hiddenSize,
    gradient.data,
    gradientRow * columns + first,
    columns,
    gradWeights.data,
    first,
    columns,
    true,
  );
}

/** The projections of attention, which have the same weights for every step. */
import type { Kernels } from '../kernels/kernels.ts';
import type { FloatArray } from './define.ts';

/** y[R, O] = x[R, I] · kernel[I, O] + bias[O]. */
export function project(
  kernels: Kernels,
  rows: number,
  inputs: number,
  outputs: number,
  x: FloatArray,
  kernel: FloatArray,
  bias: FloatArray | undefined,
  y: FloatArray,
): void {
  kernels.gemm(rows, outputs, inputs, x, 0, inputs, kernel, 0, outputs, y, 0, outputs, { bias });
}

/** dx = dy · kernelᵀ, dKernel = xᵀ · dy, dBias = Σ_rows dy, each added to its buffer if the pass accumulates. */
export function projectBackward(
  kernels: Kernels,
  rows: number,
  inputs: number,
  outputs: number,
  x: FloatArray,
  kernel: FloatArray,
  dy: FloatArray,
  dx: FloatArray | undefined,
  accumulateInput: boolean,
  dKernel: FloatArray,
  dBias: FloatArray | undefined,
  accumulateParameters: boolean,
): void {
  if (dx)
    kernels.gemm(rows, inputs, outputs, dy, 0, outputs, kernel, 0, outputs, dx, 0, inputs, {
      transposeB: true,
      accumulate: accumulateInput,
    });
  kernels.gemm(inputs, outputs, rows, x, 0, inputs, dy, 0, outputs, dKernel, 0, outputs, {
    transposeA: true,
    accumulate: accumulateParameters,
  });
  if (!dBias) return;
  if (!accumulateParameters) kernels.clear(dBias);
  kernels.addColumnSums(rows, outputs, dy, 0, dBias);
}

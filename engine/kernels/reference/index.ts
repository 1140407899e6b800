/** The reference backend: plain TypeScript on Float32Array or Float64Array, the yardstick of every other backend. */
import type { Kernels } from '../kernels.ts';
import { convolve, convolveBackwardInput, convolveBackwardKernel } from './convolution.ts';
import { addBias, addColumnSums, addScaled, softmax, softmaxBackward } from './elementwise.ts';
import { gemm, gemmPacked, pack } from './gemm.ts';
import * as normalization from './normalization.ts';
import { adamStep, sgdStep } from './optimizers.ts';
import { averagePool, averagePoolBackward, maxPool, maxPoolBackward } from './pooling.ts';
import * as recurrent from './recurrent.ts';
import { moments, sumOfSquares } from './statistics.ts';

export const referenceKernels: Kernels = {
  name: 'reference',
  gemm,
  pack,
  gemmPacked,
  addBias,
  addColumnSums,
  addScaled,
  convolve,
  convolveBackwardInput,
  convolveBackwardKernel,
  maxPool,
  maxPoolBackward,
  averagePool,
  averagePoolBackward,
  softmax,
  softmaxBackward,
  ...normalization,
  ...recurrent,
  activations: {},
  sgdStep,
  adamStep,
  moments,
  sumOfSquares,
};

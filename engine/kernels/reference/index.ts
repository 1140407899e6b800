/** The reference backend: plain TypeScript on Float32Array or Float64Array, the reference for every other backend. */
import type { Kernels } from '../kernels.ts';
import * as attention from './attention.ts';
import { convolve, convolveBackwardInput, convolveBackwardKernel } from './convolution.ts';
import * as elementwise from './elementwise.ts';
import { gemm, gemmPacked, pack } from './gemm.ts';
import * as normalization from './normalization.ts';
import * as optimizers from './optimizers.ts';
import * as pooling from './pooling.ts';
import * as positions from './positions.ts';
import * as recurrent from './recurrent.ts';
import * as softmax from './softmax.ts';
import * as statistics from './statistics.ts';

export const referenceKernels: Kernels = {
  name: 'reference',
  together: (_work, calls) => calls(),
  gemm,
  pack,
  gemmPacked,
  copy: (x, y) => {
    y.set(x);
  },
  clear: (x) => {
    x.fill(0);
  },
  clearRows: (rows, columns, x, row) => {
    x.fill(0, row * columns, (row + rows) * columns);
  },
  convolve,
  convolveBackwardInput,
  convolveBackwardKernel,
  ...attention,
  ...elementwise,
  ...pooling,
  ...positions,
  ...normalization,
  ...recurrent,
  ...softmax,
  ...optimizers,
  ...statistics,
  activations: {},
  fusible: [],
};

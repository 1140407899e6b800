/** The reference backend's memory: one plain buffer. */
import type { Backend } from '../backend.ts';
import { referenceKernels } from './index.ts';

export const referenceBackend: Backend = {
  name: 'reference',
  kernels: referenceKernels,
  floats: ['float32', 'float64'],
  scratchBytes: () => 0,
  reserve: () => {},
  bytesFor: (allocated) => allocated,
  mostBytes: Number.POSITIVE_INFINITY,
  allocate: (bytes) => ({ buffer: new ArrayBuffer(bytes), base: 0 }),
};

/** Where tests train the courses of trials: in this thread, with plain kernels. */
import { threadHost } from '../../engine/train/host.ts';
import type { CourseHost } from '../../engine/trials/course.ts';
import { load } from './wasmHarness.ts';

export const courseHost = ({ folder = '.', memoryLimit = 2 ** 28 } = {}): CourseHost => ({
  ...threadHost,
  folder,
  memoryLimit,
  openBackend: () => load('plain'),
});

export const setting = { host: () => courseHost() };

/** The job that a command asks the engine for. */
import { dirname, resolve } from 'node:path';
import type { LimitSettings } from '../diagnose/limits.ts';
import type { Job } from '../protocol/training.ts';
import type { NetworkText } from './place.ts';

interface Given {
  readonly epochs?: number | undefined;
  readonly seed?: number | undefined;
  readonly steps?: number | undefined;
  readonly threads?: number | undefined;
  readonly limits?: LimitSettings | undefined;
}

/** Options that were not given are left out, so that the text decides. Paths in the text are relative to the folder of its file. */
export const jobOf = (
  { file, text }: NetworkText,
  asked: Pick<Job, 'task' | 'code' | 'layer'>,
  { epochs, seed, steps, threads, limits }: Given,
): Job => ({
  ...asked,
  text,
  folder: dirname(resolve(file)),
  ...(epochs === undefined ? {} : { epochs }),
  ...(seed === undefined ? {} : { seed }),
  ...(steps === undefined ? {} : { steps }),
  ...(threads === undefined ? {} : { threads }),
  ...(limits === undefined ? {} : { limits }),
});

/** The job that a command asks the engine for. */
import { dirname, resolve } from 'node:path';
import type { Job } from '../protocol/training.ts';
import type { Given } from './options.ts';
import type { NetworkText } from './place.ts';

export type JobOptions = Given<
  'epochs' | 'seed' | 'steps' | 'threads' | 'wide' | 'sample' | 'checks' | 'limits'
>;

/** Options that were not given are left out, so that the text decides. Paths in the text are relative to the folder of its file. */
export const jobOf = (
  { file, text }: NetworkText,
  asked: Pick<Job, 'task' | 'code' | 'layers'>,
  options: JobOptions,
): Job => ({ ...asked, text, folder: dirname(resolve(file)), ...options });

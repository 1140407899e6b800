/** The engine's thread. It loads its code at once, in parallel with its process, before it has a job. */
import { setFlagsFromString } from 'node:v8';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { Commits } from '../train/commits.ts';
import type { WorkerData } from './worker.ts';

export interface EngineThread {
  readonly worker: Worker;
  /** Shared with the thread. */
  readonly commits: Commits;
}

/** Megabytes of new objects between two collections of garbage. */
const youngMegabytes = 16;

/** Starts a thread, which waits until a supervisor gives it a job and does not keep the process alive until then. */
export function startThread(workerFile: string, resourceLimits?: ResourceLimits): EngineThread {
  // A thread begins with 1 MB, and would collect garbage several times before the first step.
  setFlagsFromString(`--min-semi-space-size=${youngMegabytes}`);
  const commits = new Commits();
  const workerData: WorkerData = { commits: commits.shared };
  const worker = new Worker(workerFile, { workerData, ...(resourceLimits ? { resourceLimits } : {}) });
  worker.unref();
  return { worker, commits };
}

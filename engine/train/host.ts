/** What the loop needs from the thread that it runs on. */

export interface LoopHost {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Lets files be written and messages in. */
  yield(): Promise<void>;
  /** Whether statistics are measured on a step; steps count from 1. Absent: as often as they cost little, and on the last step. */
  readonly probes?: (step: number) => boolean;
  /** The sample, counted from 1, that goes forward alone for the details. Default: the first one. */
  readonly sample?: number;
}

/** Of this thread: its clock, and its event loop. */
export const threadHost: LoopHost = {
  now: () => performance.now(),
  yield: () => new Promise((resolve) => setImmediate(resolve)),
};

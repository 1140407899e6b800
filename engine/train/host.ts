/** What the loop needs from the thread that it runs on. */

export interface LoopHost {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Pauses, so that files are written and messages received. */
  yield(): Promise<void>;
  /**
   * Whether statistics are measured on a step, counted from 1. Default: as often as their cost allows, and on the last step.
   */
  readonly probes?: (step: number) => boolean;
  /** The sample, counted from 1, that goes forward alone for the details; asked before each of them. Default: the first one. */
  readonly sample?: () => number | undefined;
}

/** A host with the clock and the event loop of this thread. */
export const threadHost: LoopHost = {
  now: () => performance.now(),
  yield: () => new Promise((resolve) => setImmediate(resolve)),
};

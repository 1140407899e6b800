/** Host ↔ engine worker. */
import type { TrainingEvent } from './events.ts';

export interface Job {
  readonly task: 'train' | 'evaluate';
  /** The spec's text, frozen at the start of the run. */
  readonly text: string;
  /** Folder that the spec's data paths are relative to. */
  readonly folder: string;
  /**
   * The network's file name in `folder`. Each training gets a folder of its own under `.netloom/runs/` there, and
   * `evaluate` takes the weights of the newest. Absent for a network that is not on disk: then nothing is written.
   */
  readonly network?: string;
  /** A folder for this one run instead: it replaces an earlier run's files once it has weights. */
  readonly output?: string;
  readonly seed?: number;
  readonly epochs?: number;
  /** Threads to compute on; results have the same bits at any number. */
  readonly threads?: number;
  /** Bytes the plan may take; a sensible limit when absent. */
  readonly memoryLimit?: number;
}

export type HostToEngine = {
  /** Answers when the run has ended, with how. Fails when it could not start (bad spec, bad data). */
  run: (job: Job) => Extract<TrainingEvent, { event: 'end' }>;
  /** Answers when the running job has stopped, within 100 ms. */
  stop: (body: Record<never, never>) => void;
};

export type EngineToHost = {
  event: TrainingEvent;
};

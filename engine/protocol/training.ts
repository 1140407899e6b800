/** Host ↔ engine worker. */
import type { TrainingEvent } from './events.ts';

export interface Job {
  readonly task: 'train' | 'evaluate';
  /** The spec's text, frozen at the start of the run. */
  readonly text: string;
  /** Folder that the spec's data paths are relative to. */
  readonly folder: string;
  /** Where weights and the run log go; nothing is written when absent. `evaluate` reads weights from here. */
  readonly output?: string;
  readonly seed?: number;
  readonly epochs?: number;
  /** Threads to compute on; results have the same bits at any number. */
  readonly threads?: number;
  /** Bytes the plan may take; a sensible limit when absent. */
  readonly memoryLimit?: number;
}

/** Files of a run in its `output` folder: its events, one JSON object a line, and the spec as it was run. */
export const runFiles = { log: 'run.jsonl', spec: 'network.nn.json' } as const;

export type HostToEngine = {
  /** Answers when the run has ended, with how. Fails when it could not start (bad spec, bad data). */
  run: (job: Job) => Extract<TrainingEvent, { event: 'end' }>;
  /** Answers when the running job has stopped, within 100 ms. */
  stop: (body: Record<never, never>) => void;
};

export type EngineToHost = {
  event: TrainingEvent;
};

/** Host ↔ engine process, and engine process ↔ its worker thread. */
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

export type End = Extract<TrainingEvent, { event: 'end' }>;

/** A job for another thread or process, which does not know the language of this one. */
export interface Order {
  readonly job: Job;
  /** Translated texts by their English ones; absent for English. */
  readonly translations?: { readonly [message: string]: string };
}

type Nothing = Record<never, never>;

export type HostToEngine = {
  /** Answers with how the run has ended, at once: what is to be saved may not be saved yet. */
  run: (order: Order) => End;
  /** Ends the run, whatever it is doing; `run` answers then. */
  stop: (body: Nothing) => void;
  /** Answers when the run has ended and all its files are written: with the end once more, and with what could not be written. */
  settle: (body: Nothing) => End;
};

export type EngineToHost = {
  /** From now on requests are answered. */
  ready: Nothing;
  /** In order. The engine sends the next ones when these are answered, so they never pile up. The end is the answer to `run`. */
  events: (body: { readonly events: readonly TrainingEvent[] }) => void;
};

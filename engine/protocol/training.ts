/** Host ↔ engine process. */
import {
  count,
  fields,
  finite,
  flag,
  list,
  oneOf,
  optional,
  type Read,
  record,
  text,
} from '../schema/reader.ts';
import { type EventOfKind, trainingEvent } from './events.ts';
import { type MessagesOf, request } from './messages.ts';

/** Whether a run may compute with vectors of 256 bits. */
export const wideModes = ['auto', 'off'] as const;
export type WideMode = (typeof wideModes)[number];

const job = fields({
  task: oneOf('train', 'evaluate', 'preflight', 'try', 'repair'),
  /** The spec's text, frozen at the start of the run. */
  text,
  /** Folder that the spec's data paths are relative to. */
  folder: text,
  /**
   * The network's file name in `folder`. Each training gets a folder of its own under `.netloom/runs/` there, and
   * `evaluate` uses the weights of the newest. Absent for a network that is not on disk; then nothing is written.
   */
  network: optional(text),
  /** A folder for this one run instead: it replaces an earlier run's files once it has weights. */
  output: optional(text),
  /** Of `preflight`: the keys of the checks to run. All of them when absent. */
  checks: optional(list(text)),
  /** Of `train`: the folder of an earlier run whose weights these layers begin with. All others begin as in any training. */
  startFrom: optional(fields({ folder: text, layers: list(text) })),
  /** Of `try`: the finding whose fix is tried, and its layer where several have it. */
  code: optional(text),
  layer: optional(text),
  /** Of `try` and `repair`: steps that each network is trained for. */
  steps: optional(count),
  seed: optional(count),
  epochs: optional(count),
  /** Of `train`: the sample, from 1, whose feature maps and attention maps are shown; the first one when absent. */
  sample: optional(count),
  /** Threads to compute on; results have the same bits at any number. */
  threads: optional(count),
  /** Vectors of 256 bits, where the machine has them; results have the same bits. "auto" when absent. */
  wide: optional(oneOf(...wideModes)),
  /** Limits of findings that the person set, by "code/limit". */
  limits: optional(record(finite)),
  /** Bytes the plan may take; a sensible limit when absent. */
  memoryLimit: optional(count),
});

export type Job = Read<typeof job>;

export type End = EventOfKind<'end'>;

/** A job for another thread or process, with the translations, which that does not have. */
const order = fields({
  job,
  /** Translated texts by their English ones; absent for English. */
  translations: optional(record(text)),
});

export type Order = Read<typeof order>;

export const hostToEngine = {
  /** Answers with the end of the run at once, before everything is saved. */
  run: request<End>()(order),
  /** Ends the run, whatever it is doing, and makes `run` answer. `cutOff` says that no person asked for it: the window closes. */
  stop: request<void>()(fields({ cutOff: flag })),
  /** Answers when the run has ended and all its files are written: with the end once more, and with what could not be written. */
  settle: request<End>()(fields({})),
};

export type HostToEngine = MessagesOf<typeof hostToEngine>;

export const engineToHost = {
  /** The engine answers requests from now on. */
  ready: fields({}),
  /** Events in order. The engine sends the next ones when these are answered, so that they never accumulate. */
  events: request<void>()(fields({ events: list(trainingEvent) })),
};

export type EngineToHost = MessagesOf<typeof engineToHost>;

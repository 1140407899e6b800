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
import { wideModes } from './wideModes.ts';

const job = fields({
  task: oneOf('train', 'evaluate', 'preflight', 'try', 'repair', 'compare'),
  /** The spec's text at the start of the run. */
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
  /** For `preflight`: the keys of the checks to run. Default: all. */
  checks: optional(list(text)),
  /** For `train`: the folder of an earlier run, with whose weights these layers begin. All others are initialized. */
  startFrom: optional(fields({ folder: text, layers: list(text) })),
  /** Layers of the run in this folder that have other names in `text` since: their names there, by those that they had. */
  renamed: optional(fields({ folder: text, layers: record(text) })),
  /** For `try`: the finding whose fix is tried, and its layers. Default: all layers in which it reads the same. */
  code: optional(text),
  layers: optional(list(text)),
  /** For `try` and `repair`: the number of steps for each network. */
  steps: optional(count),
  seed: optional(count),
  epochs: optional(count),
  /** For `train`: the sample, from 1, whose feature maps and attention maps are shown. Default: 1. */
  sample: optional(count),
  /** Number of threads. Results have the same bits with any number. */
  threads: optional(count),
  /** Use of 256-bit vectors, if the machine has them. Results have the same bits. Default: "auto". */
  wide: optional(oneOf(...wideModes)),
  /** Limits of findings that the person set, by "code/limit". */
  limits: optional(record(finite)),
  /** The most bytes that the run may take. Default: 2 GiB. */
  memoryLimit: optional(count),
});

export type Job = Read<typeof job>;

export type End = EventOfKind<'end'>;

/** A job for another thread or process, with the translations, which the other does not have. */
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
  /** From its next detailed measurement on, the training shows the maps of this sample, from 1. */
  chooseSample: request<void>()(fields({ sample: count })),
  /** Answers when the run has ended and all its files are written: with the end event again, and with what could not be written. */
  settle: request<End>()(fields({})),
};

export type HostToEngine = MessagesOf<typeof hostToEngine>;

export const engineToHost = {
  /** From now on, the engine answers requests. */
  ready: fields({}),
  /** Events in order. The engine sends the next ones when these are answered, so that they never accumulate. */
  events: request<void>()(fields({ events: list(trainingEvent) })),
};

export type EngineToHost = MessagesOf<typeof engineToHost>;

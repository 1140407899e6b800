/**
 * The engine as functions of plain data, for the worker, the command line and tests. All arguments and results can be copied to
 * another thread or written as JSON. A mistake of a person is returned as a value with its place.
 */
import { diagnose } from './diagnose/check.ts';
import type { LimitSettings } from './diagnose/limits.ts';
import { preflight as runPreflight } from './preflight/preflight.ts';
import type { TrainingEvent } from './protocol/events.ts';
import type { End, Job } from './protocol/training.ts';
import { explanations } from './reference/pages.ts';
import type { Diagnostic, TextChange } from './spec/document.ts';
import { applyChanges, applyEdit } from './spec/edit.ts';
import { printReference } from './spec/reference.ts';
import type { SpecEdit } from './spec/specEdit.ts';
import { type JobHost, runJob } from './train/job.ts';
import { compareAlternatives } from './trials/holdsBack.ts';
import { repair as runRepair } from './trials/repair.ts';
import { trial as runTrial } from './trials/trial.ts';

export type { End, Job, JobHost, SpecEdit, TrainingEvent };

export interface CheckedLayer {
  readonly name: string;
  readonly type: string;
  /** Layers and outputs that it reads, as the text writes them. */
  readonly from: readonly string[];
  /** Shape of one sample of its output. */
  readonly output: readonly number[];
  readonly parameters: number;
  /** Multiplications and additions of one forward pass of one sample. */
  readonly flops: number;
}

export interface Checked {
  /** Errors, warnings and hints, in the order of the text; findings among them. */
  readonly problems: readonly Diagnostic[];
  /** Findings that do not prevent training, though the network will not learn well. */
  readonly findings: readonly Diagnostic[];
  /** Whether no error prevents training, apart from errors in the data. */
  readonly trainable: boolean;
  /** The layers whose shapes are known, each after its inputs. */
  readonly layers: readonly CheckedLayer[];
}

/**
 * Everything that a network's text shows without running it, including findings. Accepts any text. `limits`: limits of findings
 * that differ from the defaults.
 */
export function check(text: string, limits: LimitSettings = {}): Checked {
  const { diagnostics, findings, trainable, graph, summaries } = diagnose(text, { limits });
  return {
    problems: diagnostics,
    findings,
    trainable,
    layers: graph.layers.map(({ name, spec, from, inferred }) => ({
      name,
      type: spec.type,
      from: from.map(printReference),
      output: inferred.output,
      parameters: summaries.get(name)?.parameters ?? 0,
      flops: summaries.get(name)?.flops ?? 0,
    })),
  };
}

/** The text after an edit and the smallest changes that lead to it, or the reason why the edit cannot be made. */
export type Edited =
  | { readonly text: string; readonly changes: readonly TextChange[] }
  | { readonly problem: string };

/** Applies an edit completely or not at all. Everything else in the text stays the same, byte for byte. */
export function edit(text: string, change: SpecEdit): Edited {
  const edited = applyEdit(text, change);
  if ('problem' in edited) return edited;
  return { text: applyChanges(text, edited.changes), changes: edited.changes };
}

export type Task = Omit<Job, 'task'>;

/**
 * Trains a network as its text specifies, reports to the host, and returns how the run ended. The job names the folder of its
 * files.
 */
export const train = (job: Task, host: JobHost): Promise<End> => runJob({ ...job, task: 'train' }, host);

/** Scores saved weights on the test data; the event "evaluation" has the scores. */
export const evaluate = (job: Task, host: JobHost): Promise<End> =>
  runJob({ ...job, task: 'evaluate' }, host);

/** Runs the pre-flight checks on a network; each result is an event "check". Nothing is written. */
export const preflight = (job: Task, host: JobHost): Promise<End> =>
  runPreflight({ ...job, task: 'preflight' }, host);

/** Trains a network for some steps without and with the fix of one finding; the event "trial" compares them. Nothing is written. */
export const tryFix = (job: Task, host: JobHost): Promise<End> => runTrial({ ...job, task: 'try' }, host);

/** Tries fixes one after another and keeps those that help; the event "repair" has them as one edit. Nothing is written. */
export const repair = (job: Task, host: JobHost): Promise<End> => runRepair({ ...job, task: 'repair' }, host);

/**
 * Trains a network as it is and with usual choices instead of its own; a change that makes it clearly better is an event "finding". The event
 * "comparison" has all changes. Nothing is written.
 */
export const compare = (job: Task, host: JobHost): Promise<End> =>
  compareAlternatives({ ...job, task: 'compare' }, host);

/** The tasks of jobs. */
export const tasks: { readonly [task in Job['task']]: typeof train } = {
  train,
  evaluate,
  preflight,
  try: tryFix,
  repair,
  compare,
};

export interface Explanation {
  /** The page of the reference that contains it, e.g. "Layers". */
  readonly page: string;
  readonly type: string;
  /** Markdown: documentation, attributes with their defaults, and an example. */
  readonly text: string;
}

/**
 * The text of the reference about a type of layer, loss, optimizer, schedule, initializer, metric or dataset, or about a
 * statistic; empty for an unknown one.
 */
export const explain = (type: string): readonly Explanation[] => explanations(type);

/**
 * The engine as functions of plain data: what the worker, the command line, tests and agents call. Everything that goes in and
 * comes out can be copied to another thread or written as JSON; a mistake of a person comes back as a value with its place.
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
  /** Of one forward pass of one sample. */
  readonly flops: number;
}

export interface Checked {
  /** Errors, warnings and hints, in the order of the text; findings among them. */
  readonly problems: readonly Diagnostic[];
  /** Findings that do not prevent training, though the network will not learn well. */
  readonly findings: readonly Diagnostic[];
  /** Whether no error prevents training, apart from errors in the data. */
  readonly trainable: boolean;
  /** The layers whose shapes are known, each behind those it reads. */
  readonly layers: readonly CheckedLayer[];
}

/** Everything that can be known of a network's text without running it, findings too. Takes any text. `limits`: those of findings that are not as the rules have them. */
export function check(text: string, limits: LimitSettings = {}): Checked {
  const { diagnostics, findings, trainable, graph, summaries } = diagnose(text, limits);
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

/** The text after an edit, and the smallest changes that lead there; or why the edit cannot be made. */
export type Edited =
  | { readonly text: string; readonly changes: readonly TextChange[] }
  | { readonly problem: string };

/** Makes all of an edit or nothing; what it does not concern stays as it is, byte by byte. */
export function edit(text: string, change: SpecEdit): Edited {
  const edited = applyEdit(text, change);
  if ('problem' in edited) return edited;
  return { text: applyChanges(text, edited.changes), changes: edited.changes };
}

export type Task = Omit<Job, 'task'>;

/** Trains a network as its text says, reports to the host, and returns how it ended. Files are written where the job says. */
export const train = (job: Task, host: JobHost): Promise<End> => runJob({ ...job, task: 'train' }, host);

/** Scores saved weights on the test data; the event "evaluation" has the scores. */
export const evaluate = (job: Task, host: JobHost): Promise<End> =>
  runJob({ ...job, task: 'evaluate' }, host);

/** Asks a network the pre-flight checks; each is an event "check". Nothing is written. */
export const preflight = (job: Task, host: JobHost): Promise<End> =>
  runPreflight({ ...job, task: 'preflight' }, host);

/** Trains a network for some steps without and with the fix of one finding; the event "trial" compares them. Nothing is written. */
export const tryFix = (job: Task, host: JobHost): Promise<End> => runTrial({ ...job, task: 'try' }, host);

/** Tries fixes one after another and keeps those that help; the event "repair" has them as one edit. Nothing is written. */
export const repair = (job: Task, host: JobHost): Promise<End> => runRepair({ ...job, task: 'repair' }, host);

/** What a job may ask for. */
export const tasks: { readonly [task in Job['task']]: typeof train } = {
  train,
  evaluate,
  preflight,
  try: tryFix,
  repair,
};

export interface Explanation {
  /** The page of the reference that it stands on, e.g. "Layers". */
  readonly page: string;
  readonly type: string;
  /** Markdown: documentation, attributes with their defaults, and an example. */
  readonly text: string;
}

/**
 * What the reference says about a type of layer, loss, optimizer, schedule, initializer, metric or dataset, or of a statistic;
 * nothing for an unknown one.
 */
export const explain = (type: string): readonly Explanation[] => explanations(type);

/**
 * The events that a run reports: one import and one line for each kind. The same events go over both links, into the run log
 * and to the output of `netloom --json`.
 */
import { type Read, tagged } from '../schema/reader.ts';
import { attempt } from './events/attempt.ts';
import { check } from './events/check.ts';
import { comparison } from './events/comparison.ts';
import type { Treatment } from './events/define.ts';
import { detail } from './events/detail.ts';
import { end } from './events/end.ts';
import { epoch } from './events/epoch.ts';
import { evaluation } from './events/evaluation.ts';
import { evaluationEnd } from './events/evaluationEnd.ts';
import { finding } from './events/finding.ts';
import { plan } from './events/plan.ts';
import { progress } from './events/progress.ts';
import { repair } from './events/repair.ts';
import { stats } from './events/stats.ts';
import { step } from './events/step.ts';
import { trial } from './events/trial.ts';
import { warning } from './events/warning.ts';

export type { EndReason } from './events/end.ts';
export type { CurvePoint, Scores, Warning } from './events/fields.ts';
export type { MemoryParts } from './events/plan.ts';
export type { AttemptReport, CourseReport } from './trialReports.ts';

const definitions = {
  plan,
  step,
  stats,
  detail,
  epoch,
  evaluation,
  evaluationEnd,
  check,
  finding,
  progress,
  trial,
  attempt,
  repair,
  comparison,
  warning,
  end,
};

type Definitions = typeof definitions;

export type EventKind = keyof Definitions;

/** Checks and copies an event. */
export const trainingEvent = tagged(
  'event',
  Object.fromEntries(Object.entries(definitions).map(([kind, { fields }]) => [kind, fields])) as {
    readonly [K in EventKind]: Definitions[K]['fields'];
  },
);

export type TrainingEvent = Read<typeof trainingEvent>;

export type EventOfKind<K extends EventKind> = Extract<TrainingEvent, { event: K }>;

/** How events of each kind are treated. A treatment only gets events of its kind, which the types cannot express. */
export const eventKinds = definitions as unknown as { readonly [K in EventKind]: Treatment<TrainingEvent> };

/** The results of trials: of one fix, of a repair, and of comparisons. */
export type TrialResult = EventOfKind<'trial' | 'repair' | 'comparison'>;

export const isTrialResult = (event: TrainingEvent): event is TrialResult =>
  event.event === 'trial' || event.event === 'repair' || event.event === 'comparison';

/**
 * What a run reports: one import and one line for each kind of event. The same events go over both links, into the run log
 * and out of `netloom --json`.
 */
import { type Read, tagged } from '../schema/reader.ts';
import { check } from './events/check.ts';
import type { Treatment } from './events/define.ts';
import { end } from './events/end.ts';
import { epoch } from './events/epoch.ts';
import { evaluation } from './events/evaluation.ts';
import { evaluationEnd } from './events/evaluationEnd.ts';
import { finding } from './events/finding.ts';
import { plan } from './events/plan.ts';
import { detail, stats } from './events/stats.ts';
import { step } from './events/step.ts';
import { warning } from './events/warning.ts';

export type { EndReason } from './events/end.ts';
export type { CurvePoint, Scores, Warning } from './events/fields.ts';
export type { MemoryParts } from './events/plan.ts';

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

/** How events of each kind are treated. What a treatment gets is of its own kind; the types cannot say so. */
export const eventKinds = definitions as unknown as { readonly [K in EventKind]: Treatment<TrainingEvent> };

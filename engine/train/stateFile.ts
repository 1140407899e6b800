/** The state of a training as bytes: its tensors as safetensors, its progress as JSON in their metadata. */

import * as l10n from '@vscode/l10n';
import type { Check as DiagnosisCheck, EpochLook } from '../diagnose/look.ts';
import type { DiagnosisState, Reported } from '../diagnose/memory.ts';
import { decodeSafetensors, encodeSafetensors } from '../export/safetensors.ts';
import type { CurvePoint } from '../protocol/events.ts';
import { readEvent } from '../protocol/eventText.ts';
import { ProblemError } from '../schema/problem.ts';
import type { Shape } from '../stats/define.ts';
import { statistics } from '../stats/registry.ts';
import type { Progress, TrainingState } from './state.ts';

/** Identifies this kind of file and its version. Other versions are refused, because the same bits could not be guaranteed. */
const format = 'netloom-state-2';

/** `metadata`: further entries of the file, e.g. the data of the training. */
export function encodeState(
  { progress, tensors }: TrainingState,
  metadata: { readonly [key: string]: string } = {},
): Uint8Array {
  const named = [...tensors].map(([name, tensor]) => ({ name, ...tensor }));
  return encodeSafetensors(named, { ...metadata, format, progress: JSON.stringify(progress, writeNumber) });
}

/** Throws ProblemError for bytes that `encodeState` did not write. */
export function decodeState(bytes: Uint8Array): {
  readonly state: TrainingState;
  readonly metadata: ReadonlyMap<string, string>;
} {
  const { tensors, metadata } = orDamaged(() => decodeSafetensors(bytes));
  if (metadata.get('format') !== format)
    throw damaged(
      l10n.t('expected the format {0}, found {1}', format, metadata.get('format') ?? l10n.t('none')),
    );
  const progress: unknown = orDamaged(() => JSON.parse(metadata.get('progress') ?? 'null', readNumber));
  if (!isProgress(progress)) throw damaged(l10n.t('it does not say how far the training got'));
  return { state: { progress, tensors }, metadata };
}

/** Reports an unreadable part as an unreadable saved training. */
function orDamaged<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProblemError || error instanceof SyntaxError) throw damaged(error.message);
    throw error;
  }
}

const damaged = (what: string): ProblemError =>
  new ProblemError(
    'state/damaged',
    l10n.t('the saved training cannot be read: {0}. Start a new run.', what),
    [],
  );

/** JSON cannot express these numbers. */
const special = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

function writeNumber(_key: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

const readNumber = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? (special.get(value) ?? value) : value;

type Check = (value: unknown) => boolean;

const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const number: Check = (value) => typeof value === 'number';
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const record =
  (checks: { readonly [key: string]: Check }): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(checks).every(([key, check]) => check((value as { [key: string]: unknown })[key]));

type Checks<T> = { readonly [K in keyof Required<T>]: Check };

const point: Checks<CurvePoint> = {
  step: count,
  loss: number,
  metrics: (value) => record({})(value) && Object.values(value as object).every(number),
  penalty: (value) => value === undefined || number(value),
};

const each =
  (check: (value: unknown, key: string) => boolean): Check =>
  (value) =>
    record({})(value) && Object.entries(value as object).every(([key, entry]) => check(entry, key));

const shapeChecks: { readonly [S in Shape]: Check } = {
  number,
  share: (value) => value === null || number(value),
  series: listOf(number),
  shares: each(each(number)),
  numbers: each(number),
  channels: listOf(number),
  tracks: each(each(listOf(number))),
  // The diagnosis does not use details.
  histogram: () => false,
  pictures: () => false,
};

/** Statistics of a layer, all of them known. */
const layerStats = each((value, key) => {
  const statistic = statistics.find((known) => known.key === key);
  return statistic !== undefined && shapeChecks[statistic.shape](value);
});

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** As a run's log is read. */
const isFinding: Check = (value) =>
  record({})(value) && readEvent(JSON.stringify({ event: 'finding', ...(value as object) })) !== undefined;

const isCheck = record({
  step: count,
  stats: each(layerStats),
  loss: number,
  penalty: number,
} satisfies Checks<DiagnosisCheck>);

const scores = each(number);

const isEpoch = record({
  epoch: count,
  step: count,
  train: scores,
  test: optional(scores),
  leastLoss: number,
  best: optional(record({ train: scores, test: scores } satisfies Checks<EpochLook['best']>)),
  highestSince: optional(number),
  memory: optional(each(number)),
} satisfies Checks<EpochLook>);

const reported = {
  info: true,
  warning: true,
  error: true,
  over: true,
  infoOver: true,
  errorOver: true,
} satisfies {
  [R in Reported]: true;
};

const diagnosisChecks: Checks<DiagnosisState> = {
  due: count,
  checks: listOf(isCheck),
  first: (value) => value === null || isCheck(value),
  losses: listOf(number),
  epochs: listOf(isEpoch),
  found: listOf(isFinding),
  looks: each(count),
  reported: each((value) => typeof value === 'string' && Object.hasOwn(reported, value)),
};

const progressChecks: Checks<Progress> = {
  seed: count,
  step: count,
  updates: count,
  epochs: count,
  batch: count,
  epochLosses: listOf(number),
  divisors: listOf(number),
  patience: record({ bestLoss: number, waited: count } satisfies Checks<Progress['patience']>),
  best: record({ epoch: count, step: count } satisfies Checks<Progress['best']>),
  curve: record({
    lastStep: count,
    windowSteps: count,
    points: listOf(record(point)),
  } satisfies Checks<Progress['curve']>),
  diagnosis: record(diagnosisChecks),
};

const isProgress = (value: unknown): value is Progress => record(progressChecks)(value);

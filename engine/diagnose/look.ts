/** The input of rules: a network, its data, and its training so far. Each type includes the one before it. */
import type { Analysis } from '../graph/typed.ts';
import type { ScheduleMemory } from '../schedules/define.ts';
import { schedules } from '../schedules/registry.ts';
import type { TrainingSpec } from '../spec/document.ts';
import type { NetworkStats } from '../stats/define.ts';
import type { DataSummary } from './data.ts';
import type { LimitSettings } from './limits.ts';

export interface NetworkLook {
  readonly analysis: Analysis;
  /** What a run knows about the data; unknown while a person types. */
  readonly data?: DataSummary;
  /** All of them; `data` says how many were examined. */
  readonly trainSamples?: number;
  /** Limits that a person set. */
  readonly limits?: LimitSettings;
}

export interface DataLook extends NetworkLook {
  /** The spec that runs. It may differ from the text, because the command line may set another seed. */
  readonly training: TrainingSpec;
  readonly trainSamples: number;
  /** 0 without test data. */
  readonly testSamples: number;
  readonly data: DataSummary;
  /** The best scores of predictions that ignore the input: the most frequent class, or the mean. */
  readonly baseline: Scores;
  /** The loss of predictions that are right for every sample: 0 for most losses. */
  readonly floor: number;
  /** The loss of a network that answers 0 everywhere, as an untrained one does on average. */
  readonly untrainedLoss: number;
}

/** The measurements of one step. */
export interface Check {
  readonly step: number;
  readonly stats: NetworkStats;
  /** Mean over the steps since the previous look. */
  readonly loss: number;
  /** Penalty of the weights, in addition to the loss; 0 if there is none. */
  readonly penalty: number;
}

/** The results of an epoch on training samples and on the samples that it is evaluated on. */
export interface EpochResults {
  readonly epoch: number;
  readonly step: number;
  readonly train: Scores;
  readonly test?: Scores;
}

/** The results of an epoch with the earlier results that rules compare them with, so that no rule reads all epochs after each one. */
export interface EpochLook extends EpochResults {
  /** The least training loss up to this epoch. */
  readonly leastLoss: number;
  /** The epoch with the least test loss up to this one. */
  readonly best?: Required<Pick<EpochResults, 'train' | 'test'>>;
  /** The highest training loss after that epoch. */
  readonly highestSince?: number;
  /** What the schedule remembers after this epoch. */
  readonly memory?: ScheduleMemory;
}

/** Adds the best results up to this epoch, and what the schedule remembers. `before`: the epoch before it. */
export function lookAtEpoch(
  scores: EpochResults,
  before: EpochLook | undefined,
  schedule: TrainingSpec['schedule'],
): EpochLook {
  const { train, test } = scores;
  const isBest = test && !(test.loss >= (before?.best?.test.loss ?? Number.POSITIVE_INFINITY));
  const memory =
    schedule &&
    schedules.get(schedule.type).afterEpoch?.(before?.memory, (test ?? train).loss, schedule.attributes);
  const best = isBest ? { train, test } : before?.best;
  return {
    ...scores,
    leastLoss: Math.min(train.loss, before?.leastLoss ?? Number.POSITIVE_INFINITY),
    ...(best ? { best } : {}),
    ...(best && !isBest ? { highestSince: Math.max(train.loss, before?.highestSince ?? train.loss) } : {}),
    ...(memory ? { memory } : {}),
  };
}

/** Loss and metrics by name. */
export type Scores = { readonly loss: number; readonly [metric: string]: number };

/** The place of the first number that is not finite. */
export interface NotFinite {
  readonly layer: string;
  /** "output", "gradient of kernel"; undefined if the data contains it. */
  readonly what: string | undefined;
  readonly step: number;
}

/** A condition that every run must meet, and that this epoch did not. */
export interface BrokenInvariant {
  /** A frozen parameter keeps its values; parameters that layers share are equal. */
  readonly invariant: 'frozenStays' | 'sharedAreEqual';
  readonly layer: string;
  readonly parameter: string;
  /** The largest difference between numbers that should be equal. */
  readonly difference: number;
}

export interface TrainingLook extends DataLook {
  /** The latest looks, oldest first; the last one is the current look. */
  readonly checks: readonly Check[];
  /** The measurements of the first step. */
  readonly first: Check | undefined;
  /** Steps of the whole run, unless it is stopped. */
  readonly totalSteps: number;
  /** All completed epochs. */
  readonly epochs: readonly EpochLook[];
  /** Whether the run ends with the last epoch: it was the last one, or early stopping ends the run. */
  readonly isLast: boolean;
  /** Set after an epoch. */
  readonly broken?: readonly BrokenInvariant[];
  /** Set if the last step failed because of it. */
  readonly notFinite?: NotFinite;
}

/** The current look. */
export const lastCheck = ({ checks }: TrainingLook): Check => checks[checks.length - 1];

/**
 * How far a loss is above that of perfect predictions, relative to the best predictions that ignore the input. 1 means that nothing was
 * learned, 0 that everything was. NaN where there is nothing to learn.
 */
export function shareOf({ baseline, floor }: DataLook, loss: number): number {
  const range = baseline.loss - floor;
  return range > 0 ? (loss - floor) / range : Number.NaN;
}

/** The same for the current loss. */
export const lossShare = (look: TrainingLook): number => shareOf(look, lastCheck(look).loss);

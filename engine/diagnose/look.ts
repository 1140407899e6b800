/** The input of rules: a network, its data, and its training so far. Each type includes the one before it. */
import type { Analysis } from '../graph/typed.ts';
import type { TrainingSpec } from '../spec/document.ts';
import type { NetworkStats } from '../stats/define.ts';
import type { DataSummary } from './data.ts';
import type { LimitSettings } from './limits.ts';

export interface NetworkLook {
  readonly analysis: Analysis;
  /** Limits that the person set. */
  readonly limits?: LimitSettings;
}

export interface DataLook extends NetworkLook {
  /** The spec that runs, which may differ from the text: the command line may choose another seed. */
  readonly training: TrainingSpec;
  readonly trainSamples: number;
  readonly data: DataSummary;
  /** What answers that do not depend on the input score at best, by the most frequent class or the mean. */
  readonly baseline: Scores;
}

/** What one step showed. */
export interface Check {
  readonly step: number;
  readonly stats: NetworkStats;
  /** Mean of the steps since the look before. */
  readonly loss: number;
  /** Of the weights, beside the loss; 0 where there is none. */
  readonly penalty: number;
}

/** How an epoch went, by the samples that it trained on and by those that it is judged by. */
export interface EpochLook {
  readonly epoch: number;
  readonly step: number;
  readonly train: Scores;
  readonly test?: Scores;
}

/** Loss and metrics by name. */
export type Scores = { readonly loss: number; readonly [metric: string]: number };

/** Where the first number was that is not finite. */
export interface NotFinite {
  readonly layer: string;
  /** "output", "gradient of kernel"; undefined where the data hold it. */
  readonly what: string | undefined;
  readonly step: number;
}

export interface TrainingLook extends DataLook {
  /** The latest ones, oldest first; the last one is what is looked at now. */
  readonly checks: readonly Check[];
  /** What the first step showed. */
  readonly first: Check | undefined;
  /** Steps of the whole run, if it is not stopped. */
  readonly totalSteps: number;
  /** All that are over. */
  readonly epochs: readonly EpochLook[];
  /** Set if the last step failed because of it. */
  readonly notFinite?: NotFinite;
}

/** What is looked at now. */
export const lastCheck = ({ checks }: TrainingLook): Check => checks[checks.length - 1];

/** The loss now, as a share of what the best answers that ignore the input get: 1 is nothing learned. */
export const lossShare = (look: TrainingLook): number => lastCheck(look).loss / look.baseline.loss;

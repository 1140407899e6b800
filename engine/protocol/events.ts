/** What a run tells: the same events on the worker protocol, in the run log on disk and from `netloom --json`. */
import type { Path } from '../schema/attributes.ts';
import type { NetworkStats } from './statistics.ts';

/** Figures over a split: the loss, and the metrics that fit the task, e.g. `accuracy`. */
export interface Scores {
  readonly loss: number;
  readonly [metric: string]: number;
}

/** A doubt that did not stop the run: what was assumed, and what settles it. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  /** Place in the spec. */
  readonly path: Path;
}

export type EndReason = 'finished' | 'stopped' | 'failed';

export type TrainingEvent =
  | {
      readonly event: 'plan';
      readonly parameters: number;
      readonly memoryBytes: number;
      readonly backend: string;
      readonly trainSamples: number;
      readonly testSamples: number;
      readonly batchSize: number;
      readonly stepsPerEpoch: number;
      readonly epochs: number;
      readonly warnings?: readonly Warning[];
    }
  /** Sampled: at most ten a second. `step` counts from 1; `loss` and metrics are of that step's batch. */
  | {
      readonly event: 'step';
      readonly step: number;
      readonly epoch: number;
      readonly loss: number;
      readonly metrics: { readonly [name: string]: number };
      readonly samplesPerSecond: number;
    }
  | { readonly event: 'stats'; readonly step: number; readonly layers: NetworkStats }
  | {
      readonly event: 'epoch';
      readonly epoch: number;
      readonly step: number;
      readonly train: Scores;
      readonly test?: Scores;
      readonly seconds: number;
    }
  /** Result of `evaluate`. */
  | {
      readonly event: 'evaluation';
      /** The samples that were scored: those for the test, or where there are none those of the training. */
      readonly split?: 'test' | 'train';
      readonly test: Scores;
      readonly samples: number;
      readonly warnings?: readonly Warning[];
      readonly seconds: number;
    }
  /** A failed run says why (`message`), under which code, and at which place of the spec. */
  | {
      readonly event: 'end';
      readonly reason: EndReason;
      readonly step: number;
      readonly message?: string;
      readonly code?: string;
      readonly path?: Path;
    };

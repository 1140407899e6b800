/** What a run tells: the same events on the worker protocol, in the run log on disk and from `netloom --json`. */
import type { Finding } from '../diagnose/define.ts';
import type { Path } from '../schema/attributes.ts';
import type { NetworkStats } from '../stats/define.ts';

/** Loss and metrics (e.g. `accuracy`) over a split. */
export interface Scores {
  readonly loss: number;
  readonly [metric: string]: number;
}

/**
 * One point of the live curve: loss and metrics over a window of successive training steps. Windows depend on step numbers
 * alone, and every step of a run is in exactly one window, so equal runs have equal points.
 */
export interface CurvePoint {
  /** Last step of the window. */
  readonly step: number;
  readonly loss: number;
  readonly metrics: { readonly [name: string]: number };
  /** The penalty of the weights (l1, l2) after the last step; absent where no layer has one. It is not part of the loss. */
  readonly penalty?: number;
}

/** A doubt that did not stop the run: what was assumed, and what settles it. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  /** Place in the spec. */
  readonly path: Path;
}

/** What a run takes of memory beside the program itself, in bytes. */
export interface MemoryParts {
  /** Parameters, gradients, values of a batch, statistics. */
  readonly network: number;
  /** Working memory of the kernels. */
  readonly kernels: number;
  readonly data: number;
  /** Copies of the weights: from before a step, of the best epoch, and the file while it is written. */
  readonly weights: number;
  /** Sums of the metrics, and the order of the samples. */
  readonly bookkeeping: number;
}

export type EndReason = 'finished' | 'stopped' | 'failed';

export type TrainingEvent =
  | {
      readonly event: 'plan';
      readonly parameters: number;
      /** All of `memory`; that is absent in runs of earlier versions, where this counts the network alone. */
      readonly memoryBytes: number;
      readonly memory?: MemoryParts;
      readonly backend: string;
      readonly trainSamples: number;
      readonly testSamples: number;
      readonly batchSize: number;
      readonly stepsPerEpoch: number;
      readonly epochs: number;
      readonly warnings?: readonly Warning[];
    }
  /** At most ten a second, and one at the end. `step` counts from 1; `loss`, metrics and `penalty` are those of that step. */
  | {
      readonly event: 'step';
      readonly step: number;
      readonly epoch: number;
      readonly loss: number;
      readonly metrics: { readonly [name: string]: number };
      readonly penalty?: number;
      readonly samplesPerSecond: number;
      /** The windows that were completed since the last event of this kind. */
      readonly points: readonly CurvePoint[];
    }
  | { readonly event: 'stats'; readonly step: number; readonly layers: NetworkStats }
  | {
      readonly event: 'epoch';
      readonly epoch: number;
      readonly step: number;
      readonly train: Scores;
      readonly test?: Scores;
      /** As in `CurvePoint`. */
      readonly penalty?: number;
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
  /** What is wrong with the training, and why: a rule of the diagnosis saw it at several looks. */
  | ({ readonly event: 'finding' } & Finding)
  /** Something could not be saved, or can be again; the run goes on. */
  | {
      readonly event: 'warning';
      readonly step: number;
      readonly code: string;
      readonly message: string;
    }
  /** `step` is the last one that began. A failed run says why (`message`), under which code, and at which place of the spec. */
  | {
      readonly event: 'end';
      readonly reason: EndReason;
      readonly step: number;
      /** The best epoch, if the weights were set back to what they were at its end. */
      readonly restoredEpoch?: number;
      readonly message?: string;
      readonly code?: string;
      readonly path?: Path;
      /** Where the files of a training are; in its own log this is left out. */
      readonly folder?: string;
    };

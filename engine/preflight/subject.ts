/**
 * The subject of pre-flight checks: a network with its data, for any number of short trainings, each from the first
 * step and on chosen samples. Nothing is written, and nothing depends on the clock.
 */
import type { Dataset } from '../data/define.ts';
import { spread } from '../data/spread.ts';
import type { Backend } from '../kernels/backend.ts';
import { referenceBackend } from '../kernels/reference/backend.ts';
import type { Scores } from '../protocol/events.ts';
import type { TrainingSpec } from '../spec/document.ts';
import { type AssemblyOptions, assemble, type Network, type OpenedData } from '../train/open.ts';
import { Scorer } from '../train/scores.ts';
import { Training, type TrainingParts } from '../train/training.ts';

/** More epochs than any check runs. */
const endless = 1_000_000;

/** How a short training differs from the one that the spec describes. */
export interface Excerpt {
  /** The number of samples, evenly spread over the training data. Default: all of them. */
  readonly samples?: number;
  /** Samples a step; the spec's when absent. */
  readonly batchSize?: number;
  /** Computes in float64 on the reference backend, for comparisons with numeric slopes. */
  readonly exact?: true;
}

export interface SubjectHost {
  openBackend(planBytes: number): Backend;
  readonly memoryLimit: number;
}

export class Subject {
  readonly network: Network;
  readonly dataset: Dataset;
  readonly #host: SubjectHost;

  constructor({ network, dataset }: OpenedData, host: SubjectHost) {
    this.network = network;
    this.dataset = dataset;
    this.#host = host;
  }

  /** Passes a training at its first step to `use`, and frees its memory afterwards. */
  async train<T>(excerpt: Excerpt, use: (training: Training) => T | Promise<T>): Promise<T> {
    const { parts, dispose } = this.#assemble(excerpt);
    try {
      return await use(new Training(parts));
    } finally {
      dispose();
    }
  }

  #assemble({ samples, batchSize, exact }: Excerpt): { parts: TrainingParts; dispose: () => void } {
    const { train } = this.dataset;
    const { training: spec } = this.network;
    const chosen = Math.min(samples ?? train.size, train.size);
    const training: TrainingSpec = {
      ...spec,
      schedule: undefined,
      earlyStopping: undefined,
      batchSize: Math.min(batchSize ?? spec.batchSize, chosen),
      accumulate: 1,
      epochs: endless,
    };
    const dataset = { ...this.dataset, train: spread(train, chosen) };
    const options: AssemblyOptions = {
      float: exact ? 'float64' : 'float32',
      memoryLimit: this.#host.memoryLimit,
    };
    let backend: Backend | undefined;
    const parts = assemble({ ...this.network, training }, dataset, options, (bytes) => {
      backend = exact ? referenceBackend : this.#host.openBackend(bytes);
      return backend;
    });
    return { parts, dispose: () => backend?.dispose?.() };
  }
}

/** Loss and metrics of the first batch of a training's samples, by the weights as they are. `change` alters the batch before. */
export function scoreFirstBatch(
  { parts }: Training,
  change?: (runtime: TrainingParts['runtime']) => void,
): Scores {
  const { runtime, dataset, training } = parts;
  const scorer = new Scorer(runtime, training);
  const tally = scorer.tally();
  loadFirstBatch(parts);
  change?.(runtime);
  runtime.beginSequences();
  runtime.divideBy(undefined);
  runtime.forward(Math.min(training.batchSize, dataset.train.size), false, 0);
  runtime.loss();
  scorer.add(tally);
  return scorer.scores(tally);
}

/** Loads the first samples, up to one batch, and returns their number. */
export function loadFirstBatch({ loader, dataset, training }: TrainingParts): number {
  const count = Math.min(training.batchSize, dataset.train.size);
  loader.load(
    dataset.train,
    Int32Array.from({ length: count }, (_, index) => index),
    count,
  );
  return count;
}

/** Runs this many steps, over as many epochs as they take. */
export function runSteps(training: Training, steps: number): void {
  for (let step = 0; step < steps; step++) {
    training.step(false);
    if (training.next === 'epochEnd') training.endEpoch(undefined);
  }
}

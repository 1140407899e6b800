/**
 * The training loop: epochs of shuffled batches, told as a stream of events. Knows no worker, no file and no
 * timer; it pauses through `host.breathe`, so that whoever runs it can hear "stop".
 */
import type { Dataset, Split } from '../data/define.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { EndReason, Scores, TrainingEvent } from '../protocol/events.ts';
import { schedules } from '../schedules/registry.ts';
import type { TrainingSpec } from '../spec/document.ts';
import { NetworkProbe } from '../stats/probes.ts';
import type { Feed } from './feed.ts';
import { sampleOrder, streamOrder } from './order.ts';
import { Pace, sliceMilliseconds } from './pace.ts';
import { RunningScores } from './scores.ts';
import { Trainer } from './trainer.ts';

export interface LoopHost {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Lets waiting messages in. */
  breathe(): Promise<void>;
  readonly stopRequested: boolean;
  /** Whether statistics are measured on a step; steps count from 1. Absent: as often as they cost little, and on the last step. */
  readonly probes?: (step: number) => boolean;
}

export interface TrainingRun {
  readonly runtime: Runtime;
  readonly feed: Feed;
  readonly dataset: Dataset;
  readonly training: TrainingSpec;
}

export async function* train(run: TrainingRun, host: LoopHost): AsyncGenerator<TrainingEvent> {
  const { runtime, feed, dataset, training } = run;
  const trainer = new Trainer(runtime, training);
  const probe = new NetworkProbe(runtime);
  const epochScores = new RunningScores(runtime, training);
  const batchScores = new RunningScores(runtime, training);
  const pace = new Pace(host);
  const { batchSize, epochs, accumulate } = training;
  const { size } = dataset.train;
  const order = runtime.carriesSequences
    ? streamOrder(size, batchSize)
    : sampleOrder(size, batchSize, training.seed);
  const indices = new Int32Array(batchSize);
  const stepsPerEpoch = order.batches;
  const stopping = new EarlyStop(trainer, training);
  const epochLosses: number[] = [];
  let step = 0;
  let pending = 0;
  let pendingLoss = 0;

  for (let epoch = 1; epoch <= epochs; epoch++) {
    const began = host.now();
    epochScores.restart();
    probe.deadUnits.beginPass();
    runtime.beginSequences();
    order.begin(epoch);
    for (let batch = 0; batch < stepsPerEpoch; batch++) {
      const count = order.fill(batch, indices);
      step++;
      const last = batch === stepsPerEpoch - 1;
      // What is told of gradients is told of whole updates.
      const updates = pending + 1 === accumulate || last;
      pace.stepBegins(count, updates);
      const probed = host.probes ? host.probes(step) : (last && epoch === epochs) || pace.probeDue(updates);
      feed.load(dataset.train, indices, count);
      const watching = probed ? probe : undefined;
      const loss = trainer.accumulate(count, step, pending === 0, watching, probe.deadUnits);
      if (last) probe.deadUnits.endPass();
      pending++;
      pendingLoss += loss;
      if (updates) {
        const progress = { step: step - 1, totalSteps: epochs * stepsPerEpoch, stepsPerEpoch, epochLosses };
        const factor = training.schedule
          ? schedules.get(training.schedule.type).factor(progress, training.schedule.attributes)
          : 1;
        trainer.update(
          pendingLoss / pending,
          pending,
          trainer.baseLearningRate * factor,
          step,
          probed ? probe : undefined,
        );
        pending = 0;
        pendingLoss = 0;
      }
      epochScores.add(count, loss);
      pace.stepEnds(probed);
      if (pace.eventDue() || (last && epoch === epochs)) {
        batchScores.restart();
        batchScores.add(count, loss);
        yield {
          event: 'step',
          step,
          epoch,
          loss,
          metrics: batchScores.metrics(),
          samplesPerSecond: pace.samplesPerSecond(),
        };
      }
      if (probed && updates) yield { event: 'stats', step, layers: probe.read() };
      if (pace.sliceOver()) {
        await host.breathe();
        pace.sliceBegins();
        if (host.stopRequested) {
          yield { event: 'end', reason: 'stopped', step };
          return;
        }
      }
    }
    const trained = epochScores.read();
    const test = dataset.test && (await evaluateSplit(run, dataset.test, host));
    if (test === 'stopped') {
      yield { event: 'end', reason: 'stopped', step };
      return;
    }
    yield {
      event: 'epoch',
      epoch,
      step,
      train: trained,
      ...(test ? { test } : {}),
      seconds: (host.now() - began) / 1000,
    };
    epochLosses.push((test ?? trained).loss);
    if (stopping.afterEpoch((test ?? trained).loss)) break;
  }
  stopping.finish();
  yield { event: 'end', reason: 'finished' satisfies EndReason, step };
}

/** Scores of a whole split, letting messages in between batches; "stopped" when asked to stop. */
export async function evaluateSplit(
  run: TrainingRun,
  split: Split,
  host: LoopHost,
): Promise<Scores | 'stopped'> {
  const { runtime, feed, training } = run;
  const scores = new RunningScores(runtime, training);
  const { batchSize } = training;
  const order = (runtime.carriesSequences ? streamOrder : sampleOrder)(split.size, batchSize);
  const indices = new Int32Array(batchSize);
  let slice = host.now();
  runtime.beginSequences();
  for (let batch = 0; batch < order.batches; batch++) {
    const count = order.fill(batch, indices);
    feed.load(split, indices, count);
    runtime.forward(count, false, 0);
    scores.add(count, runtime.loss());
    if (host.now() - slice >= sliceMilliseconds) {
      await host.breathe();
      slice = host.now();
      if (host.stopRequested) return 'stopped';
    }
  }
  return scores.read();
}

/** Ends a run that no longer improves, and goes back to its best parameters. */
class EarlyStop {
  readonly #trainer: Trainer;
  readonly #settings: TrainingSpec['earlyStopping'];
  #best = Number.POSITIVE_INFINITY;
  #bestParameters: readonly FloatArray[] | undefined;
  #waited = 0;

  constructor(trainer: Trainer, { earlyStopping }: TrainingSpec) {
    this.#trainer = trainer;
    this.#settings = earlyStopping;
  }

  afterEpoch(loss: number): boolean {
    if (!this.#settings) return false;
    if (loss < this.#best - this.#settings.minDelta) {
      this.#best = loss;
      this.#waited = 0;
      if (this.#settings.restoreBest) this.#bestParameters = this.#trainer.snapshot();
      return false;
    }
    this.#waited++;
    return this.#waited >= this.#settings.patience;
  }

  finish(): void {
    if (this.#bestParameters) this.#trainer.restore(this.#bestParameters);
  }
}

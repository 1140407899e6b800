/**
 * The training loop: epochs of shuffled batches, told as a stream of events. Knows no worker, no file and no
 * timer; it pauses through `host.breathe`, so that whoever runs it can hear "stop".
 */
import type { Dataset, Split } from '../data/define.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { TrainingSpec } from '../spec/document.ts';
import { NetworkProbe } from '../stats/probes.ts';
import type { EndReason, Scores, TrainingEvent } from './events.ts';
import type { Feed } from './feed.ts';
import { sampleOrder, streamOrder } from './order.ts';
import { schedules } from './schedules/registry.ts';
import { RunningScores } from './scores.ts';
import { Trainer } from './trainer.ts';

export interface LoopHost {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Lets waiting messages in. */
  breathe(): Promise<void>;
  readonly stopRequested: boolean;
}

export interface TrainingRun {
  readonly runtime: Runtime;
  readonly feed: Feed;
  readonly dataset: Dataset;
  readonly training: TrainingSpec;
}

/** Steps run this long before messages are let in: well within the promised 100 ms. */
const sliceMilliseconds = 25;
/** Ten a second at most, for step and statistics events. */
const eventInterval = 100;
/** A probed step may cost this share of training time on average. */
const probeShare = 0.02;

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
    probe.restart();
    runtime.beginSequences();
    order.begin(epoch);
    for (let batch = 0; batch < stepsPerEpoch; batch++) {
      const count = order.fill(batch, indices);
      step++;
      const last = batch === stepsPerEpoch - 1;
      const probed = last || pace.probeDue();
      const before = host.now();
      feed.load(dataset.train, indices, count);
      const loss = trainer.accumulate(count, step, pending === 0, probed ? probe : undefined);
      pending++;
      pendingLoss += loss;
      if (pending === accumulate || last) {
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
      pace.stepTook(host.now() - before, probed, count);
      if (pace.eventDue() || last) {
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
      if (probed) yield { event: 'stats', step, layers: probe.read() };
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
    scores.add(count, runtime.loss(count));
    if (host.now() - slice >= sliceMilliseconds) {
      await host.breathe();
      slice = host.now();
      if (host.stopRequested) return 'stopped';
    }
  }
  return scores.read();
}

/** When to tell, when to probe, when to let messages in. */
class Pace {
  readonly #host: LoopHost;
  #slice: number;
  #lastEvent = Number.NEGATIVE_INFINITY;
  #lastProbe = Number.NEGATIVE_INFINITY;
  /** Running means of a step's milliseconds, plain and probed. */
  #plain = Number.NaN;
  #probed = Number.NaN;
  #samples = 0;
  #since: number;
  #rate = 0;

  constructor(host: LoopHost) {
    this.#host = host;
    this.#slice = host.now();
    this.#since = this.#slice;
  }

  /** So seldom that what probing adds stays within its share of the time. */
  probeDue(): boolean {
    const extra = Math.max(0, this.#probed - this.#plain);
    const interval = Math.max(eventInterval, Number.isNaN(extra) ? 0 : extra / probeShare);
    if (this.#host.now() - this.#lastProbe < interval) return false;
    this.#lastProbe = this.#host.now();
    return true;
  }

  stepTook(milliseconds: number, probed: boolean, samples: number): void {
    const mean = (old: number) => (Number.isNaN(old) ? milliseconds : 0.9 * old + 0.1 * milliseconds);
    if (probed) this.#probed = mean(this.#probed);
    else this.#plain = mean(this.#plain);
    this.#samples += samples;
  }

  eventDue(): boolean {
    const now = this.#host.now();
    if (now - this.#lastEvent < eventInterval) return false;
    this.#lastEvent = now;
    return true;
  }

  samplesPerSecond(): number {
    const elapsed = this.#host.now() - this.#since;
    if (elapsed >= 500 || this.#rate === 0) {
      this.#rate = elapsed > 0 ? (1000 * this.#samples) / elapsed : 0;
      this.#samples = 0;
      this.#since = this.#host.now();
    }
    return this.#rate;
  }

  sliceOver(): boolean {
    return this.#host.now() - this.#slice >= sliceMilliseconds;
  }

  sliceBegins(): void {
    this.#slice = this.#host.now();
  }
}

/** Ends a run that no longer improves, and goes back to its best parameters. */
class EarlyStop {
  readonly #trainer: Trainer;
  readonly #settings: TrainingSpec['earlyStopping'];
  #best = Number.POSITIVE_INFINITY;
  #bestParameters: FloatArray | undefined;
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

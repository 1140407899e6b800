/**
 * The training loop: epochs of shuffled batches, told as a stream of events. Knows no worker, no file and no
 * timer; it pauses through `host.breathe`, so that files can be written meanwhile. Nothing asks it to stop: whoever wants
 * that ends its thread, between two commits.
 */
import type { Dataset, Split } from '../data/define.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { Scores, TrainingEvent } from '../protocol/events.ts';
import { schedules } from '../schedules/registry.ts';
import type { TrainingSpec } from '../spec/document.ts';
import { NetworkProbe } from '../stats/probes.ts';
import { BestWeights } from './bestWeights.ts';
import { Commits } from './commits.ts';
import { Curve } from './curve.ts';
import type { Feed } from './feed.ts';
import { keptTensors } from './kept.ts';
import { type BatchOrder, sampleOrder, streamOrder } from './order.ts';
import { Pace, sliceMilliseconds } from './pace.ts';
import { Scorer } from './scores.ts';
import { Trainer } from './trainer.ts';

export interface LoopHost {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Lets files be written and messages in. */
  breathe(): Promise<void>;
  /** Whether statistics are measured on a step; steps count from 1. Absent: as often as they cost little, and on the last step. */
  readonly probes?: (step: number) => boolean;
}

export interface TrainingRun {
  readonly runtime: Runtime;
  readonly feed: Feed;
  readonly dataset: Dataset;
  readonly training: TrainingSpec;
  /** Of the tensors that are kept. Shared with the thread that may end this one. */
  readonly commits?: Commits;
}

/** Thrown by `train` when a step fails, after the rest of the curve was reported and the best weights were restored. */
export class TrainingFailure extends Error {
  constructor(
    override readonly cause: unknown,
    /** The step that failed. */
    readonly step: number,
    readonly restoredEpoch: number | undefined,
  ) {
    super('training failed');
  }
}

/** Throws TrainingFailure. */
export async function* train(run: TrainingRun, host: LoopHost): AsyncGenerator<TrainingEvent> {
  const loop = new Loop(run, host);
  try {
    yield* loop.epochs();
  } catch (error) {
    yield* loop.restOfCurve();
    throw new TrainingFailure(error, loop.step, loop.best.restore());
  }
  yield* loop.restOfCurve();
  const restoredEpoch = loop.best.restore();
  yield {
    event: 'end',
    reason: 'finished',
    step: loop.step,
    ...(restoredEpoch === undefined ? {} : { restoredEpoch }),
  };
}

class Loop {
  readonly #run: TrainingRun;
  readonly #host: LoopHost;
  readonly #commits: Commits;
  readonly #trainer: Trainer;
  readonly #probe: NetworkProbe;
  readonly #pace: Pace;
  readonly #order: BatchOrder;
  readonly #curve: Curve;
  readonly #epochLosses: number[] = [];
  readonly best: BestWeights;
  /** The step that began last, counted from 1. */
  step = 0;
  #epoch = 0;

  constructor(run: TrainingRun, host: LoopHost) {
    const { runtime, dataset, training } = run;
    this.#run = run;
    this.#host = host;
    this.#commits = run.commits ?? unwatched(run);
    this.#trainer = new Trainer(runtime, training, this.#commits);
    this.#probe = new NetworkProbe(runtime);
    this.#pace = new Pace(host);
    const { size } = dataset.train;
    this.#order = runtime.carriesSequences
      ? streamOrder(size, training.batchSize)
      : sampleOrder(size, training.batchSize, training.seed);
    const scorer = new Scorer(runtime, training);
    this.#curve = new Curve(scorer, () => this.#trainer.penalty(), this.#order.batches, training.epochs);
    this.best = new BestWeights(this.#commits, training);
  }

  async *epochs(): AsyncGenerator<TrainingEvent, void> {
    const { dataset, training } = this.#run;
    for (this.#epoch = 1; this.#epoch <= training.epochs; this.#epoch++) {
      const began = this.#host.now();
      yield* this.#steps();
      const train = this.#curve.endEpoch();
      const test = dataset.test && (await evaluateSplit(this.#run, dataset.test, this.#host));
      const { loss } = test ?? train;
      this.#epochLosses.push(loss);
      const isOver = this.best.afterEpoch(this.#epoch, loss);
      yield {
        event: 'epoch',
        epoch: this.#epoch,
        step: this.step,
        train,
        ...(test ? { test } : {}),
        ...this.#curve.penalty(),
        seconds: (this.#host.now() - began) / 1000,
      };
      if (isOver) break;
    }
  }

  /** The steps of one epoch. */
  async *#steps(): AsyncGenerator<TrainingEvent, void> {
    const { runtime, feed, dataset, training } = this.#run;
    const host = this.#host;
    const pace = this.#pace;
    const indices = new Int32Array(training.batchSize);
    const { batches } = this.#order;
    const { accumulate } = training;
    this.#curve.beginEpoch();
    this.#probe.deadUnits.beginPass();
    runtime.beginSequences();
    this.#order.begin(this.#epoch);
    for (let batch = 0; batch < batches; batch++) {
      const count = this.#order.fill(batch, indices);
      this.step++;
      const last = batch === batches - 1;
      const ending = last && this.#epoch === training.epochs;
      const first = batch % accumulate === 0;
      // What is reported of gradients is reported of whole updates.
      const updates = (batch + 1) % accumulate === 0 || last;
      pace.stepBegins(count, updates);
      const probed = host.probes ? host.probes(this.step) : ending || pace.probeDue(updates);
      if (first && accumulate > 1) this.#divideByTotals(batch);
      feed.load(dataset.train, indices, count);
      const probe = probed ? this.#probe : undefined;
      const { deadUnits } = this.#probe;
      this.#trainer.accumulate(count, this.step, first, probe, deadUnits);
      if (last) deadUnits.endPass();
      if (updates) this.#trainer.update(this.#learningRate(), this.step, probe);
      this.#commits.completeWithoutUpdate(this.step);
      this.#curve.addStep(this.step);
      pace.stepEnds(probed);
      if (pace.eventDue()) yield this.#stepEvent();
      if (probed && updates) yield { event: 'stats', step: this.step, layers: this.#probe.read() };
      if (pace.sliceOver()) {
        await host.breathe();
        pace.sliceBegins();
      }
    }
  }

  /** Batches of an update count by what counts in them, which their targets tell: they are read once before. */
  #divideByTotals(from: number): void {
    const { runtime, feed, dataset, training } = this.#run;
    const totals = new Float64Array(runtime.plan.losses.length);
    const indices = new Int32Array(training.batchSize);
    const to = Math.min(from + training.accumulate, this.#order.batches);
    for (let batch = from; batch < to; batch++) {
      const count = this.#order.fill(batch, indices);
      feed.load(dataset.train, indices, count);
      runtime.addTotals(count, totals);
    }
    runtime.divideBy(totals);
  }

  #learningRate(): number {
    const { schedule, epochs, accumulate } = this.#run.training;
    const { baseLearningRate } = this.#trainer;
    if (!schedule) return baseLearningRate;
    const updatesPerEpoch = Math.ceil(this.#order.batches / accumulate);
    const progress = {
      step: this.#trainer.updates,
      totalSteps: epochs * updatesPerEpoch,
      stepsPerEpoch: updatesPerEpoch,
      epochLosses: this.#epochLosses,
    };
    return baseLearningRate * schedules.get(schedule.type).factor(progress, schedule.attributes);
  }

  #stepEvent(): TrainingEvent {
    return {
      event: 'step',
      // After the last epoch the loop counts one further.
      epoch: Math.ceil(this.step / this.#order.batches),
      ...this.#curve.lastStep(),
      ...this.#curve.penalty(),
      samplesPerSecond: this.#pace.samplesPerSecond(),
      points: this.#curve.takePoints(),
    };
  }

  /** An event with the windows that were not reported yet, if there are any. */
  *restOfCurve(): Generator<TrainingEvent> {
    this.#curve.closeWindow();
    if (this.#curve.hasPoints) yield this.#stepEvent();
  }
}

/** For a run that no other thread ends. */
function unwatched({ runtime, training }: TrainingRun): Commits {
  const commits = new Commits();
  keptTensors(runtime, training, commits);
  return commits;
}

/** Scores of a whole split. */
export async function evaluateSplit(run: TrainingRun, split: Split, host: LoopHost): Promise<Scores> {
  const { runtime, feed, training } = run;
  const scorer = new Scorer(runtime, training);
  const tally = scorer.tally();
  const { batchSize } = training;
  const order = (runtime.carriesSequences ? streamOrder : sampleOrder)(split.size, batchSize);
  const indices = new Int32Array(batchSize);
  let slice = host.now();
  runtime.beginSequences();
  runtime.divideBy(undefined);
  for (let batch = 0; batch < order.batches; batch++) {
    const count = order.fill(batch, indices);
    feed.load(split, indices, count);
    runtime.forward(count, false, 0);
    runtime.loss();
    scorer.add(tally);
    if (host.now() - slice >= sliceMilliseconds) {
      await host.breathe();
      slice = host.now();
    }
  }
  return scorer.scores(tally);
}

/** A training, step by step. It knows no clock, no file and no thread: `loop.ts` sets its pace and reports it. */
import type { Dataset } from '../data/define.ts';
import { lookAtData } from '../diagnose/data.ts';
import { Diagnosis } from '../diagnose/diagnosis.ts';
import type { LimitSettings } from '../diagnose/limits.ts';
import type { EpochResults } from '../diagnose/look.ts';
import type { Analysis } from '../graph/typed.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { CurvePoint, Scores } from '../protocol/events.ts';
import type { ScheduleMemory } from '../schedules/define.ts';
import { schedules } from '../schedules/registry.ts';
import type { TrainingSpec } from '../spec/document.ts';
import type { NetworkStats } from '../stats/define.ts';
import { NetworkProbe } from '../stats/probes.ts';
import { baselineOf, floorOf, untrainedLossOf } from './baseline.ts';
import { BestWeights } from './bestWeights.ts';
import { Commits } from './commits.ts';
import { Curve } from './curve.ts';
import { Invariants } from './invariants.ts';
import { type KeptTensor, keptTensors } from './kept.ts';
import type { Loader } from './loader.ts';
import { type BatchOrder, sampleOrder, streamOrder } from './order.ts';
import { Scorer } from './scores.ts';
import { Trainer } from './trainer.ts';

export interface TrainingParts {
  /** Of the text that is trained. */
  readonly analysis: Analysis;
  readonly runtime: Runtime;
  readonly loader: Loader;
  readonly dataset: Dataset;
  readonly training: TrainingSpec;
  /** Limits of findings from the settings, by "code/limit". */
  readonly limits?: LimitSettings;
  /** Commits of the tensors that are kept. Shared with the thread that may end this one. */
  readonly commits?: Commits;
}

/** The results of an epoch, with the penalty of the weights. */
export interface EpochScores extends EpochResults {
  /** As in `CurvePoint`. */
  readonly penalty?: number;
}

export class Training {
  readonly trainer: Trainer;
  readonly probe: NetworkProbe;
  readonly curve: Curve;
  /** The tensors that a run keeps. */
  readonly kept: readonly KeptTensor[];
  /** Scores of predictions that ignore the input, on the data that epochs are evaluated on. */
  readonly baseline: Scores;
  readonly #diagnosis: Diagnosis;
  /** Work that must be done before the diagnosis is used. */
  #firstLook: (() => void) | undefined;
  readonly #commits: Commits;
  readonly #invariants: Invariants;
  readonly #order: BatchOrder;
  readonly #best: BestWeights;
  readonly #indices: Int32Array;
  /** The total weight of each loss over the batches of an update. */
  readonly #totals: Float64Array;
  /** What the schedule remembers of the losses of epochs. */
  #memory: ScheduleMemory | undefined;
  #step = 0;
  #epochs = 0;
  #batch = 0;

  /** Begins at the first step. */
  constructor(readonly parts: TrainingParts) {
    const { runtime, dataset, training, commits = new Commits() } = parts;
    this.#commits = commits;
    this.kept = keptTensors(runtime, training, commits);
    this.trainer = new Trainer(runtime, training, commits);
    this.probe = new NetworkProbe(runtime);
    this.#invariants = new Invariants(runtime);
    const { size } = dataset.train;
    this.#order = runtime.carriesSequences
      ? streamOrder(size, training.batchSize)
      : sampleOrder(size, training.batchSize, training.seed);
    const scorer = new Scorer(runtime, training);
    this.curve = new Curve(scorer, () => this.trainer.penalty(), this.#order.batches, training.epochs);
    this.#best = new BestWeights(commits, training);
    const { train, test } = dataset;
    this.baseline = baselineOf(parts, test ?? train);
    const guesses = () => ({
      baseline: test ? baselineOf(parts, train) : this.baseline,
      floor: floorOf(parts, train),
      untrainedLoss: untrainedLossOf(parts, train),
    });
    // Later they would begin the sequences again.
    const early = runtime.carriesSequences ? guesses() : undefined;
    this.#diagnosis = new Diagnosis(this.#order.batches, training.epochs);
    this.#firstLook = () =>
      this.#diagnosis.begin({
        analysis: parts.analysis,
        ...(parts.limits ? { limits: parts.limits } : {}),
        training,
        trainSamples: size,
        testSamples: test?.size ?? 0,
        ...(early ?? guesses()),
        data: lookAtData(dataset),
      });
    this.#indices = new Int32Array(training.batchSize);
    this.#totals = new Float64Array(runtime.plan.losses.length);
  }

  /**
   * The diagnosis of the training. Examining the data and what guesses score takes longer than a step, so it waits until the diagnosis
   * is used or the second step begins. The first step can then be reported earlier. The result does not depend on this moment.
   */
  get diagnosis(): Diagnosis {
    const look = this.#firstLook;
    this.#firstLook = undefined;
    look?.();
    return this.#diagnosis;
  }

  /** What comes next: a step, the end of an epoch whose steps are complete, or nothing. */
  get next(): 'step' | 'epochEnd' | 'nothing' {
    if (this.#batch === this.#order.batches) return 'epochEnd';
    return this.#epochs === this.parts.training.epochs || this.#best.isOut ? 'nothing' : 'step';
  }

  /** The last step that began, counted from 1; 0 before the first. */
  get stepNumber(): number {
    return this.#step;
  }

  /** The epoch of that step, counted from 1. */
  get epoch(): number {
    return Math.max(1, Math.ceil(this.#step / this.#order.batches));
  }

  /** Samples of the next step. */
  get nextSamples(): number {
    return this.#order.count(this.#batch);
  }

  /** Whether the next step completes an update. */
  get nextUpdates(): boolean {
    return !this.#isPending(this.#batch + 1);
  }

  /** Whether the diagnosis needs the next step, which is then measured. */
  get nextIsLook(): boolean {
    return this.nextUpdates && this.#diagnosis.isDue(this.#step + 1);
  }

  /** Whether the next step is the last one of the last epoch. */
  get nextIsLast(): boolean {
    return this.#batch === this.#order.batches - 1 && this.#epochs + 1 === this.parts.training.epochs;
  }

  /**
   * Runs the next step, and the update if the step completes one. The step is measured if `probed` or if the diagnosis needs
   * it, and in detail if also `detailed`. Throws ProblemError if a number is not finite, before the parameters change.
   */
  step(probed: boolean, detailed = false): void {
    const { runtime, loader, dataset, training } = this.parts;
    const { accumulate } = training;
    const batch = this.#batch;
    const isLook = this.nextIsLook;
    const diagnosis = this.#step === 0 ? this.#diagnosis : this.diagnosis;
    if (batch === 0) this.#beginEpoch();
    this.#step++;
    const first = batch % accumulate === 0;
    if (first && accumulate > 1) this.#divideByTotals(batch);
    const count = this.#order.fill(batch, this.#indices);
    loader.load(dataset.train, this.#indices, count);
    const probe = probed || isLook ? this.probe : undefined;
    if (probe && detailed) probe.beginDetail();
    const { deadUnits, clipping } = this.probe;
    const updates = this.nextUpdates;
    // The last batch of an epoch may be small, and shows nothing about the others. Batches of a stream differ by one sample.
    const isUsual = count + 1 >= this.#order.count(0);
    if (isUsual) runtime.backend.stepBegins?.(first);
    this.trainer.accumulate(count, this.#step, first, probe, deadUnits.watch);
    if (batch === this.#order.batches - 1) deadUnits.endPass();
    if (updates) this.trainer.update(this.#learningRate(), this.#step, probe, clipping);
    // The last update of an epoch may have fewer batches.
    if (isUsual) runtime.backend.stepEnds?.((batch + 1) % accumulate === 0);
    this.#commits.completeWithoutUpdate(this.#step);
    this.curve.addStep(this.#step);
    this.#batch++;
    const { loss, penalty = 0 } = isLook ? this.lastStep() : { loss: this.curve.lastLoss() };
    diagnosis.addLoss(loss);
    if (isLook) this.#look(this.probe.read(), penalty);
  }

  #look(stats: NetworkStats, penalty: number): void {
    const step = this.#step;
    const earlier = this.#firstLook;
    const look = () => this.#diagnosis.afterStep(step, stats, penalty);
    if (!earlier) look();
    else
      this.#firstLook = () => {
        earlier();
        look();
      };
  }

  /**
   * The details of the last step, and those of the chosen sample with the current weights. `sample` counts from 1 in the
   * evaluation data; beyond its end, the last sample is used. Later steps do not depend on it. For a network that carries state
   * from batch to batch, the sample is left out, because it would interrupt the sequences.
   */
  readDetail(sample = 1): { readonly layers: NetworkStats; readonly sample?: number } {
    const { runtime, loader, dataset } = this.parts;
    if (runtime.carriesSequences) return { layers: this.probe.endDetail() };
    const split = dataset.test ?? dataset.train;
    const chosen = Math.min(Math.max(1, sample), split.size);
    this.#indices[0] = chosen - 1;
    loader.load(split, this.#indices, 1);
    runtime.forward(1, false, 0, this.probe.sample);
    return { layers: this.probe.endDetail(), sample: chosen };
  }

  /** Ends an epoch whose steps are complete. `test`: its scores on the evaluation data, if there are any. */
  endEpoch(test: Scores | undefined): EpochScores {
    const train = this.curve.endEpoch();
    const { loss } = test ?? train;
    const { schedule } = this.parts.training;
    if (schedule)
      this.#memory = schedules.get(schedule.type).afterEpoch?.(this.#memory, loss, schedule.attributes);
    this.#epochs++;
    this.#batch = 0;
    this.#best.afterEpoch(this.#epochs, loss);
    const scores = { epoch: this.#epochs, step: this.#step, train, ...(test ? { test } : {}) };
    const broken = this.#invariants.broken();
    this.diagnosis.afterEpoch(scores, this.probe.deadShares(), broken, this.#best.isOut);
    return { ...scores, ...this.curve.penalty() };
  }

  /**
   * Restores the weights of the best epoch, however the run ended. Returns that epoch; undefined if the weights did not change.
   */
  restoreBest(): number | undefined {
    return this.#best.restore();
  }

  /** Scores of the last step. */
  lastStep(): Pick<CurvePoint, 'step' | 'loss' | 'metrics' | 'penalty'> {
    return { ...this.curve.lastStep(), ...this.curve.penalty() };
  }

  /** Whether, after this many batches of an epoch, gradients are accumulated without an update yet. */
  #isPending(batch: number): boolean {
    return batch % this.parts.training.accumulate !== 0 && batch < this.#order.batches;
  }

  #beginEpoch(): void {
    this.curve.beginEpoch();
    this.#invariants.beginEpoch();
    this.probe.deadUnits.beginPass();
    this.probe.clipping.beginEpoch();
    this.parts.runtime.beginSequences();
    this.#order.begin(this.#epochs + 1);
  }

  /** The weight of each batch of an update follows from its targets, which are therefore read once before. */
  #divideByTotals(from: number): void {
    const { runtime, loader, dataset, training } = this.parts;
    const totals = this.#totals.fill(0);
    const to = Math.min(from + training.accumulate, this.#order.batches);
    for (let batch = from; batch < to; batch++) {
      const count = this.#order.fill(batch, this.#indices);
      loader.load(dataset.train, this.#indices, count);
      runtime.addTotals(count, totals);
    }
    runtime.divideBy(totals);
  }

  #learningRate(): number {
    const { schedule, epochs, accumulate } = this.parts.training;
    const { baseLearningRate, updates } = this.trainer;
    if (!schedule) return baseLearningRate;
    const updatesPerEpoch = Math.ceil(this.#order.batches / accumulate);
    const progress = {
      step: updates,
      totalSteps: epochs * updatesPerEpoch,
      stepsPerEpoch: updatesPerEpoch,
      memory: this.#memory,
    };
    return baseLearningRate * schedules.get(schedule.type).factor(progress, schedule.attributes);
  }
}

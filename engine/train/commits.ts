/**
 * Defines when a run's weights are consistent. Another thread can end a run at any moment, whatever it computes. The data that
 * a run keeps changes only inside a commit, and no thread ends a run inside one. So the other thread can save the weights of
 * the last complete step, or those of the best epoch.
 */
import type { FloatArray } from '../kernels/tensor.ts';

/** Places in the shared memory: words, then numbers as float64. */
const word = { gate: 0, inStep: 1, count: 2 } as const;
const number = { step: 0, bestEpoch: 1, bestStep: 2, count: 3 } as const;
const gate = { open: 0, committing: 1, closed: 2 } as const;

const wordBytes = word.count * Int32Array.BYTES_PER_ELEMENT;
const bytes = wordBytes + number.count * Float64Array.BYTES_PER_ELEMENT;

/** A tensor's values with the copies that are made of them. */
export interface Copies {
  /** A copy from before each step, for values that change while a step runs, such as running statistics. */
  readonly before?: FloatArray;
  /** A copy from the end of the best epoch so far. */
  readonly best?: FloatArray;
}

export class Commits {
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #before = new Map<FloatArray, FloatArray>();
  readonly #best = new Map<FloatArray, FloatArray>();

  constructor(readonly shared = new SharedArrayBuffer(bytes)) {
    this.#words = new Int32Array(shared, 0, word.count);
    this.#numbers = new Float64Array(shared, wordBytes, number.count);
  }

  /** Makes copies of `values` from now on. Call it before the first step. */
  copy(values: FloatArray, eachStep: boolean, bestEpoch: boolean): Copies {
    const copies: Copies = {
      ...(eachStep ? { before: sharedLike(values) } : {}),
      ...(bestEpoch ? { best: sharedLike(values) } : {}),
    };
    if (copies.before) this.#before.set(values, copies.before);
    if (copies.best) this.#best.set(values, copies.best);
    return copies;
  }

  stepBegins(): void {
    if (this.#before.size === 0) return;
    for (const [values, copy] of this.#before) copy.set(values);
    Atomics.store(this.#words, word.inStep, 1);
  }

  /** The kept data may change from here to `leave`. Does not return if the run has been ended from outside. */
  enter(): void {
    if (Atomics.compareExchange(this.#words, word.gate, gate.open, gate.committing) !== gate.open)
      Atomics.wait(this.#words, word.gate, gate.closed);
  }

  /** Call it within a commit: `step` steps are now complete. */
  completed(step: number): void {
    this.#numbers[number.step] = step;
    Atomics.store(this.#words, word.inStep, 0);
  }

  leave(): void {
    Atomics.store(this.#words, word.gate, gate.open);
  }

  /** Ends a step without an update, whose gradients are added to those of the next one. */
  completeWithoutUpdate(step: number): void {
    if (this.step === step) return;
    this.enter();
    this.completed(step);
    this.leave();
  }

  /** Declares the current values those of the best epoch so far, counted from 1. */
  keepBest(epoch: number): void {
    this.enter();
    for (const [values, copy] of this.#best) copy.set(values);
    this.#numbers[number.bestEpoch] = epoch;
    this.#numbers[number.bestStep] = this.step;
    this.leave();
  }

  /** Restores the values of the best epoch and returns that epoch; undefined if they are the current values. */
  restoreBest(): number | undefined {
    const epoch = this.betterEpoch;
    if (epoch === undefined) return undefined;
    this.enter();
    for (const [values, copy] of this.#best) values.set(copy);
    this.leave();
    return epoch;
  }

  /** The best epoch if it is not the last one; then its values are kept instead of the last ones. */
  get betterEpoch(): number | undefined {
    const epoch = this.#numbers[number.bestEpoch];
    return epoch > 0 && this.#numbers[number.bestStep] !== this.step ? epoch : undefined;
  }

  /** Number of complete steps. */
  get step(): number {
    return this.#numbers[number.step];
  }

  /** The step whose values are to be kept. */
  get keptStep(): number {
    return this.betterEpoch === undefined ? this.step : this.#numbers[number.bestStep];
  }

  /** The values to keep of a tensor, even during a step. Do not call it while a commit is incomplete. */
  whole(values: FloatArray, { before, best }: Copies): FloatArray {
    if (best && this.betterEpoch !== undefined) return best;
    return before && Atomics.load(this.#words, word.inStep) === 1 ? before : values;
  }

  /** Called from another thread: no commit can begin any more. False while one is running; then call again. */
  close(): boolean {
    return Atomics.compareExchange(this.#words, word.gate, gate.open, gate.closed) !== gate.committing;
  }

  /** Ended from outside. */
  get isClosed(): boolean {
    return Atomics.load(this.#words, word.gate) === gate.closed;
  }

  /** A commit has begun and not ended. If its thread has failed, the values belong to no step. */
  get isTorn(): boolean {
    return Atomics.load(this.#words, word.gate) === gate.committing;
  }
}

function sharedLike(values: FloatArray): FloatArray {
  // The types of views distinguish shared memory, but a reader of the numbers can ignore that.
  const memory = new SharedArrayBuffer(values.byteLength) as unknown as ArrayBuffer;
  return values instanceof Float64Array ? new Float64Array(memory) : new Float32Array(memory);
}

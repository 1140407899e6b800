/**
 * When a run's weights are whole. A run can be ended from another thread at any moment, whatever it computes. Parameters
 * change only inside a commit, and nobody ends a run inside one; so that thread can save the weights of the last whole step.
 */
import type { FloatArray } from '../kernels/tensor.ts';

/** Places in the shared memory: two words, then the number of whole steps as a float64. */
const word = { gate: 0, inStep: 1 } as const;
const stepOffset = 8;
const gate = { open: 0, committing: 1, closed: 2 } as const;

export class Commits {
  readonly #words: Int32Array;
  readonly #step: Float64Array;
  /** Values that a step changes while it runs, such as running statistics, each with a copy from before the step. */
  readonly #copies = new Map<FloatArray, FloatArray>();

  constructor(readonly shared = new SharedArrayBuffer(stepOffset + Float64Array.BYTES_PER_ELEMENT)) {
    this.#words = new Int32Array(shared, 0, 2);
    this.#step = new Float64Array(shared, stepOffset, 1);
  }

  /** Keeps a copy of `values` from before each step; gives the copy. Call it before the first step. */
  copyEachStep(values: FloatArray): FloatArray {
    // The views' types tell shared memory from unshared; to whoever reads the numbers both are the same.
    const memory = new SharedArrayBuffer(values.byteLength) as unknown as ArrayBuffer;
    const copy = values instanceof Float64Array ? new Float64Array(memory) : new Float32Array(memory);
    this.#copies.set(values, copy);
    return copy;
  }

  stepBegins(): void {
    if (this.#copies.size === 0) return;
    for (const [values, copy] of this.#copies) copy.set(values);
    Atomics.store(this.#words, word.inStep, 1);
  }

  /** Parameters may change from here to `leave`. Does not return once the run was ended from outside. */
  enter(): void {
    if (Atomics.compareExchange(this.#words, word.gate, gate.open, gate.committing) !== gate.open)
      Atomics.wait(this.#words, word.gate, gate.closed);
  }

  /** Within a commit: `step` steps are whole now. */
  completed(step: number): void {
    this.#step[0] = step;
    Atomics.store(this.#words, word.inStep, 0);
  }

  /** Ends a step without an update: one whose gradients wait for those of the next. */
  completeWithoutUpdate(step: number): void {
    if (this.step === step) return;
    this.enter();
    this.completed(step);
    this.leave();
  }

  leave(): void {
    Atomics.store(this.#words, word.gate, gate.open);
  }

  /** From another thread: no commit begins any more. False while one is under way; then ask again. */
  close(): boolean {
    return Atomics.compareExchange(this.#words, word.gate, gate.open, gate.closed) !== gate.committing;
  }

  /** How many steps are whole. */
  get step(): number {
    return this.#step[0];
  }

  /** A step had begun and was not completed: what changes within a step is whole only in its copy. */
  get inStep(): boolean {
    return Atomics.load(this.#words, word.inStep) === 1;
  }

  /** Ended from outside. */
  get isClosed(): boolean {
    return Atomics.load(this.#words, word.gate) === gate.closed;
  }

  /** A commit began and did not end: once its thread has failed, the parameters are of no step. */
  get isTorn(): boolean {
    return Atomics.load(this.#words, word.gate) === gate.committing;
  }
}

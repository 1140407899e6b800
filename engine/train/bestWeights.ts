/** Early stopping: ends a run that no longer improves, and sets the weights back to the best epoch's. */
import type { FloatArray } from '../kernels/tensor.ts';
import type { TrainingSpec } from '../spec/document.ts';
import type { Trainer } from './trainer.ts';

export class BestWeights {
  readonly #trainer: Trainer;
  readonly #settings: TrainingSpec['earlyStopping'];
  #best = Number.POSITIVE_INFINITY;
  #kept:
    | { readonly epoch: number; readonly updates: number; readonly values: readonly FloatArray[] }
    | undefined;
  #waited = 0;

  constructor(trainer: Trainer, { earlyStopping }: TrainingSpec) {
    this.#trainer = trainer;
    this.#settings = earlyStopping;
  }

  /** Whether the run should end, as its loss has not fallen for too long. */
  afterEpoch(epoch: number, loss: number): boolean {
    if (!this.#settings) return false;
    if (loss < this.#best - this.#settings.minDelta) {
      this.#best = loss;
      this.#waited = 0;
      if (this.#settings.restoreBest)
        this.#kept = { epoch, updates: this.#trainer.updates, values: this.#trainer.snapshot() };
      return false;
    }
    this.#waited++;
    return this.#waited >= this.#settings.patience;
  }

  /** However the run ended. The epoch that the weights were set back to; undefined where they are as they were. */
  restore(): number | undefined {
    const kept = this.#kept;
    if (!kept || kept.updates === this.#trainer.updates) return undefined;
    this.#trainer.restore(kept.values);
    return kept.epoch;
  }
}

/** Early stopping: ends a run that no longer improves, and restores the weights of the best epoch. */
import type { TrainingSpec } from '../spec/document.ts';
import type { Commits } from './commits.ts';

/** State of early stopping that is kept from epoch to epoch. */
export interface Patience {
  /** Loss of the best epoch so far; infinite before the first. */
  readonly bestLoss: number;
  /** Epochs since the best one. */
  readonly waited: number;
}

export class BestWeights {
  readonly #commits: Commits;
  readonly #settings: TrainingSpec['earlyStopping'];
  patience: Patience = { bestLoss: Number.POSITIVE_INFINITY, waited: 0 };

  constructor(commits: Commits, { earlyStopping }: TrainingSpec) {
    this.#commits = commits;
    this.#settings = earlyStopping;
  }

  afterEpoch(epoch: number, loss: number): void {
    if (!this.#settings) return;
    const { bestLoss, waited } = this.patience;
    if (loss < bestLoss - this.#settings.minDelta) {
      this.patience = { bestLoss: loss, waited: 0 };
      if (this.#settings.restoreBest) this.#commits.keepBest(epoch);
    } else this.patience = { bestLoss, waited: waited + 1 };
  }

  /** Whether the run should end, as its loss has not fallen for too long. */
  get isOut(): boolean {
    return this.#settings !== undefined && this.patience.waited >= this.#settings.patience;
  }

  /**
   * Call it after every run, however it ended. Returns the epoch whose weights were restored; undefined if they were not
   * changed.
   */
  restore(): number | undefined {
    return this.#commits.restoreBest();
  }
}

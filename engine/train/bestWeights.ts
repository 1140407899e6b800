/** Early stopping: ends a run that no longer improves, and sets the weights back to the best epoch's. */
import type { TrainingSpec } from '../spec/document.ts';
import type { Commits } from './commits.ts';

export class BestWeights {
  readonly #commits: Commits;
  readonly #settings: TrainingSpec['earlyStopping'];
  #best = Number.POSITIVE_INFINITY;
  #waited = 0;

  constructor(commits: Commits, { earlyStopping }: TrainingSpec) {
    this.#commits = commits;
    this.#settings = earlyStopping;
  }

  /** Whether the run should end, as its loss has not fallen for too long. */
  afterEpoch(epoch: number, loss: number): boolean {
    if (!this.#settings) return false;
    if (loss < this.#best - this.#settings.minDelta) {
      this.#best = loss;
      this.#waited = 0;
      if (this.#settings.restoreBest) this.#commits.keepBest(epoch);
      return false;
    }
    this.#waited++;
    return this.#waited >= this.#settings.patience;
  }

  /** However the run ended. The epoch that the weights were set back to; undefined where they are as they were. */
  restore(): number | undefined {
    return this.#commits.restoreBest();
  }
}

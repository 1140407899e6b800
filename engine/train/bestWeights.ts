/** Early stopping: ends a run that no longer improves, and restores the weights of the best epoch. */
import type { TrainingSpec } from '../spec/document.ts';
import type { Commits } from './commits.ts';

export class BestWeights {
  readonly #commits: Commits;
  readonly #settings: TrainingSpec['earlyStopping'];
  /** Loss of the best epoch so far. */
  #bestLoss = Number.POSITIVE_INFINITY;
  /** Epochs since the best one. */
  #waited = 0;

  constructor(commits: Commits, { earlyStopping }: TrainingSpec) {
    this.#commits = commits;
    this.#settings = earlyStopping;
  }

  afterEpoch(epoch: number, loss: number): void {
    if (!this.#settings) return;
    const { minDelta, restoreBest } = this.#settings;
    this.#waited++;
    if (!(loss < this.#bestLoss - minDelta)) return;
    this.#bestLoss = loss;
    this.#waited = 0;
    if (restoreBest) this.#commits.keepBest(epoch);
  }

  /** Whether the run should end, as its loss has not fallen for too long. */
  get isOut(): boolean {
    return this.#settings !== undefined && this.#waited >= this.#settings.patience;
  }

  /**
   * Call it after every run, however it ended. Returns the epoch whose weights were restored; undefined if they were not
   * changed.
   */
  restore(): number | undefined {
    return this.#commits.restoreBest();
  }
}

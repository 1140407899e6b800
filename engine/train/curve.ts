/**
 * What a run reports of its training steps: scores of the last step, of windows of steps (the live curve), and of the
 * epoch. A step is measured once; the sums of steps make those of windows, and these make those of epochs.
 */
import type { CurvePoint, Scores } from '../protocol/events.ts';
import type { Scorer, Tally } from './scores.ts';

/** Approximate number of windows in a whole run. A chart is not much wider in pixels. */
const windowsPerRun = 1000;
/** The fewest windows in an epoch, if it has that many steps, and if the whole run does not have more than the most. */
const leastPerEpoch = 20;
const mostPerRun = 20_000;

/** Steps in a window. The last window of an epoch may be shorter. */
export function windowLength(stepsPerEpoch: number, epochs: number): number {
  const least = Math.max(1, Math.min(leastPerEpoch, Math.floor(mostPerRun / epochs)));
  return Math.max(1, Math.floor(stepsPerEpoch / Math.max(least, Math.ceil(windowsPerRun / epochs))));
}

export class Curve {
  readonly #scorer: Scorer;
  readonly #penalty: () => number | undefined;
  readonly #length: number;
  /** Scores so far, for each stretch of steps. */
  readonly #tallies: { readonly [stretch in 'step' | 'window' | 'epoch']: Tally };
  /** Steps in the window so far. */
  #steps = 0;
  #last = 0;
  #points: CurvePoint[] = [];

  /** `penalty` computes the penalty of the current weights. */
  constructor(scorer: Scorer, penalty: () => number | undefined, stepsPerEpoch: number, epochs: number) {
    this.#scorer = scorer;
    this.#penalty = penalty;
    this.#length = windowLength(stepsPerEpoch, epochs);
    this.#tallies = { step: scorer.tally(), window: scorer.tally(), epoch: scorer.tally() };
  }

  beginEpoch(): void {
    this.#scorer.clear(this.#tallies.epoch);
  }

  /** Counts the training step that was just run. */
  addStep(step: number): void {
    this.#scorer.clear(this.#tallies.step);
    this.#scorer.add(this.#tallies.step);
    this.#scorer.merge(this.#tallies.step, this.#tallies.window);
    this.#last = step;
    if (++this.#steps === this.#length) this.closeWindow();
  }

  /** Ends the current window if it contains any steps. */
  closeWindow(): void {
    if (this.#steps === 0) return;
    this.#points.push({
      step: this.#last,
      loss: this.#scorer.loss(this.#tallies.window),
      metrics: this.#scorer.metrics(this.#tallies.window),
      ...this.penalty(),
    });
    this.#scorer.merge(this.#tallies.window, this.#tallies.epoch);
    this.#scorer.clear(this.#tallies.window);
    this.#steps = 0;
  }

  /** Loss of the last step that was counted. */
  lastLoss(): number {
    return this.#scorer.loss(this.#tallies.step);
  }

  /** Scores of the last step that was counted. */
  lastStep(): Pick<CurvePoint, 'step' | 'loss' | 'metrics'> {
    return {
      step: this.#last,
      loss: this.#scorer.loss(this.#tallies.step),
      metrics: this.#scorer.metrics(this.#tallies.step),
    };
  }

  penalty(): Pick<CurvePoint, 'penalty'> {
    const penalty = this.#penalty();
    return penalty === undefined ? {} : { penalty };
  }

  /** Whether a window was completed since `takePoints`. */
  get hasPoints(): boolean {
    return this.#points.length > 0;
  }

  /** The windows that were completed since the last call. */
  takePoints(): readonly CurvePoint[] {
    const points = this.#points;
    this.#points = [];
    return points;
  }

  /** Scores of all steps since `beginEpoch`. */
  endEpoch(): Scores {
    this.closeWindow();
    return this.#scorer.scores(this.#tallies.epoch);
  }
}

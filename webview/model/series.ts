/** The curves of a run: the windows of steps as the engine reported them, unsmoothed, and the scores of each epoch. */
import type { CurvePoint, Scores, TrainingEvent } from '../../engine/protocol/events.ts';

/** The most points that are drawn. A longer run drops every second point, because a chart has far fewer pixels. */
const capacity = 20_000;

export interface EpochPoint {
  readonly step: number;
  readonly epoch: number;
  readonly train: Scores;
  readonly test?: Scores;
}

type Step = Extract<TrainingEvent, { event: 'step' }>;

/** A gap in the curve where a value is missing or is not a number. */
const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

const scoreOf = ({ loss, metrics }: CurvePoint, metric: string): number | undefined =>
  metric === 'loss' ? loss : metrics[metric];

export class RunSeries {
  readonly epochs: EpochPoint[] = [];
  #points: CurvePoint[] = [];
  #window = 0;

  /** "loss" and the metrics, in the order of the run; none before the first point. */
  get metrics(): string[] {
    const [first] = this.#points;
    return first ? ['loss', ...Object.keys(first.metrics)] : [];
  }

  /** The number of steps that each point averages; the last one of an epoch may cover fewer. 0 before the first point. */
  get window(): number {
    return this.#window;
  }

  addStep({ points }: Pick<Step, 'points'>): void {
    for (const point of points) this.#points.push(point);
    this.#window ||= this.#points[0]?.step ?? 0;
    if (this.#points.length > capacity) this.#points = this.#points.filter((_, index) => index % 2 === 0);
  }

  addEpoch(point: EpochPoint): void {
    this.epochs.push(point);
  }

  /** Aligned columns: steps, training values of each window, test values after each epoch. */
  columns(metric: string): [number[], (number | null)[], (number | null)[]] {
    const points = this.#points;
    const test = this.epochs.filter((point) => point.test?.[metric] !== undefined);
    const x: number[] = [];
    const trainColumn: (number | null)[] = [];
    const testColumn: (number | null)[] = [];
    let i = 0;
    let j = 0;
    while (i < points.length || j < test.length) {
      const step = Math.min(
        points[i]?.step ?? Number.POSITIVE_INFINITY,
        test[j]?.step ?? Number.POSITIVE_INFINITY,
      );
      x.push(step);
      trainColumn.push(points[i]?.step === step ? finite(scoreOf(points[i++], metric)) : null);
      testColumn.push(test[j]?.step === step ? finite(test[j++].test?.[metric]) : null);
    }
    return [x, trainColumn, testColumn];
  }

  /** Values of the last window. */
  latest(metric: string): number | undefined {
    const point = this.#points.at(-1);
    return point && scoreOf(point, metric);
  }
}

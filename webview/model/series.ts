/** Curves of a run, bounded: when a curve is full, every second point goes and new ones come half as often. */
import type { Scores, TrainingEvent } from '../../engine/protocol/events.ts';

const capacity = 4000;

/** How much of the past a smoothed value keeps at each sampled step. */
const memory = 0.9;

export interface EpochPoint {
  readonly step: number;
  readonly epoch: number;
  readonly train: Scores;
  readonly test?: Scores;
}

type Step = Extract<TrainingEvent, { event: 'step' }>;

/** One measured quantity of the training batches, smoothed. */
class Curve {
  readonly values: number[] = [];
  #mean = 0;
  #weight = 0;

  smooth(value: number): number {
    if (!Number.isFinite(value)) return value;
    this.#mean = memory * this.#mean + (1 - memory) * value;
    this.#weight = memory * this.#weight + (1 - memory);
    return this.#mean / this.#weight;
  }
}

/** A gap in the curve where a value is missing or is no number. */
const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

export class RunSeries {
  readonly steps: number[] = [];
  readonly epochs: EpochPoint[] = [];
  readonly #curves = new Map<string, Curve>();
  #stride = 1;
  #seen = 0;

  get metrics(): string[] {
    return [...this.#curves.keys()];
  }

  addStep({ step, loss, metrics }: Step): void {
    const values = Object.entries({ loss, ...metrics });
    const smoothed = values.map(([name, value]) => [name, this.#curve(name).smooth(value)] as const);
    if (this.#seen++ % this.#stride !== 0) return;
    this.steps.push(step);
    for (const [name, value] of smoothed) this.#curve(name).values.push(value);
    if (this.steps.length >= capacity) this.#thin();
  }

  addEpoch(point: EpochPoint): void {
    this.epochs.push(point);
  }

  /** Aligned columns: steps, smoothed training values, test values after each epoch. */
  columns(metric: string): [number[], (number | null)[], (number | null)[]] {
    const train = this.#curves.get(metric)?.values ?? [];
    const test = this.epochs.filter((point) => point.test?.[metric] !== undefined);
    const x: number[] = [];
    const trainColumn: (number | null)[] = [];
    const testColumn: (number | null)[] = [];
    let i = 0;
    let j = 0;
    while (i < this.steps.length || j < test.length) {
      const step = Math.min(
        this.steps[i] ?? Number.POSITIVE_INFINITY,
        test[j]?.step ?? Number.POSITIVE_INFINITY,
      );
      x.push(step);
      trainColumn.push(this.steps[i] === step ? finite(train[i++]) : null);
      testColumn.push(test[j]?.step === step ? finite(test[j++].test?.[metric]) : null);
    }
    return [x, trainColumn, testColumn];
  }

  /** The latest smoothed value. */
  latest(metric: string): number | undefined {
    return this.#curves.get(metric)?.values.at(-1);
  }

  #curve(name: string): Curve {
    let curve = this.#curves.get(name);
    if (!curve) {
      curve = new Curve();
      for (let i = 0; i < this.steps.length; i++) curve.values.push(Number.NaN);
      this.#curves.set(name, curve);
    }
    return curve;
  }

  #thin(): void {
    const keepEven = <T>(values: T[]) => {
      for (let i = 0; 2 * i < values.length; i++) values[i] = values[2 * i];
      values.length = Math.ceil(values.length / 2);
    };
    keepEven(this.steps);
    for (const curve of this.#curves.values()) keepEven(curve.values);
    this.#stride *= 2;
    this.#seen = 0;
  }
}

/** Loss and metrics over any stretch of batches. */
import { type MetricDefinition, mergeSums } from '../metrics/define.ts';
import { metrics as registry } from '../metrics/registry.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { Scores } from '../protocol/events.ts';
import type { Described } from '../schema/kind.ts';
import type { TrainingSpec } from '../spec/document.ts';

/** A metric as it is applied to one loss. */
interface Measured {
  readonly name: string;
  readonly definition: MetricDefinition;
  readonly described: Described;
  readonly loss: number;
  /** How many sums it needs. */
  readonly sums: number;
}

/** What was counted in a stretch of batches. Tallies of successive stretches can be merged. */
export interface Tally {
  lossSum: number;
  samples: number;
  /** Running sums of each metric. */
  readonly metrics: readonly Float64Array[];
}

/** Counts batches, and turns what was counted into scores. */
export class Scorer {
  readonly #runtime: Runtime;
  readonly #metrics: readonly Measured[];

  constructor(runtime: Runtime, training: TrainingSpec) {
    this.#runtime = runtime;
    const { losses, layers, buffers } = runtime.plan;
    this.#metrics = losses.flatMap((loss, index) => {
      const prediction = buffers[loss.prediction].shape.slice(1);
      const chosen = training.metrics ?? loss.definition.metrics.map((type) => defaults(type));
      return chosen
        .map((described) => ({ described, definition: registry.get(described.type) }))
        .filter(({ definition }) => definition.fits(loss.inferred.target, prediction))
        .map(({ described, definition }) => ({
          name:
            losses.length > 1
              ? `${layers.find((one) => one.output === loss.prediction)?.layer.name ?? index}.${described.type}`
              : described.type,
          definition,
          described,
          loss: index,
          sums: definition.sums(described.attributes, prediction),
        }));
    });
  }

  tally(): Tally {
    return { lossSum: 0, samples: 0, metrics: this.#metrics.map(({ sums }) => new Float64Array(sums)) };
  }

  clear(tally: Tally): void {
    tally.lossSum = 0;
    tally.samples = 0;
    for (const sums of tally.metrics) sums.fill(0);
  }

  /** Counts the batch that was just run forward. */
  add(batch: number, loss: number, tally: Tally): void {
    tally.lossSum += loss * batch;
    tally.samples += batch;
    for (let i = 0; i < this.#metrics.length; i++) {
      const { definition, described, loss } = this.#metrics[i];
      const { prediction, target, lengths } = this.#runtime.lossPasses[loss];
      definition.add(
        { attributes: described.attributes, batch, prediction, target, lengths },
        tally.metrics[i],
      );
    }
  }

  merge(from: Tally, into: Tally): void {
    into.lossSum += from.lossSum;
    into.samples += from.samples;
    for (let i = 0; i < this.#metrics.length; i++)
      mergeSums(this.#metrics[i].definition, from.metrics[i], into.metrics[i]);
  }

  loss({ lossSum, samples }: Tally): number {
    return lossSum / Math.max(1, samples);
  }

  metrics(tally: Tally): { [name: string]: number } {
    return Object.fromEntries(
      this.#metrics.map(({ name, definition, described }, i) => [
        name,
        definition.value(tally.metrics[i], described.attributes),
      ]),
    );
  }

  scores(tally: Tally): Scores {
    return { loss: this.loss(tally), ...this.metrics(tally) };
  }
}

function defaults(type: string): Described {
  const reading = registry.read(type);
  if ('problems' in reading)
    throw new Error(`internal error: metric ${type} cannot be used without attributes`);
  return reading.value;
}

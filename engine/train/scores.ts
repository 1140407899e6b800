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
  /** Of each loss: its sum over what counts, and the weight of that. */
  readonly losses: Float64Array;
  readonly totals: Float64Array;
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
    const { length } = this.#runtime.plan.losses;
    return {
      losses: new Float64Array(length),
      totals: new Float64Array(length),
      metrics: this.#metrics.map(({ sums }) => new Float64Array(sums)),
    };
  }

  clear(tally: Tally): void {
    tally.losses.fill(0);
    tally.totals.fill(0);
    for (const sums of tally.metrics) sums.fill(0);
  }

  /** Counts the batch whose losses were just computed. */
  add(tally: Tally): void {
    const { lossSums, totals } = this.#runtime;
    for (let i = 0; i < lossSums.length; i++) {
      tally.losses[i] += lossSums[i];
      tally.totals[i] += totals[i];
    }
    for (let i = 0; i < this.#metrics.length; i++) {
      const { definition, described, loss } = this.#metrics[i];
      const { batch, prediction, target, lengths } = this.#runtime.lossPasses[loss];
      definition.add(
        { attributes: described.attributes, batch, prediction, target, lengths },
        tally.metrics[i],
      );
    }
  }

  merge(from: Tally, into: Tally): void {
    for (let i = 0; i < into.losses.length; i++) {
      into.losses[i] += from.losses[i];
      into.totals[i] += from.totals[i];
    }
    for (let i = 0; i < this.#metrics.length; i++)
      mergeSums(this.#metrics[i].definition, from.metrics[i], into.metrics[i]);
  }

  /** The weighted sum of all losses, each the mean over what counts in the whole stretch; NaN where nothing does. */
  loss({ losses, totals }: Tally): number {
    if (totals.every((total) => total === 0)) return Number.NaN;
    return this.#runtime.plan.losses.reduce(
      (sum, { spec }, i) => (totals[i] > 0 ? sum + (spec.weight * losses[i]) / totals[i] : sum),
      0,
    );
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

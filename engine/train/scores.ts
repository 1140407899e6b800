/** Loss and metrics over any sequence of batches. */

import { sizeOf } from '../layers/define.ts';
import type { Reading } from '../losses/define.ts';
import { type MetricDefinition, mergeSums } from '../metrics/define.ts';
import { misfitOfAll, type NamedLoss } from '../metrics/fit.ts';
import { metrics as registry } from '../metrics/registry.ts';
import { keyOf } from '../plan/layerLayout.ts';
import type { LossPlan, Plan } from '../plan/plan.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { Scores } from '../protocol/events.ts';
import type { Described } from '../schema/kind.ts';
import { ProblemError } from '../schema/problem.ts';
import type { TrainingSpec } from '../spec/document.ts';

/** A metric as it is applied to one loss. */
interface Measured {
  readonly name: string;
  readonly definition: MetricDefinition;
  readonly described: Described;
  readonly loss: number;
  /** Number of sums that it needs. */
  readonly sums: number;
  readonly rowsPerSample: number;
  readonly reading: Reading;
  counts(row: number): boolean;
}

/** The properties of a planned loss that metrics need. */
function judgedBy({ buffers }: Plan, { spec, definition, inferred, prediction }: LossPlan): NamedLoss {
  return {
    type: spec.type,
    from: keyOf(spec.from),
    reading: definition.reads(spec.attributes),
    prediction: buffers[prediction].shape.slice(1),
    target: inferred.target,
  };
}

/** Throws ProblemError for a metric that can be computed for none of the losses. */
export function checkMetrics(plan: Plan, { metrics = [] }: TrainingSpec): void {
  const judged = plan.losses.map((loss) => judgedBy(plan, loss));
  for (const [index, { type }] of metrics.entries()) {
    const message = misfitOfAll(type, judged);
    if (message !== undefined)
      throw new ProblemError('metric/misfit', message, ['training', 'metrics', index]);
  }
}

/** The layer that a loss judges, with its place in the list if several losses judge the same layer. */
function lossName({ losses }: Plan, index: number): string {
  const names = losses.map(({ spec }) => keyOf(spec.from));
  const alone = names.indexOf(names[index]) === names.lastIndexOf(names[index]);
  return alone ? names[index] : `${names[index]} ${index + 1}`;
}

/** Metrics by unique names. A metric that is requested with several settings has them in its name, e.g. "k=5.topK". */
function distinct(chosen: readonly Described[]): { readonly name: string; readonly described: Described }[] {
  const settingsOf = ({ attributes }: Described) =>
    Object.entries(attributes)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ');
  const named = chosen.map((described) => {
    const { type } = described;
    const settings = settingsOf(described);
    const alone = chosen.every((other) => other.type !== type || settingsOf(other) === settings);
    return { name: alone ? type : `${settings}.${type}`, described };
  });
  return named.filter(({ name }, index) => named.findIndex((other) => other.name === name) === index);
}

/** The metrics of every loss that they fit. */
function metricsOf(plan: Plan, training: TrainingSpec): Omit<Measured, 'counts'>[] {
  return plan.losses.flatMap((loss, index) => {
    const judged = judgedBy(plan, loss);
    const chosen = training.metrics ?? loss.definition.metrics.map((type) => defaults(type));
    return distinct(chosen).flatMap(({ name, described }) => {
      const definition = registry.get(described.type);
      if (definition.misfit(judged) !== undefined) return [];
      return [
        {
          name: plan.losses.length > 1 ? `${lossName(plan, index)}.${name}` : name,
          definition,
          described,
          loss: index,
          sums: definition.sums(described.attributes, judged.prediction),
          rowsPerSample: sizeOf(judged.prediction.slice(0, -1)),
          reading: judged.reading,
        },
      ];
    });
  });
}

/** Counts over a sequence of batches. Tallies of consecutive sequences can be merged. */
export interface Tally {
  /** For each loss: its sum over the elements that count, and their total weight. */
  readonly losses: Float64Array;
  readonly totals: Float64Array;
  /** Running sums of each metric. */
  readonly metrics: readonly Float64Array[];
}

/** Bytes of one tally. */
export const tallyBytes = (plan: Plan, training: TrainingSpec): number =>
  8 * metricsOf(plan, training).reduce((sum, { sums }) => sum + sums, 2 * plan.losses.length);

/** Counts batches, and turns what was counted into scores. */
export class Scorer {
  readonly #runtime: Runtime;
  readonly #metrics: readonly Measured[];

  constructor(runtime: Runtime, training: TrainingSpec) {
    this.#runtime = runtime;
    const { plan, lossPasses } = runtime;
    this.#metrics = metricsOf(plan, training).map((metric) => {
      const { definition } = plan.losses[metric.loss];
      return { ...metric, counts: (row) => definition.counts(lossPasses[metric.loss], row) };
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
      const { definition, described, loss, rowsPerSample, reading, counts } = this.#metrics[i];
      const { batch, prediction, target } = this.#runtime.lossPasses[loss];
      const rows = batch * rowsPerSample;
      definition.add(
        { attributes: described.attributes, rows, counts, prediction, target, reading },
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

  /** The weighted sum of all losses, each the mean over the elements that count in all batches; NaN if none do. */
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

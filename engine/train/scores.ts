/** Running scores over batches: mean loss, and the metrics that fit the task. */

import type { MetricDefinition } from '../metrics/define.ts';
import { metrics as registry } from '../metrics/registry.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { Scores } from '../protocol/events.ts';
import type { Described } from '../schema/kind.ts';
import type { TrainingSpec } from '../spec/document.ts';

interface Running {
  readonly name: string;
  readonly definition: MetricDefinition;
  readonly described: Described;
  readonly loss: number;
  readonly sums: Float64Array;
}

export class RunningScores {
  readonly #runtime: Runtime;
  readonly #metrics: readonly Running[];
  #lossSum = 0;
  #samples = 0;

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
          sums: new Float64Array(definition.sums(described.attributes, prediction)),
        }));
    });
  }

  restart(): void {
    this.#lossSum = 0;
    this.#samples = 0;
    for (const { sums } of this.#metrics) sums.fill(0);
  }

  /** Counts the batch that was just run forward. */
  add(batch: number, loss: number): void {
    this.#lossSum += loss * batch;
    this.#samples += batch;
    for (const { definition, described, loss: index, sums } of this.#metrics) {
      const { prediction, target, lengths } = this.#runtime.lossPasses[index];
      definition.add({ attributes: described.attributes, batch, prediction, target, lengths }, sums);
    }
  }

  read(): Scores {
    return { loss: this.#lossSum / Math.max(1, this.#samples), ...this.metrics() };
  }

  metrics(): { [name: string]: number } {
    return Object.fromEntries(
      this.#metrics.map(({ name, definition, described, sums }) => [
        name,
        definition.value(sums, described.attributes),
      ]),
    );
  }
}

function defaults(type: string): Described {
  const reading = registry.read(type);
  if ('problems' in reading)
    throw new Error(`internal error: metric ${type} cannot be used without attributes`);
  return reading.value;
}

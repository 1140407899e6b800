/**
 * Probes: measure activations and gradients while a step runs, right after each value is complete. All working
 * memory is set aside once; a reading is turned into plain statistics only when it is asked for.
 */
import { momentCount } from '../kernels/kernels.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import type { Plan } from '../plan/plan.ts';
import type { Probe, Runtime } from '../plan/runtime.ts';
import type { ActivationStats, GradientStats, LayerStats, NetworkStats, UpdateStats } from './statistics.ts';
import { TimeProbe } from './timeProbe.ts';

/** Places in a moments record, in the order of `momentNames`. */
const at = {
  count: 0,
  sum: 1,
  sumOfSquares: 2,
  min: 3,
  max: 4,
  zeros: 5,
  below: 6,
  above: 7,
  notFinite: 8,
} as const;

type Moments = Float64Array;

export class NetworkProbe implements Probe {
  readonly #plan: Plan;
  readonly #runtime: Runtime;
  readonly #activations: readonly Moments[];
  readonly #gradients: readonly Moments[];
  readonly #parameterGradients: readonly Moments[];
  readonly #parameters: readonly Moments[];
  readonly #updates: readonly Moments[];
  readonly #part: Moments = new Float64Array(momentCount);
  /** For layers that can die: 1 for each unit that was above zero since `restart`. */
  readonly #alive: readonly (Uint8Array | undefined)[];
  readonly #overTime: readonly (TimeProbe | undefined)[];
  #batch = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#plan = runtime.plan;
    const { layers } = runtime.plan;
    const records = () => layers.map(() => new Float64Array(momentCount));
    this.#activations = records();
    this.#gradients = records();
    this.#parameterGradients = records();
    this.#parameters = records();
    this.#updates = records();
    this.#alive = layers.map(({ layer }) => {
      const { output } = layer.inferred;
      return layer.definition.canDie ? new Uint8Array(output[output.length - 1] ?? 1) : undefined;
    });
    this.#overTime = layers.map(({ layer: { definition, inputShapes } }) =>
      definition.throughTime ? new TimeProbe(definition.throughTime, inputShapes[0][0]) : undefined,
    );
  }

  /** Forgets which units were alive: a new epoch. */
  restart(): void {
    for (const alive of this.#alive) alive?.fill(0);
  }

  /** Prepares for a step on `batch` samples. */
  begin(batch: number): void {
    this.#batch = batch;
  }

  activation(index: number): void {
    const { layer } = this.#plan.layers[index];
    const { output } = this.#runtime.passes[index];
    const { low, high } = layer.definition.rails ?? {};
    const values = output.data;
    const count = this.#count(output.shape);
    const { kernels } = this.#runtime.backend;
    kernels.moments(
      count,
      values,
      0,
      low ?? Number.NEGATIVE_INFINITY,
      high ?? Number.POSITIVE_INFINITY,
      this.#activations[index],
    );
    const alive = this.#alive[index];
    if (alive) markAlive(values, count, alive);
  }

  gradient(index: number): void {
    const { gradOutput } = this.#runtime.passes[index];
    this.#moments(gradOutput.data, this.#count(gradOutput.shape), this.#gradients[index]);
  }

  afterBackward(index: number): void {
    this.#overTime[index]?.measure(this.#runtime.passes[index]);
  }

  /** After the backward pass, before the update: parameter gradients, and a copy of the parameters. */
  beforeUpdate(): void {
    const { layers, previous, update } = this.#plan;
    layers.forEach((_, index) => {
      this.#sum(Object.values(this.#runtime.passes[index].gradParameters), this.#parameterGradients[index]);
      this.#sum(Object.values(this.#runtime.passes[index].parameters), this.#parameters[index]);
    });
    if (previous !== undefined && update)
      this.#runtime.tensor(previous).data.set(this.#runtime.tensor(update.parameters).data);
  }

  /** After the update: how far it moved each layer's parameters. */
  afterUpdate(): void {
    const { layers, previous, update, buffers } = this.#plan;
    if (previous === undefined || !update) return;
    const before = this.#runtime.tensor(previous).data;
    const base = buffers[update.parameters].offset;
    const bytes = before.BYTES_PER_ELEMENT;
    layers.forEach(({ parameters, backward }, index) => {
      const record = this.#updates[index].fill(0);
      if (!backward) return;
      for (const id of Object.values(parameters)) {
        const { offset, length } = buffers[id];
        const start = (offset - base) / bytes;
        if (start < 0 || start >= before.length) continue;
        const after = this.#runtime.tensor(id).data;
        for (let i = 0; i < length; i++) {
          const moved = after[i] - before[start + i];
          record[at.sumOfSquares] += moved * moved;
        }
        record[at.count] += length;
      }
    });
  }

  /** What the last probed step showed. */
  read(): NetworkStats {
    return Object.fromEntries(
      this.#plan.layers.map(({ layer }, index) => [layer.name, this.#layerStats(index)]),
    );
  }

  #layerStats(index: number): LayerStats {
    const { backward, parameters } = this.#plan.layers[index];
    const hasParameters = Object.keys(parameters).length > 0;
    const update = this.#updates[index];
    const overTime = backward ? this.#overTime[index] : undefined;
    return {
      activation: this.#activationStats(index),
      ...(backward ? { gradient: this.#gradientStats(index, hasParameters) } : {}),
      ...(update[at.count] > 0 ? { update: this.#updateStats(index) } : {}),
      ...(overTime && Object.keys(overTime.gates).length > 0 ? { gates: overTime.gates } : {}),
    };
  }

  #activationStats(index: number): ActivationStats {
    const record = this.#activations[index];
    const { rails } = this.#plan.layers[index].layer.definition;
    const count = Math.max(1, record[at.count]);
    const mean = record[at.sum] / count;
    const alive = this.#alive[index];
    return {
      mean,
      std: Math.sqrt(Math.max(0, record[at.sumOfSquares] / count - mean * mean)),
      min: record[at.min],
      max: record[at.max],
      zeroFraction: record[at.zeros] / count,
      ...(rails ? { saturatedFraction: (record[at.below] + record[at.above]) / count } : {}),
      ...(alive ? { deadFraction: alive.reduce((dead, one) => dead + 1 - one, 0) / alive.length } : {}),
    };
  }

  #gradientStats(index: number, hasParameters: boolean): GradientStats {
    const overTime = this.#overTime[index];
    const output = this.#gradients[index];
    const gradient = hasParameters ? this.#parameterGradients[index] : output;
    return {
      gradNorm: Math.sqrt(gradient[at.sumOfSquares]),
      gradRms: Math.sqrt(output[at.sumOfSquares] / Math.max(1, output[at.count])),
      ...(overTime ? { gradThroughTime: overTime.gradThroughTime } : {}),
    };
  }

  #updateStats(index: number): UpdateStats {
    const paramNorm = Math.sqrt(this.#parameters[index][at.sumOfSquares]);
    const moved = Math.sqrt(this.#updates[index][at.sumOfSquares]);
    return { paramNorm, updateRatio: paramNorm > 0 ? moved / paramNorm : 0 };
  }

  /** Elements in use of a batched tensor. */
  #count(shape: readonly number[]): number {
    let count = this.#batch;
    for (let axis = 1; axis < shape.length; axis++) count *= shape[axis];
    return count;
  }

  #moments(values: FloatArray, count: number, record: Moments): void {
    this.#runtime.backend.kernels.moments(
      count,
      values,
      0,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      record,
    );
  }

  #sum(tensors: readonly { readonly data: FloatArray }[], record: Moments): void {
    record.fill(0);
    for (const { data } of tensors) {
      this.#moments(data, data.length, this.#part);
      record[at.count] += this.#part[at.count];
      record[at.sumOfSquares] += this.#part[at.sumOfSquares];
      record[at.notFinite] += this.#part[at.notFinite];
    }
  }
}

/** Units lie along the last axis. Stops looking at a unit once it is known to be alive. */
function markAlive(values: FloatArray, count: number, alive: Uint8Array): void {
  const units = alive.length;
  let waiting = 0;
  for (let unit = 0; unit < units; unit++) waiting += 1 - alive[unit];
  for (let row = 0; row < count && waiting > 0; row += units)
    for (let unit = 0; unit < units; unit++)
      if (alive[unit] === 0 && values[row + unit] > 0) {
        alive[unit] = 1;
        waiting--;
      }
}

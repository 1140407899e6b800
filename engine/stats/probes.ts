/**
 * Probes: measure activations and gradients while a step runs, right after each value is complete. All working
 * memory is set aside once; a reading is turned into plain statistics only when it is asked for.
 */
import { momentAt as at, momentCount } from '../kernels/kernels.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import type { Plan } from '../plan/plan.ts';
import type { Probe, Runtime } from '../plan/runtime.ts';
import type { ActivationStats, GradientStats, LayerStats, NetworkStats, UpdateStats } from './statistics.ts';
import { TimeProbe } from './timeProbe.ts';

type Moments = Float64Array;

export class NetworkProbe implements Probe {
  readonly #plan: Plan;
  readonly #runtime: Runtime;
  readonly #activations: readonly Moments[];
  readonly #watched: readonly WatchedParameters[];
  /** Sum of squares of each layer's gradient with respect to its output, and over how many elements. */
  readonly #outputSquares: Float64Array;
  readonly #outputCounts: Float64Array;
  /** Sums of squares of each layer's parameter gradients, parameters and last update. */
  readonly #gradientSquares: Float64Array;
  readonly #parameterSquares: Float64Array;
  readonly #updateSquares: Float64Array;
  /** For layers that can die: 1 for each unit that was above zero since `restart`. */
  readonly #alive: readonly (Uint8Array | undefined)[];
  readonly #overTime: readonly (TimeProbe | undefined)[];
  #batch = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#plan = runtime.plan;
    const { layers } = runtime.plan;
    this.#activations = layers.map(() => new Float64Array(momentCount));
    this.#watched = layers.map((_, index) => watch(runtime, index));
    this.#outputSquares = new Float64Array(layers.length);
    this.#outputCounts = new Float64Array(layers.length);
    this.#gradientSquares = new Float64Array(layers.length);
    this.#parameterSquares = new Float64Array(layers.length);
    this.#updateSquares = new Float64Array(layers.length);
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
    if (alive) kernels.markPositive(count / alive.length, alive.length, values, alive);
  }

  gradient(index: number): void {
    const { data, shape } = this.#runtime.passes[index].gradOutput;
    const count = this.#count(shape);
    this.#outputSquares[index] = this.#runtime.backend.kernels.sumOfSquares(count, data, 0);
    this.#outputCounts[index] = count;
  }

  afterBackward(index: number): void {
    this.#overTime[index]?.measure(this.#runtime.passes[index]);
  }

  /** After the backward pass, before the update: parameter gradients, and a copy of the parameters. */
  beforeUpdate(): void {
    const { previous, update } = this.#plan;
    const { kernels } = this.#runtime.backend;
    this.#watched.forEach(({ parameters, gradients }, index) => {
      let [gradientSquares, parameterSquares] = [0, 0];
      for (const values of gradients) gradientSquares += kernels.sumOfSquares(values.length, values, 0);
      for (const values of parameters) parameterSquares += kernels.sumOfSquares(values.length, values, 0);
      this.#gradientSquares[index] = gradientSquares;
      this.#parameterSquares[index] = parameterSquares;
    });
    if (previous !== undefined && update)
      kernels.copy(this.#runtime.tensor(update.parameters).data, this.#runtime.tensor(previous).data);
  }

  /** After the update: how far it moved each layer's parameters. */
  afterUpdate(): void {
    const { previous } = this.#plan;
    if (previous === undefined) return;
    const before = this.#runtime.tensor(previous).data;
    const { kernels } = this.#runtime.backend;
    this.#watched.forEach(({ trained }, index) => {
      let squares = 0;
      for (const { values, start } of trained)
        squares += kernels.squaredDistance(values.length, values, 0, before, start);
      this.#updateSquares[index] = squares;
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
    const updated = this.#watched[index].trained.length > 0;
    const overTime = backward ? this.#overTime[index] : undefined;
    return {
      activation: this.#activationStats(index),
      ...(backward ? { gradient: this.#gradientStats(index, hasParameters) } : {}),
      ...(updated ? { update: this.#updateStats(index) } : {}),
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
    const outputSquares = this.#outputSquares[index];
    return {
      gradNorm: Math.sqrt(hasParameters ? this.#gradientSquares[index] : outputSquares),
      gradRms: Math.sqrt(outputSquares / Math.max(1, this.#outputCounts[index])),
      ...(overTime ? { gradThroughTime: overTime.gradThroughTime } : {}),
    };
  }

  #updateStats(index: number): UpdateStats {
    const paramNorm = Math.sqrt(this.#parameterSquares[index]);
    const moved = Math.sqrt(this.#updateSquares[index]);
    return { paramNorm, updateRatio: paramNorm > 0 ? moved / paramNorm : 0 };
  }

  /** Elements in use of a batched tensor. */
  #count(shape: readonly number[]): number {
    let count = this.#batch;
    for (let axis = 1; axis < shape.length; axis++) count *= shape[axis];
    return count;
  }
}

/** The parameters of one layer, as the probe looks at them. */
interface WatchedParameters {
  readonly parameters: readonly FloatArray[];
  readonly gradients: readonly FloatArray[];
  /** Those an update changes, and where each begins among all trained parameters. */
  readonly trained: readonly { readonly values: FloatArray; readonly start: number }[];
}

function watch(runtime: Runtime, index: number): WatchedParameters {
  const { layers, update, buffers } = runtime.plan;
  const { parameters, gradParameters } = runtime.passes[index];
  const all = update && buffers[update.parameters];
  const trained = Object.values(layers[index].backward ? layers[index].parameters : {}).flatMap((id) => {
    const values = runtime.tensor(id).data;
    const start = all ? (buffers[id].offset - all.offset) / values.BYTES_PER_ELEMENT : -1;
    return all && start >= 0 && start < all.length ? [{ values, start }] : [];
  });
  return {
    parameters: Object.values(parameters).map(({ data }) => data),
    gradients: Object.values(gradParameters).map(({ data }) => data),
    trained,
  };
}

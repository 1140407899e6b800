/**
 * Probes: measure activations and gradients while a step runs, right after each value is complete. All working
 * memory is set aside once; a reading is turned into plain statistics only when it is asked for.
 */
import { align, doublesOn, floatsOn } from '../kernels/backend.ts';
import { momentAt as at, type Kernels, momentCount } from '../kernels/kernels.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import type { Plan } from '../plan/plan.ts';
import type { Probe, Runtime } from '../plan/runtime.ts';
import type {
  ActivationStats,
  GradientStats,
  LayerStats,
  NetworkStats,
  UpdateStats,
} from '../protocol/statistics.ts';
import { TimeProbe } from './timeProbe.ts';
import { UpdateProbe, updateProbeBytes } from './updateProbe.ts';

export class NetworkProbe implements Probe {
  readonly #plan: Plan;
  readonly #runtime: Runtime;
  readonly #kernels: Kernels;
  readonly #outputs: readonly WatchedOutput[];
  /** Sum of squares of each layer's gradient with respect to its output, over as many elements as the output has. */
  readonly #gradientSquares: Float64Array;
  readonly #overTime: readonly (TimeProbe | undefined)[];
  readonly #update: UpdateProbe;
  #batch = 0;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#plan = runtime.plan;
    this.#kernels = runtime.backend.kernels;
    const { layers } = runtime.plan;
    this.#outputs = layers.map((_, index) => watch(runtime, index));
    this.#gradientSquares = new Float64Array(layers.length);
    this.#overTime = layers.map(({ layer: { definition, inputShapes } }) =>
      definition.throughTime
        ? new TimeProbe(definition.throughTime, inputShapes[0][0], runtime.backend)
        : undefined,
    );
    this.#update = new UpdateProbe(runtime);
  }

  /** Forgets which units were alive: a new epoch. */
  restart(): void {
    for (const { alive } of this.#outputs) alive?.fill(0);
  }

  /** Prepares for a step on `batch` samples. */
  begin(batch: number): void {
    this.#batch = batch;
  }

  activation(index: number): void {
    const { values, size, low, high, moments, alive } = this.#outputs[index];
    const count = this.#batch * size;
    this.#kernels.moments(count, values, 0, low, high, moments);
    if (alive) this.#kernels.markPositive(count / alive.length, alive.length, values, alive);
  }

  gradient(index: number): void {
    const { gradient, size } = this.#outputs[index];
    this.#gradientSquares[index] = this.#kernels.sumOfSquares(this.#batch * size, gradient, 0);
  }

  afterBackward(index: number): void {
    this.#overTime[index]?.measure(this.#runtime.passes[index]);
  }

  /** After the backward pass, before the update. */
  beforeUpdate(): void {
    this.#update.before();
  }

  afterUpdate(): void {
    this.#update.after();
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
    const change = this.#update.change(index);
    const overTime = backward ? this.#overTime[index] : undefined;
    return {
      activation: this.#activationStats(index),
      ...(backward ? { gradient: this.#gradientStats(index, hasParameters) } : {}),
      ...(change ? { update: updateStats(change) } : {}),
      ...(overTime && Object.keys(overTime.gates).length > 0 ? { gates: overTime.gates } : {}),
    };
  }

  #activationStats(index: number): ActivationStats {
    const { moments: record, alive } = this.#outputs[index];
    const { rails } = this.#plan.layers[index].layer.definition;
    const count = Math.max(1, record[at.count]);
    const mean = record[at.sum] / count;
    return {
      mean,
      std: Math.sqrt(Math.max(0, record[at.sumOfSquares] / count - mean * mean)),
      min: record[at.min],
      max: record[at.max],
      zeroFraction: record[at.zeros] / count,
      ...(rails ? { saturatedFraction: (record[at.below] + record[at.above]) / count } : {}),
      ...(alive ? { deadFraction: deadShare(alive) } : {}),
    };
  }

  #gradientStats(index: number, hasParameters: boolean): GradientStats {
    const overTime = this.#overTime[index];
    const squares = this.#gradientSquares[index];
    return {
      gradNorm: hasParameters ? this.#update.gradientNorm(index) : Math.sqrt(squares),
      gradRms: Math.sqrt(squares / Math.max(1, this.#batch * this.#outputs[index].size)),
      ...(overTime ? { gradThroughTime: overTime.gradThroughTime } : {}),
    };
  }
}

/** Of units that are marked 1 when alive. */
function deadShare(alive: FloatArray): number {
  let dead = alive.length;
  for (const one of alive) dead -= one;
  return dead / alive.length;
}

function updateStats({ parameters, change }: { parameters: number; change: number }): UpdateStats {
  return { paramNorm: parameters, updateRatio: parameters > 0 ? change / parameters : 0 };
}

/** The output of one layer, as the probe looks at it. */
interface WatchedOutput {
  readonly values: FloatArray;
  readonly gradient: FloatArray;
  /** Elements of one sample. */
  readonly size: number;
  /** Beyond these a value counts as saturated. */
  readonly low: number;
  readonly high: number;
  /** Raw sums, in the order of `momentAt`. */
  readonly moments: Float64Array;
  /** For a layer that can die: 1 for each unit that was above zero since `restart`. */
  readonly alive: FloatArray | undefined;
}

/** Bytes of the backend's memory that a probe of this plan takes. */
export function probeBytes({ layers, buffers, float }: Plan): number {
  const unit = float === 'float64' ? 8 : 4;
  const bytes = layers.map(({ layer: { definition }, output }) => {
    const { shape } = buffers[output];
    const alive = definition.canDie ? align(unit * shape[shape.length - 1]) : 0;
    return align(8 * momentCount) + alive + align(8 * 2 * (definition.throughTime?.gates.length ?? 0));
  });
  return bytes.reduce((sum, one) => sum + one, updateProbeBytes(layers.length));
}

function watch({ plan, passes, backend }: Runtime, index: number): WatchedOutput {
  const { definition } = plan.layers[index].layer;
  const { output, gradOutput } = passes[index];
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = definition.rails ?? {};
  const units = output.shape[output.shape.length - 1];
  return {
    values: output.data,
    gradient: gradOutput.data,
    size: output.shape.slice(1).reduce((product, size) => product * size, 1),
    low,
    high,
    moments: doublesOn(backend, momentCount),
    alive: definition.canDie ? floatsOn(backend, plan.float, units) : undefined,
  };
}

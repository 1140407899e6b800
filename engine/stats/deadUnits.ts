/**
 * Dead units: those never above zero in a whole pass over the training data. Every training step is examined,
 * independently of the clock, so the share is the same on every machine. This costs little, because a unit that was
 * above zero is not examined again in that pass.
 */
import { floatsOn } from '../kernels/backend.ts';
import type { FloatArray } from '../kernels/tensor.ts';
import type { Runtime, Watch } from '../plan/runtime.ts';
import { LayerOutput } from './layerOutput.ts';

interface Watched {
  readonly output: LayerOutput;
  /** [units]: 1 for each that was above zero in this pass. */
  readonly alive: FloatArray;
  /** Counts in the order of `countAt`. */
  readonly counts: Float64Array;
}

const countAt = {
  /** Units not yet above zero in this pass. */
  waiting: 0,
  /** Share of dead units in the last whole pass; NaN before there was one. */
  share: 1,
} as const;

/** Watches the outputs of all layers whose units can die. */
export class DeadUnits implements Watch {
  /** Examines every step; undefined if no unit can die. */
  readonly watch: Watch | undefined;
  readonly #runtime: Runtime;
  /** By layer; undefined where units cannot die. */
  readonly #layers: readonly (Watched | undefined)[];

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    const { backend, plan } = runtime;
    this.#layers = plan.layers.map(({ layer }, index) => {
      if (!layer.definition.canDie) return undefined;
      const output = new LayerOutput(runtime, index);
      const alive = floatsOn(backend, plan.float, output.units);
      return { output, alive, counts: Float64Array.of(output.units, Number.NaN) };
    });
    this.watch = this.#layers.some((layer) => layer) ? this : undefined;
  }

  /** All state that it keeps from step to step, by layer: "relu1/alive", "relu1/counts". */
  get memory(): ReadonlyMap<string, FloatArray> {
    const memory = new Map<string, FloatArray>();
    this.#layers.forEach((layer, index) => {
      if (!layer) return;
      const { name } = this.#runtime.plan.layers[index].layer;
      memory.set(`${name}/alive`, layer.alive);
      memory.set(`${name}/counts`, layer.counts);
    });
    return memory;
  }

  beginPass(): void {
    for (const layer of this.#layers) {
      layer?.alive.fill(0);
      if (layer) layer.counts[countAt.waiting] = layer.output.units;
    }
  }

  /** Call this after the forward step of the last batch of the pass. */
  endPass(): void {
    for (const layer of this.#layers)
      if (layer) layer.counts[countAt.share] = layer.counts[countAt.waiting] / layer.output.units;
  }

  activation(index: number, batch: number): void {
    const layer = this.#layers[index];
    if (!layer || layer.counts[countAt.waiting] === 0) return;
    const { output, alive, counts } = layer;
    const { units, values } = output;
    const { kernels } = this.#runtime.backend;
    for (const { offset, count } of output.spans(batch))
      if (count % units === 0)
        counts[countAt.waiting] = kernels.markPositive(count / units, units, values, offset, alive);
      else {
        // The units are the steps of the time axis, and this sample has fewer of them.
        kernels.markPositive(1, count, values, offset, alive);
        counts[countAt.waiting] = units;
        for (const mark of alive) counts[countAt.waiting] -= mark;
      }
  }

  /** The share of the last whole pass: null before there was one, undefined for a layer whose units cannot die. */
  share(index: number): number | null | undefined {
    const share = this.#layers[index]?.counts[countAt.share];
    return share !== undefined && Number.isNaN(share) ? null : share;
  }
}

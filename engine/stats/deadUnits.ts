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
  /** Units not yet above zero in this pass. */
  waiting: number;
  /** Share of dead units in the last whole pass; null before there was one. */
  share: number | null;
}

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
      return { output, alive, waiting: output.units, share: null };
    });
    this.watch = this.#layers.some((layer) => layer) ? this : undefined;
  }

  beginPass(): void {
    for (const layer of this.#layers) {
      layer?.alive.fill(0);
      if (layer) layer.waiting = layer.output.units;
    }
  }

  /** Call this after the forward step of the last batch of the pass. */
  endPass(): void {
    for (const layer of this.#layers) if (layer) layer.share = layer.waiting / layer.output.units;
  }

  activation(index: number, batch: number): void {
    const layer = this.#layers[index];
    if (!layer || layer.waiting === 0) return;
    const { output, alive } = layer;
    const { units, values } = output;
    const { kernels } = this.#runtime.backend;
    for (const { offset, count } of output.spans(batch))
      if (count % units === 0)
        layer.waiting = kernels.markPositive(count / units, units, values, offset, alive);
      else {
        // The units are the steps of the time axis, and this sample has fewer of them.
        kernels.markPositive(1, count, values, offset, alive);
        layer.waiting = units;
        for (const mark of alive) layer.waiting -= mark;
      }
  }

  /** The share of the last whole pass: null before there was one, undefined for a layer whose units cannot die. */
  share(index: number): number | null | undefined {
    return this.#layers[index]?.share;
  }
}

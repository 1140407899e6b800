/** Measures detailed statistics: on few steps, each at the right moment, into separate values. */
import type { FloatArray } from '../kernels/tensor.ts';
import { sizeOf } from '../layers/define.ts';
import { mostPixels } from '../layers/pictures.ts';
import type { DetailMoment, Span } from '../layers/statistic.ts';
import type { Plan } from '../plan/plan.ts';
import type { Runtime } from '../plan/runtime.ts';
import type { LayerStats, NetworkStats, Shape, ShapeValues } from '../schema/statistic.ts';
import { detailsOf } from './registry.ts';
import { parametersBefore } from './updateProbe.ts';

/** The most layers that are examined; in deeper networks, the first ones. */
const mostLayers = 256;
/** Pixels of all pictures of one detailed reading: about 100 kB in the log. */
const allPixels = 2 ** 17;

/** Approximate bytes of one detailed reading in the log: for each layer some histograms, and pictures of its weights and its output. */
export function detailBytes({ layers, buffers }: Plan): number {
  const pixels = pixelsOf(layers.length);
  return layers.slice(0, mostLayers).reduce((sum, { layer: { inferred }, parameters }) => {
    const weights = Object.values(parameters).reduce((length, id) => length + buffers[id].length, 0);
    const maps = inferred.output.length === 3 ? sizeOf(inferred.output) : 0;
    return sum + 1024 + Math.min(pixels, weights) + Math.min(pixels, maps);
  }, 0);
}

const pixelsOf = (layers: number): number =>
  Math.min(mostPixels, Math.floor(allPixels / (2 * Math.min(layers, mostLayers))));

export class DetailProbe {
  readonly #runtime: Runtime;
  readonly #pixels: number;
  readonly #values: { [statistic: string]: ShapeValues[Shape] }[];
  /** Copies of the trained parameters before the update, by layer and name. */
  readonly #before: readonly ({ readonly [name: string]: FloatArray } | undefined)[];

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#pixels = pixelsOf(runtime.plan.layers.length);
    this.#values = runtime.plan.layers.map(() => ({}));
    this.#before = runtime.plan.layers.map((_, index) => parametersBefore(runtime, index));
  }

  begin(): void {
    for (const index of this.#values.keys()) this.#values[index] = {};
  }

  look(after: DetailMoment, index: number, spans: readonly Span[]): void {
    if (index >= mostLayers) return;
    const { plan, passes } = this.#runtime;
    const before = this.#before[index];
    for (const statistic of detailsOf(plan.layers[index].layer.definition)) {
      if (statistic.after !== after) continue;
      const value = statistic.look(passes[index], {
        spans,
        pixels: this.#pixels,
        ...(before ? { before } : {}),
      });
      if (value !== undefined) this.#values[index][statistic.key] = value;
    }
  }

  /** The measurements since `begin`. */
  read(): NetworkStats {
    const { layers } = this.#runtime.plan;
    return Object.fromEntries(
      this.#values.map((values, index): [string, LayerStats] => [layers[index].layer.name, values]),
    );
  }
}

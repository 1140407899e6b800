/** Takes the measurements that statistics of single layers need in addition to the common passes. */
import { align, type Backend, doublesOn } from '../kernels/backend.ts';
import type { BackwardPass, LayerDefinition } from '../layers/define.ts';
import type { AnyMeasuredStatistic, MeasuredStatistic, SizedLayer, Span } from '../layers/statistic.ts';
import type { LayerStats, Shape, ShapeValues } from '../schema/statistic.ts';
import { measuredOf } from './registry.ts';

interface Measurement {
  readonly statistic: AnyMeasuredStatistic;
  readonly values: Float64Array;
}

export class OwnProbe {
  readonly #measurements: readonly Measurement[];
  readonly #backend: Backend;

  constructor(definition: LayerDefinition, layer: SizedLayer, backend: Backend) {
    this.#backend = backend;
    this.#measurements = measuredOf(definition).map((statistic) => ({
      statistic,
      values: doublesOn(backend, statistic.size(layer)),
    }));
  }

  get isEmpty(): boolean {
    return this.#measurements.length === 0;
  }

  measure(after: AnyMeasuredStatistic['after'], pass: BackwardPass, spans: readonly Span[]): void {
    this.#backend.afterKernels?.();
    for (const { statistic, values } of this.#measurements)
      if (statistic.after === after) statistic.measure(pass, values, spans);
  }

  /** Without measurements after backward if no gradient flows. */
  read(hasGradient: boolean): LayerStats {
    const stats: { [key: string]: ShapeValues[Shape] } = {};
    for (const { statistic, values } of this.#measurements)
      if (hasGradient || statistic.after === 'forward')
        stats[statistic.key] = (statistic as MeasuredStatistic).value(values);
    return stats;
  }
}

/** Bytes of the backend's memory that the measurements of a layer take. */
export const ownBytes = (definition: LayerDefinition, layer: SizedLayer): number =>
  measuredOf(definition).reduce((sum, { size }) => sum + align(8 * size(layer)), 0);
